/** Where bytes are no text. */
export interface BadByte {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** What stands there, in words. */
  readonly found: string;
}

/** The text that bytes are in UTF-8, without a byte order mark; or where they begin to be none. */
export function decodeText(bytes: Uint8Array): string | BadByte {
  return textOf(bytes, false) ?? firstBad(bytes);
}

/** @param begun whether the last character may be cut off; it is left out then */
function textOf(bytes: Uint8Array, begun: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: begun });
  } catch {
    return undefined;
  }
}

function firstBad(bytes: Uint8Array): BadByte {
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (textOf(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  // What follows the last whole character is where it goes wrong: at its first byte, not at its last.
  const before = textOf(bytes.subarray(0, good), true) ?? '';
  const place = { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { ...place, found: 'UTF-16' };
  const mark = first === 0xef && second === 0xbb ? 3 : 0;
  const byte = bytes[mark + new TextEncoder().encode(before).length] ?? 0;
  return { ...place, found: `the byte 0x${byte.toString(16).toUpperCase()} where it cannot be` };
}
