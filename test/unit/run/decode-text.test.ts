import { expect, test } from 'vitest';
import { decodeText } from '../../../src/run/decode-text.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const where = '(where it cannot be)';

test('text in UTF-8 is read, without the mark that some editors put before it', () => {
  expect(decodeText(bytes('title: caf\xc3\xa9'))).toBe('title: caf\u00e9');
  expect(decodeText(bytes('\xef\xbb\xbftitle'))).toBe('title');
  expect(decodeText(new Uint8Array())).toBe('');
});

test.each([
  ['Latin-1', 'title: caf\xe9\nseed: 1\n', 1, 11, 'the byte 0xE9'],
  ['Latin-1 further down', 't: \xc3\xa9\nu: \xc3\xa9\xfcx', 2, 5, 'the byte 0xFC'],
  ['Latin-1 after a mark', '\xef\xbb\xbf\xe9x', 1, 1, 'the byte 0xE9'],
  ['a file that is cut off', 'title: t\n\xe2\x82', 2, 1, 'the byte 0xE2'],
  ['half a pair', 'a\xed\xa0\x80b', 1, 2, 'the byte 0xED'],
  ['a byte that goes on from nothing', 'ab\x80', 1, 3, 'the byte 0x80'],
  ['UTF-16, low bytes first', '\xff\xfet\0i\0', 1, 1, 'UTF-16'],
  ['UTF-16, high bytes first', '\xfe\xff\0t\0i', 1, 1, 'UTF-16'],
])(`what is none is told by its place ${where}: %s`, (_what, text, line, column, found) => {
  expect(decodeText(bytes(text))).toEqual({ line, column, found: expect.stringContaining(found) });
});
