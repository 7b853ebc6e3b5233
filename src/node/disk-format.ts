import type { Damaged, FileName, Stored } from './env.ts';

/** How files of records become bytes, and bytes records. */
export interface DiskFormat<R extends Stored> {
  /** A record as it comes back from its bytes. */
  again(file: FileName, record: R): R;
  /** The bytes of a file that holds these records, damage included. */
  write(file: FileName, records: readonly (R | Damaged)[]): Uint8Array;
  /** What a process reads of a file, whose bytes come in pieces of any size. */
  read(file: FileName, pieces: Iterable<Uint8Array>): readonly (R | Damaged)[];
}

/** The same for files that are written bit by bit, as a process does that is not simulated. */
export interface FileFormat<R extends Stored> extends DiskFormat<R> {
  /** Whether a file grows record by record: a log does. Any other is written as a whole. */
  grows(file: FileName): boolean;
  /** What stands before the first record of a file that grows. */
  readonly head: Uint8Array;
  /** What an intact record adds to such a file. */
  record(record: R): Uint8Array;
  /** Where each intact record of such a file ends, as an offset from its beginning. */
  ends(pieces: Iterable<Uint8Array>): number[];
}
