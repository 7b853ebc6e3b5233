import { countBelow } from '../sorted-search.ts';
import type { Operation } from './operation.ts';
import type { Footprint } from './sequential-model.ts';

/**
 * The operations of a search by their places, in the order of invocation, and what is under way before each
 * return.
 */
export class UnderWay<I, O> {
  readonly ops: readonly Operation<I, O>[];
  /** Places of those that return, in the order of their returns. */
  readonly returns: readonly number[];
  /** Places of those that never return; those invoked before a return are the first ones. */
  readonly endless: readonly number[];
  /** By place: which of the endless ones it is, or −1. */
  readonly endlessNumber: Int32Array;
  /** By place: the number of its return. */
  readonly #returnAt: Int32Array;
  /** By number of a return: all places below were invoked before it, and the first that may be open then. */
  readonly #invokedAt: number[] = [];
  readonly #firstAt: number[] = [];
  readonly #endlessAt: number[] = [];
  /** The last answer of `openAt`, which is asked for the same return again and again. */
  #open: readonly number[] = [];
  #openFor = -1;
  readonly #footprint: (input: I) => Footprint;
  readonly #footprints = new Map<number, Footprint>();
  readonly #related = new Map<number, readonly number[]>();
  /** Places of the endless ones by hint, and the hints. */
  readonly #byHint: readonly number[];
  readonly #endlessHints: readonly number[];

  constructor(operations: readonly Operation<I, O>[], footprint: (input: I) => Footprint) {
    this.#footprint = footprint;
    this.ops = [...operations].sort((a, b) => a.invoked - b.invoked);
    const places = this.ops.map((_, place) => place);
    this.returns = places
      .filter((place) => this.#returned(place) !== Number.POSITIVE_INFINITY)
      .sort((a, b) => this.#returned(a) - this.#returned(b) || a - b);
    this.endless = places.filter((place) => this.#returned(place) === Number.POSITIVE_INFINITY);
    this.endlessNumber = new Int32Array(this.ops.length).fill(-1);
    for (const [number, place] of this.endless.entries()) this.endlessNumber[place] = number;
    this.#returnAt = new Int32Array(this.ops.length).fill(-1);
    for (const [number, place] of this.returns.entries()) this.#returnAt[place] = number;
    this.#byHint = [...this.endless].sort((a, b) => this.hint(a) - this.hint(b) || a - b);
    this.#endlessHints = this.#byHint.map((place) => this.hint(place));
    this.#sweep();
  }

  /** Places of the others that return and are under way before the return number `at`, ascending. */
  openAt(at: number): readonly number[] {
    if (at === this.#openFor) return this.#open;
    const open: number[] = [];
    const end = this.#invokedAt[at] ?? 0;
    for (let place = this.#firstAt[at] ?? 0; place < end; place++)
      if ((this.#returnAt[place] as number) > at) open.push(place);
    this.#open = open;
    this.#openFor = at;
    return open;
  }

  /** Whether an operation that returns is invoked between the return number `at` and the one before. */
  opensAt(at: number): boolean {
    for (let place = this.#invokedAt[at - 1] ?? 0; place < (this.#invokedAt[at] ?? 0); place++)
      if (this.endlessNumber[place] === -1) return true;
    return false;
  }

  /**
   * Those under way whose hint comes before that of the one that returns, by hint; of those that never return
   * only those from `floor` on: what lies below was put forward before.
   */
  hintedAt(at: number, floor: number): readonly number[] {
    const own = this.hint(this.returns[at] as number);
    const hinted = this.openAt(at).filter((place) => this.hint(place) < own);
    for (let i = countBelow(this.#endlessHints, floor); i < this.#endlessHints.length; i++) {
      if ((this.#endlessHints[i] as number) >= own) break;
      const place = this.#byHint[i] as number;
      if ((this.endlessNumber[place] as number) < (this.#endlessAt[at] as number)) hinted.push(place);
    }
    return hinted.sort((a, b) => this.hint(a) - this.hint(b) || a - b);
  }

  /**
   * Those under way that can matter before the return number `at`: what does not hang together with what
   * returns can as well take effect later. The nearest first.
   */
  relatedAt(at: number): readonly number[] {
    let related = this.#related.get(at);
    if (related === undefined) {
      related = this.#relate(this.returns[at] as number, this.#all(at));
      this.#related.set(at, related);
    }
    return related;
  }

  #all(at: number): number[] {
    return [...this.openAt(at), ...this.endless.slice(0, this.#endlessAt[at])];
  }

  #relate(from: number, all: readonly number[]): number[] {
    const readers = new Map<string, number[]>();
    const writers = new Map<string, number[]>();
    for (const place of all) {
      const { reads, writes } = this.#footprintOf(place);
      for (const name of reads) push(readers, name, place);
      for (const name of writes) push(writers, name, place);
    }
    const found = new Set<number>([from]);
    for (const place of found) {
      const { reads, writes } = this.#footprintOf(place);
      for (const name of reads) {
        for (const other of writers.get(name) ?? []) found.add(other);
        writers.delete(name);
      }
      for (const name of writes) {
        for (const other of readers.get(name) ?? []) found.add(other);
        readers.delete(name);
      }
    }
    found.delete(from);
    return [...found];
  }

  #footprintOf(place: number): Footprint {
    let footprint = this.#footprints.get(place);
    if (footprint === undefined) {
      footprint = this.#footprint((this.ops[place] as Operation<I, O>).input);
      this.#footprints.set(place, footprint);
    }
    return footprint;
  }

  /** The hint of the operation at a place. */
  hint(place: number): number {
    return (this.ops[place] as Operation<I, O>).hint;
  }

  #returned(place: number): number {
    return (this.ops[place] as Operation<I, O>).returned;
  }

  /** An invocation at the time of a return counts as before it. */
  #sweep(): void {
    let endless = 0;
    let next = 0;
    let first = 0;
    for (const [at, place] of this.returns.entries()) {
      for (; next < this.ops.length; next++) {
        if ((this.ops[next] as Operation<I, O>).invoked > this.#returned(place)) break;
        if (this.endlessNumber[next] !== -1) endless++;
      }
      while (first < next && (this.#returnAt[first] as number) <= at) first++;
      this.#invokedAt.push(next);
      this.#firstAt.push(first);
      this.#endlessAt.push(endless);
    }
  }
}

function push(lists: Map<string, number[]>, name: string, place: number): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [place]);
  else list.push(place);
}
