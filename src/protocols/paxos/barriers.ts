import type { NodeId } from '../../node/ids.ts';
import type { Source, Value } from './messages.ts';

/**
 * The barriers that a member has asked for and not come to, oldest first. They are decrees of their own:
 * where one stands in the ledger, nobody had applied that slot when it was asked for, so all that anybody had
 * seen stands before it, whoever presided when it was decided.
 */
export class Barriers {
  readonly #member: NodeId;
  readonly #since: number;
  readonly #pending: number[] = [];

  /** @param since the member's clock when it began to serve */
  constructor(member: NodeId, since: number) {
    this.#member = member;
    this.#since = since;
  }

  /** Another one is asked for, in an errand with this number. */
  add(number: number): Source {
    this.#pending.push(number);
    return { member: this.#member, since: this.#since, number };
  }

  /** Whether the decree is the oldest of them. */
  reached(value: Value): boolean {
    if (value.kind !== 'barrier') return false;
    const { member, since, number } = value.source;
    if (member !== this.#member || since !== this.#since || number !== this.#pending[0]) return false;
    this.#pending.shift();
    return true;
  }
}
