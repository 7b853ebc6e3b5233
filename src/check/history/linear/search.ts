import { isAmong } from '../sorted-search.ts';
import type { Operation } from './operation.ts';
import type { SequentialModel } from './sequential-model.ts';
import { UnderWay } from './under-way.ts';

/** What the search found. */
export interface LinearVerdict {
  /** `undecided`: it cost more than was allowed. */
  readonly verdict: 'linearizable' | 'not-linearizable' | 'undecided';
  /** How many states were visited. */
  readonly visited: number;
  /** The operation at whose return every order had failed; −1 when there is none. */
  readonly stuck: number;
  /** Those that were under way then. */
  readonly beside: readonly number[];
}

/** What is left to try at a point: the hinted one first, then the one that returns, then all others. */
const HINTED = 0;
const DIRECT = 1;
const OTHERS = 2;

/** A point of the search: before a return, with what has taken effect among the operations under way. */
interface Point<S> {
  /** The number of the return. */
  readonly at: number;
  readonly state: S;
  /** Places of operations that took effect and have not returned, ascending. */
  readonly done: readonly number[];
  /** A bit for each of those that never return. */
  readonly used: Uint32Array;
  /** Hints below it were put forward. */
  readonly floor: number;
  readonly left: typeof HINTED | typeof DIRECT | typeof OTHERS;
}

/**
 * Whether an order of the operations exists that respects real time and that the model allows. The search of
 * Wing and Gong with Lowe's just-in-time linearization: returns are taken in order, and only when an
 * operation returns must it, and what makes it possible, have taken effect. Visited points are remembered,
 * and one that has used up less than another with the same state stands for both. An operation that changes
 * no state takes effect as soon as it fits: that is never a loss. One that leaves only this state alone may
 * be needed in another. Sources: Wing & Gong, JPDC 1993; Lowe, "Testing for linearizability", 2017; Horn &
 * Kroening, 2015, for the parts.
 *
 * @param limit so many visits, or comparisons that cost as much: with many operations that never return most
 * of the time goes into these
 */
export function checkLinearizable<S, I, O>(
  model: SequentialModel<S, I, O>,
  operations: readonly Operation<I, O>[],
  limit = 100_000,
): LinearVerdict {
  let visited = 0;
  let undecided: LinearVerdict | undefined;
  for (const part of model.partition(operations)) {
    const found = new Search(model, part, limit - visited).run();
    visited += found.visited;
    if (found.verdict === 'not-linearizable') return { ...found, visited };
    if (found.verdict === 'undecided') undecided = found;
  }
  if (undecided !== undefined) return { ...undecided, visited };
  return { verdict: 'linearizable', visited, stuck: -1, beside: [] };
}

/** So many comparisons with points of before cost as much as a visit. */
const COMPARISONS_A_VISIT = 64;

class Search<S, I, O> {
  readonly #model: SequentialModel<S, I, O>;
  readonly #under: UnderWay<I, O>;
  /** By place: whether the operation changes nothing in any state. */
  readonly #observers: readonly boolean[];
  readonly #limit: number;
  readonly #seen = new Map<string, { readonly state: S; readonly used: Uint32Array }[]>();
  readonly #stack: Point<S>[] = [];
  #visited = 0;
  #comparisons = 0;
  #farthest = 0;

  constructor(model: SequentialModel<S, I, O>, operations: readonly Operation<I, O>[], limit: number) {
    this.#model = model;
    this.#limit = limit;
    this.#under = new UnderWay(operations, (input) => model.footprint(input));
    this.#observers = this.#under.ops.map(({ input, output }) => model.observes(input, output));
  }

