import { counterOf, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import type { TxnRecord } from './messages.ts';

/** A transaction under vote. */
export interface Outstanding {
  readonly record: TxnRecord;
  readonly acks: Tally;
}

/**
 * The leader's outstanding proposals, in zxid order without a hole, so that an ack finds its own by
 * subtraction. Source: Leader.outstandingProposals.
 */
export class Proposals {
  #entries: Outstanding[] = [];
  #start = 0;

  get size(): number {
    return this.#entries.length - this.#start;
  }

  /** The oldest one. */
  first(): Outstanding | undefined {
    return this.#entries[this.#start];
  }

  push(record: TxnRecord, acks: Tally): void {
    this.#entries.push({ record, acks });
  }

  shift(): void {
    this.#start++;
    if (this.#start < 64 || this.#start * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }

  /** The proposal with this zxid. */
  find(zxid: Zxid): Outstanding | undefined {
    const first = this.first();
    if (first === undefined || zxid < first.record.position) return undefined;
    const found = this.#entries[this.#start + (zxid - first.record.position)];
    return found?.record.position === zxid ? found : undefined;
  }

  /** Forgets what `sid` acked after `upTo`. */
  retract(sid: NodeId, upTo: Zxid): void {
    for (const entry of this.after(upTo)) entry.acks.remove(sid);
  }

  /** Those after `zxid`, oldest first. */
  after(zxid: Zxid): readonly Outstanding[] {
    return this.#entries.slice(this.#start).filter((entry) => entry.record.position > zxid);
  }
}

/** An ack whose counter is 0 answers NEWLEADER or UPTODATE, not a proposal. */
export function acksNoProposal(zxid: Zxid): boolean {
  return counterOf(zxid) === 0;
}
