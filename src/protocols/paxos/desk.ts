import type { NodeId, SessionId } from '../../node/ids.ts';
import type { Errand, Errands, Forward, PaxosMessage, Source } from './messages.ts';
import type { PaxosRules } from './rules.ts';

/** What a president does for a member that follows him. */
export interface DeskHost {
  readonly config: { readonly rules: PaxosRules };
  post(to: NodeId, message: PaxosMessage): void;
  /** Whether he still presides: an errand may end that. */
  presides(): boolean;
  /** Sees to one; the answer about a session, if it was about one. */
  seeTo(source: Source, owner: number, errand: Errand): boolean | undefined;
}

/** An answer that may have to be given again. */
interface Answer {
  readonly session: SessionId;
  readonly valid: boolean;
}

/**
 * Where a president sees to the errands of one member, each once and in their order, though forwards vanish,
 * double and overtake each other. What he was asked twice he answers as he did, and does nothing.
 */
export class Desk {
  readonly #host: DeskHost;
  readonly #member: NodeId;
  readonly errands: Errands;
  /** The member's connection, as the service numbers them: it has another when it follows anew. */
  readonly #owner: number;
  /** The number of the next one to see to. */
  #next = 1;
  /** What has overtaken it. */
  readonly #early = new Map<number, Errand>();
  readonly #answers = new Map<number, Answer>();
  /** Whether the member has to be told how far it was heard. */
  #untold = false;

  constructor(host: DeskHost, member: NodeId, { ballot, since }: Errands, owner: number) {
    this.#host = host;
    this.#member = member;
    this.errands = { ballot, since };
    this.#owner = owner;
  }

  take({ number, errand }: Forward): void {
    const { rules } = this.#host.config;
    if (rules.isRepeated(number, this.#next)) {
      this.#answer(number);
      this.#untold = true;
    } else if (rules.isEarly(number, this.#next)) {
      this.#early.set(number, errand);
    } else {
      this.#seeTo(number, errand);
      for (let next = this.#early.get(this.#next); next !== undefined && this.#host.presides(); ) {
        this.#early.delete(this.#next);
        this.#seeTo(this.#next, next);
        next = this.#early.get(this.#next);
      }
    }
  }

  /** Every half tick: tells the member how far it was heard, where neither a decree nor an answer does. */
  confirm(): void {
    if (!this.#untold) return;
    this.#untold = false;
    this.#host.post(this.#member, { kind: 'heard', ...this.errands, number: this.#next - 1 });
  }

  #seeTo(number: number, errand: Errand): void {
    this.#next = Math.max(this.#next, number + 1);
    const { since } = this.errands;
    const valid = this.#host.seeTo({ member: this.#member, since, number }, this.#owner, errand);
    if (errand.kind !== 'revalidate' || valid === undefined) return;
    this.#answers.set(number, { session: errand.session, valid });
    this.#answer(number);
  }

  #answer(number: number): void {
    const answer = this.#answers.get(number);
    if (answer === undefined) return;
    this.#host.post(this.#member, { kind: 'revalidated', ...this.errands, number, ...answer });
  }
}
