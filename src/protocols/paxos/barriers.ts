import type { NodeId } from '../../node/ids.ts';
import type { Value } from './messages.ts';

/**
 * The barriers that a member has asked for and not come to, oldest first. They are decrees of their own:
 * where one stands in the ledger, nobody had applied that slot when it was asked for, so all that anybody had
 * seen stands before it, whoever presided when it was decided.
 */
export class Barriers {
  readonly #self: NodeId;
  readonly #since: number;
  readonly #pending: number[] = [];
  #last = 0;

  /** @param since the member's clock when it began to serve */
  constructor(self: NodeId, since: number) {
    this.#self = self;
    this.#since = since;
  }

  /** Another one is asked for. */
  next(): { readonly since: number; readonly number: number } {
    this.#pending.push(++this.#last);
    return { since: this.#since, number: this.#last };
  }

  /** Whether the decree is the oldest of them. */
  reached(value: Value): boolean {
    if (value.kind !== 'barrier' || value.asker !== this.#self || value.since !== this.#since) return false;
    if (value.number !== this.#pending[0]) return false;
    this.#pending.shift();
    return true;
  }
}
