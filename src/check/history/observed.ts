import { ascending } from '../../core/order.ts';
import type { OpEntry } from './client-history.ts';
import { countBelow } from './sorted-search.ts';

interface Seen {
  readonly at: number;
  readonly zxid: number;
  readonly op: number;
}

/**
 * What all clients together had seen by when: M(t), the highest zxid in a reply that came before t, brought
 * down to one that a transaction has (a fresh leader answers ⟨e, 0⟩). Whatever was seen was committed.
 */
export class Observed {
  readonly #zxids: readonly number[];
  readonly #times: number[] = [];
  readonly #highest: Seen[] = [];
  readonly #byZxid: number[] = [];
  readonly #earliest: number[] = [];

  /** `zxids`: of the canonical log, ascending. */
  constructor(zxids: readonly number[], replies: readonly OpEntry[]) {
    this.#zxids = zxids;
    const seen: Seen[] = replies.map((op) => ({
      at: op.returnedUs,
      zxid: this.normal(op.zxid),
      op: op.id,
    }));
    seen.sort((a, b) => a.at - b.at);
    let top: Seen = { at: -1, zxid: 0, op: -1 };
    for (const next of seen) {
      if (next.zxid > top.zxid) top = next;
      this.#times.push(next.at);
      this.#highest.push(top);
    }
    seen.sort((a, b) => a.zxid - b.zxid);
    let first = Number.POSITIVE_INFINITY;
    for (let i = seen.length - 1; i >= 0; i--) {
      const next = seen[i] as Seen;
      first = Math.min(first, next.at);
      this.#byZxid.push(next.zxid);
      this.#earliest.push(first);
    }
    this.#byZxid.reverse();
    this.#earliest.reverse();
  }

  /** The largest zxid of the log that is not above `zxid`, or 0. */
  normal(zxid: number): number {
    const count = countBelow(this.#zxids, zxid + 1);
    return count === 0 ? 0 : (this.#zxids[count - 1] as number);
  }

  /**
   * The highest zxid in a reply that came strictly before `atUs`, and whose reply. Strictly: at one and the
   * same µs nobody can say which was first.
   */
  before(atUs: number): { readonly zxid: number; readonly op: number } {
    const count = countBelow(this.#times, atUs);
    return count === 0 ? { zxid: 0, op: -1 } : (this.#highest[count - 1] as Seen);
  }

  /** When the first client had seen that zxid or a later one; infinite for never. */
  firstSeen(zxid: number): number {
    return this.#earliest[countBelow(this.#byZxid, zxid)] ?? Number.POSITIVE_INFINITY;
  }
}

/** The distinct numbers, ascending. */
export function distinct(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort(ascending);
  return sorted.filter((number, i) => i === 0 || number !== sorted[i - 1]);
}
