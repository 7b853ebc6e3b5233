import type { Stream } from '../core/decisions.ts';

/** The most places at which the bytes of a file part. */
const MOST_CUTS = 6;

/** The bytes in drawn pieces. */
export function drawnPieces(bytes: Uint8Array, stream: Stream): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let left = bytes;
  for (let cuts = stream.draw(MOST_CUTS); cuts > 0 && left.length > 1; cuts--) {
    const at = 1 + stream.draw(left.length - 1);
    pieces.push(left.subarray(0, at));
    left = left.subarray(at);
  }
  pieces.push(left);
  return pieces;
}
