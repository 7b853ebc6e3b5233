import type { Damaged, FileName } from '../node/env.ts';
import type { ChunkRecord, DiskRecord, EpochRecord, SealRecord } from '../protocols/zab/messages.ts';
import { decodeEpoch } from '../wire/epoch-file.ts';
import { LogReader } from '../wire/log-file.ts';
import { SnapshotReader } from '../wire/snapshot-file.ts';
import { WireError } from '../wire/wire-error.ts';
import { type DataDirectory, type DataFile, filesOf } from './data-directory.ts';
import { loggedTxns } from './logged-txns.ts';
import { connectedChunks } from './snapshot-chunks.ts';
import type { DiskFiles } from './stored-disk.ts';
import { packedZxid, txnRecordOf } from './txn-records.ts';

type Stored = DiskRecord | Damaged;

/**
 * What a simulated server finds on a disk that a real one left: what was torn or damaged is so here, and a
 * snapshot that is not whole has no seal. An empty newest log counts as not there, as since ZooKeeper 3.9.3.
 * What was logged twice, as by a server that synchronized, is there once.
 *
 * @throws WireError for numbers that our code cannot hold, such as an epoch above 2²¹−1
 */
export function decodeDisk(directory: DataDirectory): DiskFiles {
  const files = new Map<FileName, readonly Stored[]>();
  for (const name of ['acceptedEpoch', 'currentEpoch']) {
    if (directory.names.includes(name)) files.set(name, [epochRecord(directory, name)]);
  }
  for (const file of filesOf(directory, 'snapshot')) {
    files.set(`snapshot.${file.zxid.toString(16)}`, snapshotRecords(directory, file));
  }
  const logs = filesOf(directory, 'log').filter(
    ({ name }, i, all) => i < all.length - 1 || directory.sizeOf(name) > 0,
  );
  let last = 0;
  for (const file of logs) {
    const records: Stored[] = [];
    for (const record of logRecords(directory, file)) {
      if (record.kind === 'txn' && record.position <= last) continue;
      records.push(record);
      last = Math.max(last, record.position);
    }
    files.set(`log.${file.zxid.toString(16)}`, records);
  }
  return files;
}

function epochRecord(directory: DataDirectory, name: string): Stored {
  try {
    for (const piece of directory.open(name)) {
      const epoch = decodeEpoch(piece);
      const record: EpochRecord = { kind: 'epoch', position: epoch, digest: epoch };
      return record;
    }
  } catch (error) {
    if (!(error instanceof WireError) || error.problem === 'range') throw error;
  }
  return { kind: 'damaged', how: 'flipped', position: 0, digest: 0 };
}

function snapshotRecords(directory: DataDirectory, file: DataFile): readonly Stored[] {
  const position = packedZxid(file.zxid, `the zxid of ${file.name}`);
  const records: (ChunkRecord | SealRecord)[] = [];
  let sum = 0;
  try {
    const reader = new SnapshotReader(directory.open(file.name));
    reader.header();
    for (const chunk of connectedChunks(reader)) {
      records.push({ kind: 'chunk', position, digest: chunk.digest, chunk });
      sum = (sum + chunk.digest) >>> 0;
    }
    reader.trailer();
    records.push({ kind: 'seal', position, digest: sum });
  } catch (error) {
    if (!(error instanceof WireError) || error.problem === 'range') throw error;
  }
  return records;
}

function logRecords(directory: DataDirectory, file: DataFile): readonly Stored[] {
  const records: Stored[] = [];
  const broken = (how: Damaged['how']): Damaged => ({
    kind: 'damaged',
    how,
    position: (records.at(-1)?.position ?? packedZxid(file.zxid, `the zxid of ${file.name}`) - 1) + 1,
    digest: 0,
  });
  const reader = new LogReader(directory.open(file.name));
  if (reader.header() === undefined) return [broken('flipped')];
  for (const { txn, problem } of loggedTxns(reader)) {
    if (txn === undefined || problem !== '') return [...records, broken('flipped')];
    records.push(txnRecordOf(txn));
  }
  if (reader.end?.kind === 'torn') records.push(broken('torn'));
  if (reader.end?.kind === 'damaged') records.push(broken('flipped'));
  return records;
}
