import type { Zxid } from '../../core/zxid.ts';
import type { LearnerHandler } from './learner-handler.ts';
import type { Commit, Proposal, TxnRecord } from './messages.ts';

/**
 * The learners that a leader's broadcast goes to: participants get PROPOSAL and COMMIT, observers INFORM.
 * Source: Leader.forwardingFollowers, observingLearners.
 */
export class Audience {
  readonly #forwarding: LearnerHandler[] = [];
  readonly #observing: LearnerHandler[] = [];
  /** Those that join at the next `admit` (ZOOKEEPER-962). */
  readonly #waiting: LearnerHandler[] = [];

  join(handler: LearnerHandler): void {
    (handler.observing ? this.#observing : this.#forwarding).push(handler);
  }

  joinLater(handler: LearnerHandler): void {
    this.#waiting.push(handler);
  }

  admit(): void {
    for (const handler of this.#waiting.splice(0)) this.join(handler);
  }

  leave(handler: LearnerHandler): void {
    for (const list of [this.#forwarding, this.#observing, this.#waiting]) remove(list, handler);
  }

  propose(record: TxnRecord, nowUs: number): void {
    const message: Proposal = { kind: 'proposal', record };
    const forwarding = this.#forwarding;
    for (let i = 0; i < forwarding.length; i++) forwarding[i]?.propose(message, record.position, nowUs);
  }

  commit(record: TxnRecord): void {
    const zxid: Zxid = record.position;
    const message: Commit = { kind: 'commit', zxid };
    const forwarding = this.#forwarding;
    for (let i = 0; i < forwarding.length; i++) forwarding[i]?.send(message);
    if (this.#observing.length === 0) return;
    const inform: Proposal = { kind: 'inform', record };
    for (const handler of this.#observing) handler.send(inform);
  }
}

/** Takes the handler from the list, if it is in it. */
export function remove(list: LearnerHandler[], handler: LearnerHandler): void {
  const i = list.indexOf(handler);
  if (i >= 0) list.splice(i, 1);
}
