import { chain32 } from '../../core/digest.ts';
import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { Txn } from '../../node/content.ts';
import type { FileName } from '../../node/env.ts';
import { NO_SESSION, type NodeId } from '../../node/ids.ts';
import type { Protocol } from '../../node/protocol.ts';
import type { StateMachine } from '../../node/service.ts';
import type { RaftConfig } from './config.ts';
import { raftLanguage } from './language.ts';
import type { DiskRecord, PromiseRecord, TxnRecord, WireMessage } from './messages.ts';
import { Server } from './server.ts';
import { snapshotRecords } from './snapshots.ts';

/**
 * Raft, as a plug-in of the simulator. Source: Ongaro and Ousterhout, "In Search of an Understandable
 * Consensus Algorithm" (extended version, 2014), cited as §; Ongaro's thesis (2014), cited as such.
 *
 * A leader is elected for a term. It alone appends to the log, and the others' logs are made equal to its
 * own; what a majority holds is committed. Two rules make that safe: a vote goes only to a log that is not
 * behind the voter's, so that a leader has all that is committed; and a leader counts replicas only of
 * entries of its own term, since a majority that holds an older entry may still be overruled by a log that
 * ends in a newer term (Figure 8).
 *
 * Who votes is itself said by entries of the log, one server more or less with each (thesis, chapter 4): a
 * server goes by the newest one that it has, committed or not. Majorities of neighbouring configurations have
 * a server in common, so that no two of them can decide apart.
 *
 * What is told of a server is told in the words of all protocols here: a term is an epoch, an entry's
 * position is ⟨term, index⟩, a vote is the promise of an epoch to one leader, and a leader is established
 * when the first entry of its term is committed, and with it all that it began with.
 */
export const raft: Protocol<RaftConfig, WireMessage, DiskRecord> = {
  name: 'raft',
  language: raftLanguage,
  createNode: (config, env, service) => new Server(config, env, service),
};

/** What a server's disk holds before its first start. */
export interface DiskContent {
  /** The term; undefined: as high as the last entry's. */
  readonly term: number | undefined;
  readonly votedFor: NodeId;
  /** Positions of the entries, ascending; indexes follow one another. */
  readonly log: readonly Zxid[];
  /** A snapshot of all up to this entry of the log, if any. */
  readonly snapshot: Zxid | undefined;
}

/**
 * Lays out a disk as a server that lived before would have left it. Equal positions are equal entries on
 * every server.
 *
 * @param txnAt the service's transaction for a position
 * @param machine an empty state machine, for the snapshot
 */
export function diskFiles(
  content: DiskContent,
  txnAt: (zxid: Zxid) => Txn,
  machine: StateMachine,
): Map<FileName, DiskRecord[]> {
  const files = new Map<FileName, DiskRecord[]>();
  const { term, votedFor, log, snapshot } = content;
  const lastTerm = Math.floor((log.at(-1) ?? ZERO_ZXID) / 4294967296);
  if (term !== undefined || log.length > 0 || snapshot !== undefined) {
    const promise: PromiseRecord = {
      kind: 'promise',
      position: term ?? lastTerm,
      digest: chain32(term ?? lastTerm, votedFor) >>> 1,
      votedFor,
    };
    files.set('promise', [promise]);
  }
  const records = log.map((zxid) => txnRecord(zxid, txnAt(zxid)));
  const [first] = records;
  if (first !== undefined) files.set(`log.${first.position.toString(16)}`, records);
  if (snapshot === undefined) return files;
  for (const record of records) if (record.position <= snapshot) machine.apply(record.txn, record.position);
  files.set(`snapshot.${snapshot.toString(16)}`, snapshotRecords(snapshot, machine));
  return files;
}

function txnRecord(position: Zxid, txn: Txn): TxnRecord {
  return { kind: 'txn', position, digest: txn.digest, session: NO_SESSION, cxid: 0, timeMs: 0, txn };
}