  run(): LinearVerdict {
    const words = Math.ceil(this.#under.endless.length / 32);
    const state = this.#model.init();
    const used = new Uint32Array(words);
    this.#reach({ at: 0, state, done: [], used, floor: Number.NEGATIVE_INFINITY, left: HINTED }, state, []);
    for (let point = this.#stack.pop(); point !== undefined; point = this.#stack.pop()) {
      if (point.at === this.#under.returns.length) return this.#answer('linearizable');
      if (this.#visited + this.#comparisons / COMPARISONS_A_VISIT >= this.#limit)
        return this.#answer('undecided');
      if (point.at > this.#farthest) this.#farthest = point.at;
      this.#extend(point);
    }
    return this.#answer('not-linearizable');
  }

  /** One way on goes on the stack, and the rest of the point below it. */
  #extend(point: Point<S>): void {
    const { at, done, floor } = point;
    const returning = this.#under.returns[at] as number;
    if (isAmong(done, returning)) {
      this.#pass(point);
      return;
    }
    if (point.left === OTHERS) {
      this.#tryOthers(point);
      return;
    }
    if (point.left === HINTED) {
      this.#stack.push({ ...point, left: DIRECT });
      for (const place of this.#under.hintedAt(at, floor)) if (this.#try(point, place)) return;
      return;
    }
    this.#stack.push({ ...point, left: OTHERS });
    const after = this.#step(point.state, returning);
    if (after === undefined) return;
    const hint = this.#under.hint(returning);
    const next = hint === Number.POSITIVE_INFINITY ? floor : Math.max(floor, hint);
    this.#reach({ ...point, at: at + 1, floor: next }, after, done);
  }

  /**
   * Goes past a return of what took effect before, and past those that follow, as long as nothing else is
   * invoked in between: while nothing changes, thousands of reads may be under way at once.
   */
  #pass(point: Point<S>): void {
    const { returns } = this.#under;
    const rest = new Set(point.done);
    let { at } = point;
    do rest.delete(returns[at++] as number);
    while (at < returns.length && rest.has(returns[at] as number) && !this.#under.opensAt(at));
    this.#reach({ ...point, at }, point.state, [...rest]);
  }

  /** All that may take effect before the one that returns: last on the stack what makes that possible. */
  #tryOthers(point: Point<S>): void {
    const returning = this.#under.returns[point.at] as number;
    const best: number[] = [];
    const related = this.#under.relatedAt(point.at);
    for (let i = related.length - 1; i >= 0; i--) {
      const place = related[i] as number;
      const after = this.#isDone(point, place) ? undefined : this.#step(point.state, place);
      if (after !== undefined && this.#step(after, returning) !== undefined) best.push(place);
      else if (after !== undefined) this.#try(point, place);
    }
    for (const place of best) this.#try(point, place);
  }

  /** Lets another operation take effect before the one that returns, if it can. */
  #try(point: Point<S>, place: number): boolean {
    if (this.#isDone(point, place)) return false;
    const after = this.#step(point.state, place);
    if (after === undefined) return false;
    const number = this.#under.endlessNumber[place] as number;
    if (number < 0) return this.#reach(point, after, inserted(point.done, place));
    // What need not ever take effect need not do so where it changes nothing.
    if (this.#model.equal(after, point.state)) return false;
    const used = point.used.slice();
    used[number >>> 5] = (used[number >>> 5] as number) | (1 << (number & 31));
    return this.#reach({ ...point, used }, after, point.done);
  }

  #isDone(point: Point<S>, place: number): boolean {
    const number = this.#under.endlessNumber[place] as number;
    if (number < 0) return isAmong(point.done, place);
    return (((point.used[number >>> 5] as number) >>> (number & 31)) & 1) === 1;
  }

  /** A point is reached, unless one like it was before. */
  #reach(from: Point<S>, state: S, done: readonly number[]): boolean {
    const { at, used, floor } = from;
    const settled = this.#settled(at, state, done);
    const key = `${at} ${this.#model.hash(state)} ${settled.join()}`;
    const known = this.#seen.get(key);
    this.#comparisons += known?.length ?? 0;
    if (known === undefined) this.#seen.set(key, [{ state, used }]);
    else if (known.some((other) => isWithin(other.used, used) && this.#model.equal(other.state, state)))
      return false;
    else known.push({ state, used });
    this.#visited++;
    this.#stack.push({ at, state, done: settled, used, floor, left: HINTED });
    return true;
  }

  /** What took effect, and with it what fits and changes nothing; both ascending. */
  #settled(at: number, state: S, done: readonly number[]): readonly number[] {
    const fresh = this.#under
      .openAt(at)
      .filter((place) => this.#observers[place] === true && !isAmong(done, place))
      .filter((place) => this.#step(state, place) !== undefined);
    return fresh.length === 0 ? done : [...done, ...fresh].sort((a, b) => a - b);
  }

  #step(state: S, place: number): S | undefined {
    const { input, output } = this.#under.ops[place] as Operation<I, O>;
    return this.#model.step(state, input, output);
  }

  #answer(verdict: LinearVerdict['verdict']): LinearVerdict {
    const visited = this.#visited;
    if (verdict !== 'not-linearizable') return { verdict, visited, stuck: -1, beside: [] };
    const id = (place: number) => (this.#under.ops[place] as Operation<I, O>).id;
    return {
      verdict,
      visited,
      stuck: id(this.#under.returns[this.#farthest] as number),
      beside: this.#under.openAt(this.#farthest).map(id),
    };
  }
}

/** Whether every bit of `a` is one of `b`. */
function isWithin(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] as number) & ~(b[i] as number)) !== 0) return false;
  return true;
}

function inserted(places: readonly number[], place: number): number[] {
  const at = places.findIndex((other) => other > place);
  return at < 0 ? [...places, place] : [...places.slice(0, at), place, ...places.slice(at)];
}
