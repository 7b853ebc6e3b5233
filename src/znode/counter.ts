import { chain32, chainText, mix32 } from '../core/digest.ts';
import { counterOf, type Zxid } from '../core/zxid.ts';
import type { Body, ClientMessage, Origin, Txn } from '../node/content.ts';
import type { CloseReason } from '../node/events.ts';
import type { LinkId, SessionId } from '../node/ids.ts';
import {
  type Chunk,
  type Cursor,
  type Frontend,
  type Gateway,
  NO_TOUCHES,
  type Request,
  type Result,
  type Service,
  type StateMachine,
  type Touch,
} from '../node/service.ts';
import type { CounterMessage } from './counter-messages.ts';

/** The counter's only request: add to it. */
export interface Add extends Body {
  readonly kind: 'add';
  readonly amount: number;
}

/** Idempotent: it says what the counter becomes, and which slot of the recent changes remembers it. */
export interface CounterSet extends Txn {
  readonly kind: 'set';
  readonly value: number;
  readonly slot: number;
}

/** A piece of a counter's snapshot: its value, and some of the recent changes. */
export interface CounterChunk extends Chunk {
  readonly kind: 'slots';
  readonly value: number;
  readonly first: number;
  readonly changes: readonly number[];
}

/** What the counter was set to. The transaction says it, and is its own result. */
export type Counted = Pick<CounterSet, 'kind' | 'value'> & Result;

/** How many recent changes the state remembers: a change that one server misses shows in its digest. */
const SLOTS = 16;

/** Slots in one piece of a snapshot: few, so that transactions come between two pieces. */
const SLOTS_IN_CHUNK = 4;

/**
 * A replicated counter, the smallest service that has all a service has: requests that depend on pending
 * ones, idempotent transactions, fuzzy snapshots, a digest of the state.
 */
class Counter implements StateMachine {
  #value = 0;
  /** The value after what was prepared and not applied yet; undefined: nothing was. */
  #prepared: number | undefined;
  readonly #changes = new Array<number>(SLOTS).fill(0);
  /** The sum of the slots' mixes, modulo 2³², signed. */
  #sum = 0;

  prepare(request: Request, _owner: number, zxid: Zxid, _timeMs: number): Txn {
    const { origin } = request;
    const value = (this.#prepared ?? this.#value) + (request.body as Add).amount;
    this.#prepared = value;
    return counterTxn(zxid, value, chain32(chainText(0, origin.session), origin.cxid));
  }

  apply(txn: Txn, _zxid: Zxid): Counted {
    const set = txn as CounterSet;
    this.#value = set.value;
    this.#put(set.slot, set.digest);
    return set;
  }

  forget(): void {
    this.#prepared = undefined;
  }

  clear(): void {
    this.#value = 0;
    this.#prepared = undefined;
    this.#changes.fill(0);
    this.#sum = 0;
  }

  capture(): Cursor {
    let next = 0;
    return {
      next: () => {
        if (next >= SLOTS) return undefined;
        const first = next;
        next += SLOTS_IN_CHUNK;
        return this.#chunk(first);
      },
    };
  }

  restore(chunk: Chunk): void {
    const { value, first, changes } = chunk as CounterChunk;
    this.#value = value;
    for (const [i, change] of changes.entries()) this.#put(first + i, change);
  }

  digest(): number {
    return (this.#sum ^ mix32(this.#value)) >>> 1;
  }

  #chunk(first: number): CounterChunk {
    const changes = this.#changes.slice(first, first + SLOTS_IN_CHUNK);
    let digest = chain32(first, this.#value);
    for (const change of changes) digest = chain32(digest, change);
    return { kind: 'slots', digest: digest >>> 1, value: this.#value, first, changes };
  }

  #put(slot: number, change: number): void {
    const old = this.#changes[slot] ?? 0;
    this.#sum = (this.#sum - mixSlot(slot, old) + mixSlot(slot, change)) | 0;
    this.#changes[slot] = change;
  }
}

/** An empty slot adds nothing, so that an empty state's digest is that of a cleared one. */
function mixSlot(slot: number, change: number): number {
  return change === 0 ? 0 : mix32(change + slot) | 0;
}

function counterTxn(zxid: Zxid, value: number, who: number): CounterSet {
  return { kind: 'set', digest: chain32(who, value) >>> 1, value, slot: counterOf(zxid) % SLOTS };
}

/** The transaction that every server finds under `zxid` in a disk that was laid out by hand. */
export function counterTxnAt(zxid: Zxid): Txn {
  return counterTxn(zxid, mix32(zxid) >>> 8, chain32(1, zxid));
}

/** The counter's client port: one answer for each `add`, to whoever asked here. */
class CounterFrontend implements Frontend {
  readonly #gateway: Gateway;
  /** The newest connection of each session. */
  readonly #sessions = new Map<SessionId, LinkId>();
  readonly #links = new Map<LinkId, SessionId>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  open(): void {
    // Nothing to prepare: sessions come with their connections.
  }

  close(): void {
    this.#sessions.clear();
    this.#links.clear();
  }

  accept(): void {
    // A connection has no session before its first message.
  }

  receive(link: LinkId, message: ClientMessage): void {
    const m = message as CounterMessage;
    if (m.kind === 'counter-connect') {
      this.#links.set(link, m.session);
      this.#sessions.set(m.session, link);
      const answer: CounterMessage = { kind: 'counter-connected', session: m.session };
      this.#gateway.send(link, answer);
    } else if (m.kind === 'counter-add') {
      const body: Add = { kind: 'add', amount: m.amount };
      this.#gateway.submit({ origin: { session: m.session, cxid: m.cxid }, body });
    }
  }

  writable(): void {
    // A client has one request under way: its answer always fits.
  }

  disconnected(link: LinkId, _reason: CloseReason): void {
    const session = this.#links.get(link);
    if (session === undefined) return;
    this.#links.delete(link);
    if (this.#sessions.get(session) === link) this.#sessions.delete(session);
  }

  applied(origin: Origin, result: Result, zxid: Zxid): void {
    if (this.#sessions.size === 0) return;
    const link = this.#sessions.get(origin.session);
    if (link === undefined) return;
    const answer: CounterMessage = {
      kind: 'counter-answer',
      cxid: origin.cxid,
      value: (result as Counted).value,
      zxid,
    };
    this.#gateway.send(link, answer);
  }

  timer(): void {
    // None is set.
  }

  turn(): void {
    // Requests are handed on as they come.
  }

  synced(): void {
    // No barrier is asked for.
  }

  touches(): readonly Touch[] {
    return NO_TOUCHES;
  }

  revalidated(): void {
    // No session is asked about.
  }

  touched(): void {
    // Sessions are not tracked.
  }

  revalidate(): boolean {
    return true;
  }

  hasLeft(): boolean {
    return false;
  }
}

/** A counter for one server and incarnation. */
export function counterService(): Service {
  return {
    machine: new Counter(),
    frontend: (gateway) => new CounterFrontend(gateway),
  };
}
