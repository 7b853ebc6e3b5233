import { chain32 } from '../../core/digest.ts';
import { makeZxid, ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { Txn } from '../../node/content.ts';
import type { FileName } from '../../node/env.ts';
import { NO_SESSION } from '../../node/ids.ts';
import type { Protocol } from '../../node/protocol.ts';
import type { StateMachine } from '../../node/service.ts';
import type { ZabConfig } from './config.ts';
import { zabLanguage } from './language.ts';
import type { ChunkRecord, DiskRecord, EpochRecord, SealRecord, TxnRecord, WireMessage } from './messages.ts';
import { Peer } from './peer.ts';

/** ZooKeeper's atomic broadcast, as a plug-in of the simulator. */
export const zab: Protocol<ZabConfig, WireMessage, DiskRecord> = {
  name: 'zab',
  language: zabLanguage,
  createNode: (config, env, service) => new Peer(config, env, service),
};

/** What a server's disk holds before its first start. */
export interface DiskContent {
  /** Undefined: no file. */
  readonly acceptedEpoch: number | undefined;
  readonly currentEpoch: number | undefined;
  /** Logged transactions, ascending. */
  readonly log: readonly Zxid[];
  /**
   * A snapshot that covers what the log holds up to this zxid; undefined: only the empty one of the first
   * start.
   */
  readonly snapshot: Zxid | undefined;
}

/**
 * Lays out a disk as a server that lived before would have left it. Equal zxids are equal transactions on
 * every server.
 *
 * @param txnAt the service's transaction for a zxid
 * @param machine an empty state machine, for the snapshot
 */
export function diskFiles(
  content: DiskContent,
  txnAt: (zxid: Zxid) => Txn,
  machine: StateMachine,
): Map<FileName, DiskRecord[]> {
  const files = new Map<FileName, DiskRecord[]>();
  const { acceptedEpoch, currentEpoch, log, snapshot } = content;
  if (acceptedEpoch !== undefined) files.set('acceptedEpoch', [epochRecord(acceptedEpoch)]);
  if (currentEpoch !== undefined) files.set('currentEpoch', [epochRecord(currentEpoch)]);
  const records = log.map((zxid) => txnRecord(zxid, txnAt(zxid)));
  const [first] = records;
  if (first !== undefined) files.set(`log.${first.position.toString(16)}`, records);
  if (first === undefined && snapshot === undefined && acceptedEpoch === undefined) return files;
  const covered = snapshot ?? ZERO_ZXID;
  for (const record of records) if (record.position <= covered) machine.apply(record.txn, record.position);
  files.set(`snapshot.${covered.toString(16)}`, snapshotRecords(covered, machine));
  return files;
}

function snapshotRecords(zxid: Zxid, machine: StateMachine): DiskRecord[] {
  const records: DiskRecord[] = [];
  const cursor = machine.capture();
  let digest = 0;
  for (let chunk = cursor.next(); chunk !== undefined; chunk = cursor.next()) {
    digest = (digest + chunk.digest) >>> 0;
    const record: ChunkRecord = { kind: 'chunk', position: zxid, digest: chunk.digest, chunk };
    records.push(record);
  }
  const seal: SealRecord = { kind: 'seal', position: zxid, digest };
  records.push(seal);
  return records;
}

function txnRecord(zxid: Zxid, txn: Txn): TxnRecord {
  return { kind: 'txn', position: zxid, digest: txn.digest, session: NO_SESSION, cxid: 0, timeMs: 0, txn };
}

function epochRecord(epoch: number): EpochRecord {
  return { kind: 'epoch', position: makeZxid(0, epoch), digest: chain32(0, epoch) };
}
