import { counterOf, epochOf, type Zxid } from '../../core/zxid.ts';
import type { SyncMode } from '../../node/facts.ts';
import type { TxnRecord } from './messages.ts';

/** What the choice depends on: the leader's history, seen at one instant. */
export interface LeaderHistory {
  /** The last zxid in the leader's memory. */
  readonly lastProcessed: Zxid;
  /** Recent committed transactions, oldest first: those in memory and those not yet applied. */
  readonly committed: readonly TxnRecord[];
  /**
   * The log from disk, for a learner behind `committed`: every record of the file that may hold `zxid` and of
   * the later ones, oldest first. Undefined when the log may not serve, because too much of it would have to
   * be sent.
   */
  readonly fromDisk: (zxid: Zxid) => Iterable<TxnRecord> | undefined;
  readonly forceSnapshot: boolean;
}

/** How a learner catches up. */
export interface SyncPlan {
  readonly mode: SyncMode;
  /** The zxid in the DIFF, TRUNC or SNAP packet. */
  readonly zxid: Zxid;
  /** The committed transactions to send after it, oldest first. */
  readonly txns: readonly TxnRecord[];
  /** Where the learner will be after them: what is newer is forwarded to it live. */
  readonly upTo: Zxid;
}

/**
 * Chooses how a learner whose history ends at `peer` catches up: DIFF sends the missing transactions, TRUNC
 * cuts a diverged tail first, SNAP sends everything. A counter of 0 means that the learner has nothing of
 * that epoch; TRUNC never crosses an epoch. Source: LearnerHandler.syncFollower, queueCommittedProposals;
 * ZOOKEEPER-1154, -2033.
 *
 * Unlike upstream, transactions that are committed but not yet applied count as history here: a learner that
 * reconnects with one of them on its disk, acknowledged, is not told to cut it.
 */
export function chooseSync(peer: Zxid, history: LeaderHistory): SyncPlan {
  const { lastProcessed, committed } = history;
  if (history.forceSnapshot) return snap(lastProcessed);
  const min = committed[0]?.position ?? lastProcessed;
  const max = committed.at(-1)?.position ?? lastProcessed;
  const startsEpoch = counterOf(peer) === 0;
  if (peer === lastProcessed) return { mode: 'diff', zxid: peer, txns: [], upTo: peer };
  if (peer > max && !startsEpoch) return { mode: 'trunc', zxid: max, txns: [], upTo: max };
  if (peer >= min && peer <= max) return walk(committed, peer, max) ?? snap(lastProcessed);
  if (peer < min) {
    const log = history.fromDisk(peer);
    const plan = log === undefined ? undefined : walkDisk(log, committed, peer, min, max);
    if (plan !== undefined) return plan;
  }
  return snap(lastProcessed);
}

function snap(lastProcessed: Zxid): SyncPlan {
  return { mode: 'snap', zxid: lastProcessed, txns: [], upTo: lastProcessed };
}

/** The log on disk up to and with `min`, then the transactions in memory; undefined when they do not join. */
function walkDisk(
  log: Iterable<TxnRecord>,
  committed: readonly TxnRecord[],
  peer: Zxid,
  min: Zxid,
  max: Zxid,
): SyncPlan | undefined {
  const records: TxnRecord[] = [];
  for (const record of log) {
    if (record.position > min) break;
    records.push(record);
  }
  const [first] = records;
  if (first === undefined || first.position > peer || records.at(-1)?.position !== min) return undefined;
  const all = records.concat(committed[0]?.position === min ? committed.slice(1) : committed);
  // The log of this server may have a hole where it was itself brought up to date by a snapshot
  // (ZOOKEEPER-2099).
  for (let i = 1; i < all.length; i++) if (!follows(all[i - 1], all[i])) return undefined;
  return walk(all, peer, max);
}

function follows(before: TxnRecord | undefined, record: TxnRecord | undefined): boolean {
  if (before === undefined || record === undefined) return false;
  return record.position === before.position + 1 || epochOf(record.position) > epochOf(before.position);
}

/**
 * Walks the leader's history past the learner's last zxid. If the learner has it, or has nothing of its
 * epoch, the rest is a DIFF; if not, its tail is cut back to the entry before, unless the next one is of
 * another epoch.
 */
function walk(records: readonly TxnRecord[], peer: Zxid, max: Zxid): SyncPlan | undefined {
  let i = 0;
  while (i < records.length && (records[i]?.position ?? 0) < peer) i++;
  const next = records[i];
  if (next === undefined)
    return counterOf(peer) === 0 ? { mode: 'diff', zxid: max, txns: [], upTo: peer } : undefined;
  if (next.position === peer) return { mode: 'diff', zxid: max, txns: records.slice(i + 1), upTo: max };
  if (counterOf(peer) === 0) return { mode: 'diff', zxid: max, txns: records.slice(i), upTo: max };
  const before = records[i - 1];
  if (before === undefined || epochOf(next.position) !== epochOf(peer)) return undefined;
  return { mode: 'trunc', zxid: before.position, txns: records.slice(i), upTo: max };
}
