import { byUnits } from '../core/order.ts';
import type { Damaged, FileName } from '../node/env.ts';
import type { ChunkRecord, DiskRecord, TxnRecord } from '../protocols/zab/messages.ts';
import { encodeEpoch } from '../wire/epoch-file.ts';
import { encode } from '../wire/jute-codec.ts';
import { encodeLogHeader, encodeLogRecord, paddedLogSize } from '../wire/log-file.ts';
import { encodeSnapshot } from '../wire/snapshot-file.ts';
import { loggedTxn } from '../wire/txn-record.ts';
import { brokenRecord } from './broken-record.ts';
import { snapshotContent } from './snapshot-chunks.ts';
import type { StoredDisk } from './stored-disk.ts';
import { TreeDigests } from './tree-digests.ts';
import { loggedTxnOf } from './txn-records.ts';

/** A file of a data directory as ZooKeeper writes it. */
export interface EncodedFile {
  readonly name: FileName;
  readonly pieces: Iterable<Uint8Array>;
  /** Its length; what the pieces leave of it are zeros, written ahead of use. */
  readonly size: number;
}

/** The header of every log that ZooKeeper writes. */
const LOG_HEADER = Object.freeze({ version: 2, dbid: 0n });

/** The path that ends the nodes of a snapshot, and the seal behind it. */
const END_BYTES = 18;

/** `zookeeper.preAllocSize` by default, bytes: by how much a log grows at a time. */
export const PREALLOCATED = 65536 * 1024;

/**
 * The files of `version-2` that a server with this disk would have, byte for byte: logs with the digests that
 * a leader writes behind transactions, snapshots with their seals, epochs. A record that is torn or damaged
 * is written as one. The service is ZooKeeper's.
 *
 * @param preallocated `zookeeper.preAllocSize`, bytes
 */
export function* encodeDisk(disk: StoredDisk, preallocated = PREALLOCATED): Generator<EncodedFile> {
  const digests = new TreeDigests(disk);
  for (const name of [...disk.files()].sort(byUnits)) {
    const records = disk.read(name);
    if (name.startsWith('log.')) yield logFile(name, records, digests, preallocated);
    else if (/^(snapshot|install)[.]/.test(name)) yield snapshotFile(name, records, digests);
    else yield epochFile(name, records);
  }
}

function logFile(
  name: FileName,
  records: readonly (DiskRecord | Damaged)[],
  digests: TreeDigests,
  preallocated: number,
): EncodedFile {
  const encoded = records.map((record) =>
    record.kind === 'damaged'
      ? brokenRecord(record)
      : encodeLogRecord(
          encode(loggedTxn, loggedTxnOf(record as TxnRecord, digests.behind(record as TxnRecord))),
        ),
  );
  const size = paddedLogSize(
    encoded.map(({ length }) => length),
    preallocated,
  );
  return { name, pieces: [encodeLogHeader(LOG_HEADER), ...encoded], size };
}

/** Without its seal it is written up to where it came: a start passes it over. */
function snapshotFile(
  name: FileName,
  records: readonly (DiskRecord | Damaged)[],
  digests: TreeDigests,
): EncodedFile {
  const chunks = records.filter((record): record is ChunkRecord => record.kind === 'chunk');
  const whole = records.at(-1)?.kind === 'seal' && chunks.length === records.length - 1;
  const content = snapshotContent(
    chunks.map(({ chunk }) => chunk),
    whole ? digests.ofSnapshot(name) : undefined,
  );
  const pieces = [...encodeSnapshot(content)];
  if (!whole) cutEnd(pieces, END_BYTES);
  return { name, pieces, size: pieces.reduce((sum, { length }) => sum + length, 0) };
}

/** Takes this many bytes from the end of the last pieces. */
function cutEnd(pieces: Uint8Array[], count: number): void {
  for (let left = count; left > 0; ) {
    const last = pieces.pop() as Uint8Array;
    if (last.length > left) pieces.push(last.subarray(0, last.length - left));
    left -= last.length;
  }
}

function epochFile(name: FileName, records: readonly (DiskRecord | Damaged)[]): EncodedFile {
  const [record] = records;
  const bytes = record?.kind === 'epoch' ? encodeEpoch(record.position) : new Uint8Array(0);
  return { name, pieces: [bytes], size: bytes.length };
}
