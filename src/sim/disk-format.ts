import type { Stream } from '../core/decisions.ts';
import type { Damaged, FileName, Stored } from '../node/env.ts';

/** How files of records become bytes, and bytes records. */
export interface DiskFormat<R extends Stored> {
  /** A record as it comes back from its bytes. */
  again(file: FileName, record: R): R;
  /** The bytes of a file that holds these records, damage included. */
  write(file: FileName, records: readonly (R | Damaged)[]): Uint8Array;
  /** What a process reads of a file, whose bytes come in pieces of any size. */
  read(file: FileName, pieces: Iterable<Uint8Array>): readonly (R | Damaged)[];
}

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
