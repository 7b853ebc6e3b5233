import type { Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Request, StateMachine } from '../../node/service.ts';
import type { Government, GovernmentHost } from './government.ts';
import { slotZxid } from './ledger.ts';
import type { Asked, PaxosMessage, Value } from './messages.ts';
import { asked, keyOf } from './values.ts';

/**
 * Nobody presides: each server proposes what its own clients ask for, in a ballot for one decree. Requests
 * are decreed, not their effects, and every server works out the effects when it comes to them: a proposer
 * knows not what others propose at the same time. So there is nobody who could watch over sessions, and order
 * the requests of one; a counter needs neither.
 */
export class Assembly implements Government {
  readonly #host: GovernmentHost;
  /** Requests of the own clients, until they are decreed. */
  readonly #queue = new Map<string, Asked>();
  readonly #decreed = new Set<string>();
  /** How long the next back-off may take, at random; 0: nothing was overtaken since the last decree. */
  #spreadUs = 0;
  #retrying = false;

  constructor(host: GovernmentHost) {
    this.#host = host;
  }

  /** Slots are not numbered by ballots: a request has no author. */
  lastApplied(): Zxid {
    return slotZxid(this.#host.ledger.applied);
  }

  view(): ReturnType<Government['view']> {
    const { notes, ledger, votes } = this.#host;
    return {
      state: votes ? 'following' : 'observing',
      currentEpoch: 0,
      lastZxid: slotZxid(Math.max(notes.lastSlot, ledger.applied)),
      lastCommitted: this.lastApplied(),
    };
  }

  start(): void {
    const { port, votes } = this.#host;
    port.open(votes ? 'following' : 'observing');
  }

  // --- Decrees ---

  counted(slot: number, value: Value): void {
    this.#host.tell(slot, value);
  }

  apply(slot: number, value: Value, counted: boolean): void {
    const { env, proposer } = this.#host;
    this.#carryOut(slot, value);
    if (counted) env.report({ kind: 'txn-committed', server: env.self, zxid: slotZxid(slot) });
    else proposer.learned(slot);
    if (value.kind === 'request' && this.#queue.delete(keyOf(value))) this.#spreadUs = 0;
  }

  #carryOut(slot: number, value: Value): void {
    const { env, machine, frontend } = this.#host;
    const zxid = slotZxid(slot);
    const { digest } = value;
    let result: ReturnType<StateMachine['apply']> | undefined;
    if (value.kind === 'request' && !this.#decreed.has(keyOf(value))) {
      const txn = machine.prepare({ origin: value, body: value.body }, 0, zxid, value.timeMs);
      result = machine.apply(txn, zxid);
      machine.forget();
    }
    if (value.kind === 'request') this.#decreed.add(keyOf(value));
    env.report({ kind: 'txn-applied', server: env.self, zxid, digest, state: machine.digest() });
    if (result !== undefined && value.kind === 'request') frontend.applied(value, result, zxid);
  }

  told(): void {
    // A ballot below the one that decided it ends by itself: it is rejected.
  }

  /** A ballot is for one decree. */
  settled(): void {
    const { proposer } = this.#host;
    if (!proposer.established || proposer.waits) return;
    proposer.end();
    if (this.#queue.size > 0) this.#begin();
  }

  // --- Ballots ---

  elected(ballot: number): void {
    const { env } = this.#host;
    env.report({ kind: 'leader-synchronizing', server: env.self, epoch: ballot, zxid: slotZxid(0) });
  }

  established(): void {
    const [first] = this.#queue.values();
    if (first !== undefined) this.#propose(first);
    this.settled();
  }

  #propose(value: Asked): void {
    const { proposer } = this.#host;
    const key = keyOf(value);
    if (!proposer.hasProposed(key) && !this.#decreed.has(key)) proposer.propose(() => value);
  }

  overtaken(): void {
    this.#retrying = true;
    this.#host.env.setTimer('retry', this.#backOffUs());
  }

  /** At random, and up to twice as long after each failure; or always the same. */
  #backOffUs(): number {
    const { env, config } = this.#host;
    const { minNotificationIntervalUs: least, maxNotificationIntervalUs: most } = config.settings;
    if (config.backOff === 'fixed') return least;
    this.#spreadUs = Math.min(most, Math.max(least, 2 * this.#spreadUs));
    return 1 + env.draw(Math.max(1, this.#spreadUs));
  }

  #begin(): void {
    const { proposer, highest } = this.#host;
    proposer.begin(highest);
  }

  heardOf(): void {
    // Nobody waits for a president.
  }

  answered(): void {
    // No majority needs to be kept.
  }

  // --- Messages and time ---

  posted(from: NodeId, message: PaxosMessage): void {
    if (message.kind === 'present' && message.applied > this.#host.ledger.applied) this.#host.ask(from);
  }

  tick(): void {
    this.#host.greet(-1, () => 0);
  }

  timer(timer: string): void {
    if (timer !== 'retry') return;
    this.#retrying = false;
    if (!this.#host.proposer.active && this.#queue.size > 0) this.#begin();
  }

  // --- Clients ---

  submit({ origin, body }: Request): void {
    const { env, proposer } = this.#host;
    const value = asked(origin, body, env.wallMs());
    this.#queue.set(keyOf(value), value);
    if (!proposer.active && !this.#retrying) this.#begin();
  }

  barrier(): void {
    // What is kept without a president has none.
  }

  consult(): void {
    // Nor are there sessions to ask about.
  }
}
