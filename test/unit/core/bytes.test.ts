import { crc32 as referenceCrc } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../../../src/core/crc32.ts';
import { decodeUtf8, encodeUtf8, utf8Length } from '../../../src/core/utf8.ts';

test('a CRC-32 has the known value of the nine digits', () => {
  expect(crc32(encodeUtf8('123456789'))).toBe(0xcbf43926);
});

test('a CRC-32 goes on where the last one stopped', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const both = Uint8Array.from([...a, ...b]);
      expect(crc32(b, crc32(a))).toBe(crc32(both));
      if (referenceCrc !== undefined) expect(crc32(both)).toBe(referenceCrc(both));
    }),
  );
});

test('a text is the UTF-8 that the platform makes of it, and comes back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((u) => String.fromCharCode(u)) }),
      (text) => {
        const bytes = encodeUtf8(text);
        expect(bytes).toEqual(new TextEncoder().encode(text));
        expect(utf8Length(text)).toBe(bytes.length);
        expect(decodeUtf8(bytes)).toBe(wellFormed(text));
      },
    ),
  );
  expect(decodeUtf8(encodeUtf8('\u{1f600}'))).toBe('\u{1f600}');
});

test('bytes that are no UTF-8 are read as the platform reads them', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0xf0, 0xf4, 0x90, 0xff),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
      const bytes = Uint8Array.from(list);
      expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
    }),
    { numRuns: 1000 },
  );
});

/** The text with U+FFFD for each lone surrogate. */
function wellFormed(text: string): string {
  return [...text].map((c) => (c.length === 1 && c >= '\ud800' && c <= '\udfff' ? '\ufffd' : c)).join('');
}
