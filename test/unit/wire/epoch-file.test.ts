import { expect, test } from 'vitest';
import { decodeEpoch } from '../../../src/wire/epoch-file.ts';

const read = (text: string): number => decodeEpoch(new Uint8Array(Buffer.from(text)));

test('an epoch is the number on the first line', () => {
  expect([read('1'), read('17\n'), read('3\r\nrest'), read('+4'), read('007')]).toEqual([1, 17, 3, 4, 7]);
});

test.each([
  ['', /the file is empty/],
  ['\n1', /holds no number/],
  ['one', /holds no number/],
  ['1 ', /holds no number/],
  ['-1', /an epoch of -1/],
  ['2097152', /an epoch of 2097152/],
  ['99999999999999999999', /holds no number/],
])('%j is no epoch', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
