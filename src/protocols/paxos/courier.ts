import type { NodeId } from '../../node/ids.ts';
import type { Errand, Errands, PaxosMessage } from './messages.ts';

/** Forwards that are sent again at once. */
const AGAIN = 64;

/**
 * A member's errands to the president that it follows, as long as it follows him: each has a number, and is
 * sent again until a decree comes of it, or an answer, or the president says that he has heard it. What he
 * has seen to when he is deposed may be decreed or not: the member's clients lose their connections then, and
 * ask anew.
 */
export class Courier {
  readonly leader: NodeId;
  readonly errands: Errands;
  readonly #post: (to: NodeId, message: PaxosMessage) => void;
  /** What is not seen to, or not answered, by number. */
  readonly #pending = new Map<number, Errand>();
  #last = 0;
  /** Up to here they were sent before the last reminder. */
  #due = 0;

  constructor(leader: NodeId, errands: Errands, post: (to: NodeId, message: PaxosMessage) => void) {
    this.leader = leader;
    this.errands = errands;
    this.#post = post;
  }

  /** @returns the errand's number */
  send(errand: Errand): number {
    const number = ++this.#last;
    this.#pending.set(number, errand);
    this.#forward(number, errand);
    return number;
  }

  /** Whether the message is about these errands. */
  isMine({ ballot, since }: Errands): boolean {
    return ballot === this.errands.ballot && since === this.errands.since;
  }

  /** The president has seen to all up to this number; what he was asked he has yet to answer. */
  heard(upTo: number): void {
    for (const [number, { kind }] of this.#pending) {
      if (number > upTo) return;
      if (kind !== 'revalidate') this.#pending.delete(number);
    }
  }

  /** A decree came of the errand: he has seen to it. */
  decreed(number: number): void {
    this.#pending.delete(number);
  }

  /** @returns whether the answer is the first to that errand */
  answered(number: number): boolean {
    return this.#pending.delete(number);
  }

  /** Every half tick: what was sent before the last one is sent again. */
  remind(): void {
    let left = AGAIN;
    for (const [number, errand] of this.#pending) {
      if (number > this.#due || left-- === 0) break;
      this.#forward(number, errand);
    }
    this.#due = this.#last;
  }

  #forward(number: number, errand: Errand): void {
    const { ballot, since } = this.errands;
    this.#post(this.leader, { kind: 'forward', ballot, since, number, errand });
  }
}
