import { WireError } from '../wire/wire-error.ts';

/** What snappy-java writes first: a mark, its version, and the oldest version that can read it. */
const MARK = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0];

const HEADER_BYTES = 16;

/**
 * The content of a snapshot that was compressed with snappy: blocks, each behind its length. The header may
 * come again where two such streams were joined.
 *
 * @param uncompress opens one block; what it throws becomes a `WireError`
 * @throws WireError for a file that is cut off or damaged
 */
export function* unframeSnappy(
  bytes: Uint8Array,
  uncompress: (block: Uint8Array) => Uint8Array,
): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isHeader(bytes, 0)) throw new WireError('unknown', 0, 'the file does not begin like a snappy stream');
  let at = 0;
  while (at < bytes.length) {
    if (isHeader(bytes, at)) {
      at += HEADER_BYTES;
      continue;
    }
    const length = at + 4 <= bytes.length ? view.getInt32(at) : -1;
    if (length < 0 || at + 4 + length > bytes.length) {
      throw new WireError('truncated', at, 'the file ends in the middle of a block');
    }
    const block = bytes.subarray(at + 4, at + 4 + length);
    try {
      yield uncompress(block);
    } catch (error) {
      throw new WireError('unknown', at, `a block cannot be decompressed: ${(error as Error).message}`);
    }
    at += 4 + length;
  }
}

function isHeader(bytes: Uint8Array, at: number): boolean {
  return at + HEADER_BYTES <= bytes.length && MARK.every((byte, i) => bytes[at + i] === byte);
}
