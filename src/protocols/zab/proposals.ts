import { Fifo } from '../../core/fifo.ts';
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
  readonly #entries = new Fifo<Outstanding>();

  /** The oldest one. */
  first(): Outstanding | undefined {
    return this.#entries.first();
  }

  push(record: TxnRecord, acks: Tally): void {
    this.#entries.push({ record, acks });
  }

  shift(): void {
    this.#entries.shift();
  }

  /** The proposal with this zxid. */
  find(zxid: Zxid): Outstanding | undefined {
    const first = this.#entries.first();
    if (first === undefined || zxid < first.record.position) return undefined;
    const found = this.#entries.at(zxid - first.record.position);
    return found?.record.position === zxid ? found : undefined;
  }

  /** Forgets what `sid` acked after `upTo`. */
  retract(sid: NodeId, upTo: Zxid): void {
    for (const entry of this.after(upTo)) entry.acks.remove(sid);
  }

  /** Those after `zxid`, oldest first. */
  after(zxid: Zxid): readonly Outstanding[] {
    return this.#entries.toArray().filter((entry) => entry.record.position > zxid);
  }
}

/** An ack whose counter is 0 answers NEWLEADER or UPTODATE, not a proposal. */
export function acksNoProposal(zxid: Zxid): boolean {
  return counterOf(zxid) === 0;
}
