import { decodeUtf8 } from '../core/utf8.ts';

/**
 * The text of a jute string. Java's encoder works per UTF-16 unit: half a surrogate pair is three bytes, a
 * pair is six. Such bytes come back here as what was written, where Java's decoder makes U+FFFD of them; the
 * four bytes that other clients send for a pair are read as one. What else is no UTF-8 becomes U+FFFD, as
 * there. Sources: BinaryOutputArchive.stringToByteBuffer, BinaryInputArchive.readString.
 */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end, 'surrogates');
}

/** How many bytes the text takes. */
export function textLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) length += unit < 0x800 ? 1 : 2;
  }
  return length;
}

/** Writes the text; `out` has `textLength` bytes of room from `start` on. */
export function writeText(text: string, out: Uint8Array, start: number): void {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      out[at++] = unit;
    } else if (unit < 0x800) {
      out[at++] = 0xc0 | (unit >> 6);
      out[at++] = 0x80 | (unit & 0x3f);
    } else {
      out[at++] = 0xe0 | (unit >> 12);
      out[at++] = 0x80 | ((unit >> 6) & 0x3f);
      out[at++] = 0x80 | (unit & 0x3f);
    }
  }
}
