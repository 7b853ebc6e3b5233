import type { NodeId } from '../node/ids.ts';
import { CANONICAL, History } from './history.ts';

/** An epoch that a leader took: it had a quorum of ACKEPOCH. */
export class EpochRecord {
  readonly epoch: number;
  readonly leader: NodeId;
  readonly incarnation: number;
  /** I_e: the leader's history when it took the epoch. */
  readonly initial: History;
  /** P_e: what it broadcast since. */
  readonly proposed = new History();
  /** Whether a quorum acked NEWLEADER: the initial history is committed. */
  active = false;

  constructor(epoch: number, leader: NodeId, incarnation: number, initial: History) {
    this.epoch = epoch;
    this.leader = leader;
    this.incarnation = incarnation;
    this.initial = initial;
  }

  /** Whether the transaction is in its history so far. */
  has(zxid: number): boolean {
    if (this.proposed.length > 0 && zxid >= this.proposed.first) return this.proposed.has(zxid);
    return this.initial.has(zxid);
  }

  /** The transaction that `zxid` follows in its history, or 0. */
  predecessorOf(zxid: number): number {
    if (this.proposed.length > 0 && zxid > this.proposed.first) return this.proposed.predecessorOf(zxid);
    return this.initial.predecessorOf(zxid);
  }

  /** I_e and P_e, one after the other. */
  history(): History {
    const whole = this.initial.copy();
    whole.extend(this.proposed, -1, Infinity);
    return whole;
  }

  /** Enters what its leader broadcasts. */
  propose(zxid: number): void {
    if (zxid > this.proposed.last) this.proposed.push(zxid, CANONICAL);
  }
}
