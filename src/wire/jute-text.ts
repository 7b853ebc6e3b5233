import { WireError } from './wire-error.ts';

/**
 * The text of a jute string. Java's encoder works per UTF-16 unit: half a surrogate pair is three bytes, a
 * pair is six. Such bytes come back here as what was written, where Java's decoder makes U+FFFD of them; the
 * four bytes that other clients send for a pair are read as one. All else that is no UTF-8 is a `WireError`.
 * Source: BinaryOutputArchive.stringToByteBuffer.
 *
 * @param base where the bytes of an error are counted from
 */
export function readText(bytes: Uint8Array, start: number, end: number, base = 0): string {
  let text = '';
  let at = start;
  while (at < end) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at++;
      continue;
    }
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || at + more >= end) throw noText(at - base);
    let point = first & (0x3f >> more);
    for (let k = 1; k <= more; k++) {
      const next = bytes[at + k] as number;
      if ((next & 0xc0) !== 0x80) throw noText(at - base);
      point = (point << 6) | (next & 0x3f);
    }
    // A form that is longer than it need be, or beyond the last code point.
    if ((more === 2 && point < 0x800) || (more === 3 && (point < 0x10000 || point > 0x10ffff))) {
      throw noText(at - base);
    }
    text += String.fromCodePoint(point);
    at += more + 1;
  }
  return text;
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

function noText(at: number): WireError {
  return new WireError('text', at, 'a string holds bytes that are no UTF-8');
}
