const REPLACEMENT = 0xfffd;

/** The text in UTF-8. Half a surrogate pair becomes U+FFFD, as TextEncoder has it. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = pointAt(text, i);
    if (point > 0xffff) i++;
    if (point < 0x80) {
      bytes[at++] = point;
    } else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      if (point < 0x10000) {
        bytes[at++] = 0xe0 | (point >> 12);
      } else {
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes;
}

/** How many bytes the text has in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = pointAt(text, i);
    if (point > 0xffff) i++;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/**
 * The text of UTF-8 bytes from `start` to `end`. What is no UTF-8 becomes U+FFFD, one for each maximal broken
 * piece. `surrogates`: three bytes for a surrogate are read as one.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
  surrogates?: 'surrogates',
): string {
  let text = '';
  let at = start;
  while (at < end) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more =
      first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 ? 3 : 0;
    let point = more === 0 || first > 0xf4 ? -1 : first & (0x3f >> more);
    for (let k = 0; k < more && point >= 0; k++) {
      const next = at < end ? (bytes[at] as number) : 0;
      const [low, high] = k === 0 ? secondByte(first, surrogates !== undefined) : [0x80, 0xbf];
      if (next < low || next > high) {
        point = -1;
      } else {
        point = (point << 6) | (next & 0x3f);
        at++;
      }
    }
    text += String.fromCodePoint(point < 0 ? REPLACEMENT : point);
  }
  return text;
}

/** The bounds of the second byte: without them, overlong forms and surrogates would pass. */
function secondByte(first: number, surrogates: boolean): [number, number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed && !surrogates) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

function pointAt(text: string, i: number): number {
  const point = text.codePointAt(i) ?? REPLACEMENT;
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}
