const SLAB_BYTES = 8192;
/** Longer copies have memory of their own. */
const SMALL_BYTES = 1024;

let slab = new Uint8Array(SLAB_BYTES);
let used = 0;

/**
 * A copy of the bytes from `start` up to, not with, `end`. Small ones share memory with others that were made
 * about then: what an allocation outside of the heap costs is many times what most messages cost else. Nobody
 * may look at the whole of the memory behind a copy (`buffer` of an array).
 */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > SMALL_BYTES) return bytes.slice(start, end);
  if (used + length > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const copy = slab.subarray(used, used + length);
  used += length;
  // Byte by byte: `set` would need another view, of the source.
  for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number;
  return copy;
}
