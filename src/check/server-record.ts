import type { NodeId } from '../node/ids.ts';
import { DiskImage } from './disk-image.ts';
import { History } from './history.ts';

/**
 * At most so many removed transactions of a server are remembered: a tail is no longer than what was
 * outstanding.
 */
const REMOVED_LIMIT = 4096;

/** What the ledger holds of one server. Everything but the disk and `incarnation` ends with the process. */
export class ServerRecord {
  readonly sid: NodeId;
  readonly voter: boolean;
  readonly disk = new DiskImage();
  /** Processes of it so far. */
  incarnation = 0;
  running = false;
  /** What is applied in memory, by delivery or by recovery: M(s). */
  memory = new History();
  /** Whether `memory` is whole; if not, its next record may be anything. */
  memoryKnown = false;
  /** The last zxid in memory before the delivery told of now, and whether it was known. */
  before = 0;
  beforeKnown = false;
  /** Deliveries count as its abdeliver: UPTODATE processed, or established as leader. */
  serving = false;
  /** The epoch that it works under since it acked it as learner, or took it as leader; −1 when looking. */
  epoch = -1;
  /** The leader of that epoch. */
  leader = 0 as NodeId;
  /** What its leader had in memory when it began to sync this server, and what it has added since. */
  source: History | undefined;
  /** Whether NEWLEADER of that epoch was acked. */
  joined = false;
  /** A transfer began and NEWLEADER is not acked: what was cut may be on its way back. */
  resyncing = false;
  /** Something was cut and no NEWLEADER acked since: a loss of power may legally undo the cut. */
  cutUnacked = false;
  /** Re-deliveries up to here are legal: the snapshot that was installed is named so. */
  redeliverUntil = 0;
  /** Up to here the state may hold effects of later transactions: a fuzzy snapshot was loaded. */
  fuzzyUntil = 0;
  /** The highest zxid ever in its memory: no snapshot of it holds effects of a later one. */
  highest = 0;
  /** Transactions that TRUNC or SNAP took from it and that did not come back. */
  readonly removed = new Set<number>();
  /** Whether the plan laid out or damaged its disk, and no process of it has yet looked for a leader. */
  given = false;
  /**
   * What an installed snapshot lacks: removed once NEWLEADER is acked; till then memory may be dropped.
   */
  readonly superseded = new Set<number>();
  /** Ends of the overlap of its snapshots, by name. */
  readonly overlaps = new Map<number, number>();
  /** How the last process ended. */
  powerCut = false;

  constructor(sid: NodeId, voter: boolean) {
    this.sid = sid;
    this.voter = voter;
  }

  /** A role began to be looked for: what belonged to the last one ends. */
  endRole(): void {
    this.serving = false;
    this.epoch = -1;
    this.leader = 0 as NodeId;
    this.joined = false;
    this.resyncing = false;
    this.superseded.clear();
  }

  /** Remembers what `kept` lacks of `before`. */
  removeFrom(before: History, kept: History, removed: Set<number>): void {
    for (const zxid of before.without(kept, REMOVED_LIMIT)) {
      if (removed.size < REMOVED_LIMIT) removed.add(zxid);
    }
  }

  /** NEWLEADER is acked: what was cut, or is not in the installed snapshot, is gone for good. */
  settleRemoved(): void {
    for (const zxid of this.superseded) this.removed.add(zxid);
    this.superseded.clear();
  }

  /**
   * A new snapshot file is whole: its overlap ends with the last transaction applied so far. One of a learner
   * that takes over a history has none: nothing is applied while it is written (ZOOKEEPER-3104).
   */
  addSnapshot(zxid: number): void {
    this.overlaps.set(zxid, this.resyncing ? zxid : Math.max(this.highest, zxid));
    const oldest = this.overlaps.keys().next().value;
    if (this.overlaps.size > 64 && oldest !== undefined) this.overlaps.delete(oldest);
  }
}
