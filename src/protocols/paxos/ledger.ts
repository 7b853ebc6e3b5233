import { makeZxid, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Value } from './messages.ts';

/** The decrees that a server knows to be decided, handed on in their order as far as there is no gap. */
export class Ledger {
  readonly #decrees: Value[] = [];
  /** Decided ones behind a gap, and whether this server counted the votes. */
  readonly #later = new Map<number, { readonly value: Value; readonly counted: boolean }>();

  /** The last slot handed on; slots count from 1. */
  get applied(): number {
    return this.#decrees.length;
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

  /** Up to `count` decrees from the slot on. */
  from(slot: number, count: number): readonly Value[] {
    return this.#decrees.slice(slot - 1, slot - 1 + count);
  }

  /**
   * A decree is decided; it and those behind it are handed on, once nothing is missing before them.
   *
   * @param counted whether this server counted the votes for it; else it was told
   */
  decide(
    slot: number,
    value: Value,
    counted: boolean,
    handOn: (slot: number, value: Value, counted: boolean) => void,
  ): void {
    if (this.isDecided(slot)) return;
    this.#later.set(slot, { value, counted });
    for (let next = this.#later.get(this.applied + 1); next !== undefined; ) {
      this.#later.delete(this.applied + 1);
      this.#decrees.push(next.value);
      handOn(this.applied, next.value, next.counted);
      next = this.#later.get(this.applied + 1);
    }
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
