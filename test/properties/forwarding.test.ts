import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_SESSION, nodeId } from '../../src/node/ids.ts';
import { Courier } from '../../src/protocols/paxos/courier.ts';
import { Desk, type DeskHost } from '../../src/protocols/paxos/desk.ts';
import type { Errand, PaxosMessage } from '../../src/protocols/paxos/messages.ts';
import { PAXOS_RULES } from '../../src/protocols/paxos/rules.ts';

const [MEMBER, PRESIDENT] = [nodeId(2), nodeId(1)];
const ERRANDS = { ballot: 7, since: 1000 };

/** A member and its president; what they send each other lies on the way until somebody takes it. */
class Pair {
  readonly onTheWay: PaxosMessage[] = [];
  /** The requests that were carried out, and what was answered of sessions, by number. */
  readonly seenTo: number[] = [];
  readonly answers: number[] = [];
  readonly #courier: Courier;
  readonly #desk: Desk;

  constructor() {
    const post = (_to: unknown, message: PaxosMessage): void => void this.onTheWay.push(message);
    const host: DeskHost = {
      config: { rules: PAXOS_RULES },
      post,
      presides: () => true,
      seeTo: (_source, _owner, errand) => this.#seeTo(errand),
    };
    this.#courier = new Courier(PRESIDENT, ERRANDS, post);
    this.#desk = new Desk(host, MEMBER, ERRANDS, 1);
  }

  #seeTo(errand: Errand): boolean | undefined {
    if (errand.kind === 'request') this.seenTo.push(errand.request.origin.cxid);
    else if (errand.kind === 'revalidate') this.seenTo.push(errand.timeoutMs);
    return errand.kind === 'revalidate' ? true : undefined;
  }

  /** Every third errand asks about a session. */
  ask(number: number): void {
    if (number % 3 === 0) {
      this.#courier.send({ kind: 'revalidate', session: NO_SESSION, timeoutMs: number });
      return;
    }
    const request = { origin: { session: NO_SESSION, cxid: number }, body: { kind: 'set' } };
    this.#courier.send({ kind: 'request', request });
  }

  /** One message arrives: the `at`-th of those on the way, which may stay there, to come once more. */
  arrive(at: number, twice: boolean): void {
    const place = at % Math.max(1, this.onTheWay.length);
    const message = this.onTheWay[place];
    if (message === undefined) return;
    if (!twice) this.onTheWay.splice(place, 1);
    if (message.kind === 'forward') this.#desk.take(message);
    else if (message.kind === 'heard') this.#courier.heard(message.number);
    else if (message.kind === 'revalidated' && this.#courier.answered(message.number)) {
      this.answers.push(message.number);
    }
  }

  lose(at: number): void {
    this.onTheWay.splice(at % Math.max(1, this.onTheWay.length), 1);
  }

  /** Half a tick is over. */
  tick(): void {
    this.#courier.remind();
    this.#desk.confirm();
  }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'ask' } as const) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('arrive' as const), at: fc.nat(50), twice: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lose' as const), at: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'tick' } as const) },
);

test('what is forwarded is seen to once and in its order, whatever vanishes, doubles and overtakes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const pair = new Pair();
      let asked = 0;
      for (const one of steps) {
        if (one.kind === 'ask') pair.ask(++asked);
        else if (one.kind === 'arrive') pair.arrive(one.at, one.twice);
        else if (one.kind === 'lose') pair.lose(one.at);
        else pair.tick();
        expect(pair.seenTo).toEqual(pair.seenTo.map((_, i) => i + 1));
      }
      // Once messages come through again, nothing is missing.
      for (let round = 0; round < 4; round++) {
        pair.tick();
        while (pair.onTheWay.length > 0) pair.arrive(0, false);
      }
      expect(pair.seenTo).toHaveLength(asked);
      expect(new Set(pair.answers).size).toBe(pair.answers.length);
      expect(pair.answers).toHaveLength(Math.floor(asked / 3));
    }),
  );
});
