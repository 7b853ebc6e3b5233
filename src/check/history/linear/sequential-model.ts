import type { Operation } from './operation.ts';

/** What an operation depends on and what it changes, as names of the model's own. */
export interface Footprint {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** What an object does when operations come one at a time. States are values: they are never changed. */
export interface SequentialModel<S, I, O> {
  init(): S;
  /** The state after it, or `undefined` when this answer cannot be; any answer will do for `undefined`. */
  step(state: S, input: I, output: O | undefined): S | undefined;
  /** Whether it changes nothing in any state: it reads, or it failed. */
  observes(input: I, output: O | undefined): boolean;
  equal(a: S, b: S): boolean;
  /** Equal states, equal hashes. */
  hash(state: S): number;
  /** Parts that do not influence one another: the whole is linearizable when each is (Herlihy & Wing). */
  partition(operations: readonly Operation<I, O>[]): readonly (readonly Operation<I, O>[])[];
  /**
   * Two operations may change places unless one of them reads what the other writes; one whose writing must
   * not be swapped with another's reads what it writes.
   */
  footprint(input: I): Footprint;
}
