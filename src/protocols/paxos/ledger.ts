import { makeZxid, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Frontend, StateMachine } from '../../node/service.ts';
import type { PaxosEnv, Value } from './messages.ts';

/** What identifies a request: the same one is decreed once. */
export function keyOf({ session, cxid }: Pick<Value, 'session' | 'cxid'>): string {
  return `${session} ${cxid}`;
}

/** The decrees that a server knows to be decided, applied in their order as far as they are without a gap. */
export class Ledger {
  readonly #env: PaxosEnv;
  readonly #machine: StateMachine;
  readonly #frontend: () => Frontend;
  readonly #decrees: Value[] = [];
  /** Decided ones behind a gap. */
  readonly #later = new Map<number, Value>();
  readonly #known = new Set<string>();

  constructor(env: PaxosEnv, machine: StateMachine, frontend: () => Frontend) {
    this.#env = env;
    this.#machine = machine;
    this.#frontend = frontend;
  }

  /** The last slot applied; slots count from 1. */
  get applied(): number {
    return this.#decrees.length;
  }

  /** The position of the last decree, in the words of all protocols: slots are not numbered by ballot. */
  get lastApplied(): Zxid {
    return slotZxid(this.applied);
  }

  /** The last slot decided, behind gaps too. */
  get highest(): number {
    let highest = this.applied;
    for (const slot of this.#later.keys()) highest = Math.max(highest, slot);
    return highest;
  }

  isDecided(slot: number): boolean {
    return slot <= this.applied || this.#later.has(slot);
  }

  /** Whether the request was decreed, and applied. */
  has(value: Value): boolean {
    return this.#known.has(keyOf(value));
  }

  /** Up to `count` decrees from the slot on. */
  from(slot: number, count: number): readonly Value[] {
    return this.#decrees.slice(slot - 1, slot - 1 + count);
  }

  /** A decree is decided; it and those behind it are applied, once nothing is missing before them. */
  decide(slot: number, value: Value, applied: (slot: number, value: Value) => void): void {
    if (this.isDecided(slot)) return;
    this.#later.set(slot, value);
    for (let next = this.#later.get(this.applied + 1); next !== undefined; ) {
      this.#later.delete(this.applied + 1);
      this.#apply(next);
      applied(this.applied, next);
      next = this.#later.get(this.applied + 1);
    }
  }

  /**
   * Requests are decreed, not their effects: a proposer may be replaced between two of its decrees, and the
   * second must not rely on what the first would have done (Zab, DSN 2011, section 1, on primary order).
   */
  #apply(value: Value): void {
    this.#decrees.push(value);
    const { body, digest, timeMs } = value;
    const zxid = this.lastApplied;
    const fresh = body !== undefined && !this.#known.has(keyOf(value));
    this.#known.add(keyOf(value));
    let result: ReturnType<StateMachine['apply']> | undefined;
    if (fresh) {
      const txn = this.#machine.prepare({ origin: value, body }, 0, zxid, timeMs);
      result = this.#machine.apply(txn, zxid);
      this.#machine.forget();
    }
    const state = this.#machine.digest();
    this.#env.report({ kind: 'txn-applied', server: this.#env.self, zxid, digest, state });
    if (result !== undefined) this.#frontend().applied(value, result, zxid);
  }
}

/** A slot as a position: its own number. */
export function slotZxid(slot: number): Zxid {
  return makeZxid(0, slot);
}

/** The members who vote, and those who only learn. */
export function everybody(voters: readonly NodeId[], observers: readonly NodeId[]): readonly NodeId[] {
  return [...voters, ...observers].sort((a, b) => a - b);
}
