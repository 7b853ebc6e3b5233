import type * as fc from 'fast-check';
import type { Decisions } from '../../../core/decisions.ts';
import type { Outcome } from '../../outcome.ts';
import type { Plan } from '../../plan.ts';
import { signatureOf } from '../../signature.ts';
import { withoutLooseHeals } from '../loose-heals.ts';

/** The verbs that take servers down. */
export const DOWN: readonly string[] = ['crash', 'powerCut', 'stop'];

/**
 * Whether disks are damaged only right after their servers went down. What a running server makes of a disk
 * that is damaged under it is another failure, though it may look the same.
 */
function isSound({ faults }: Plan): boolean {
  return faults.every(({ action }, i) => {
    if (action.verb !== 'corrupt' && action.verb !== 'wipe') return true;
    return DOWN.includes(faults[i - 1]?.action.verb ?? '');
  });
}

/** How much may be spent on making one failure smaller. */
export interface ShrinkBudget {
  /** Runs of plans. */
  readonly runs: number;
  /** Asked before each run: the part of the time that is used up. From 1 on, what is best has to do. */
  readonly spent: () => number;
}

/** Runs a plan, with decisions that may be others than its own. */
export type RunPlan = (plan: Plan, decisions?: Decisions) => Outcome;

/**
 * A failing plan on its way to a smaller one that fails alike. Every smaller plan that does is kept as the
 * best so far.
 */
export class Trial {
  readonly #signature: string;
  readonly #budget: ShrinkBudget;
  readonly #onBetter: (plan: Plan, outcome: Outcome) => void;
  readonly run: RunPlan;
  #plan: Plan;
  #outcome: Outcome;
  #runs = 0;
  /** The part of the budget that may be used for now. */
  #share = 1;

  /** @param outcome of a run of `plan`, which shows `signature` */
  constructor(
    plan: Plan,
    outcome: Outcome,
    signature: string,
    budget: ShrinkBudget,
    onBetter: (plan: Plan, outcome: Outcome) => void,
    run: RunPlan,
  ) {
    this.#plan = plan;
    this.#outcome = outcome;
    this.#signature = signature;
    this.#budget = budget;
    this.#onBetter = onBetter;
    this.run = run;
  }

  /** The best so far. */
  get plan(): Plan {
    return this.#plan;
  }

  /** Of the best so far. */
  get outcome(): Outcome {
    return this.#outcome;
  }

  get runs(): number {
    return this.#runs;
  }

  /** Whether the budget is used up, as far as it may be for now. */
  get over(): boolean {
    return this.#runs >= this.#budget.runs * this.#share || this.#budget.spent() >= this.#share;
  }

  /** Does something with a part of the budget at most, so that some is left for the rest. */
  upTo(share: number, work: () => void): void {
    const before = this.#share;
    this.#share = Math.min(share, before);
    work();
    this.#share = before;
  }

  /** Virtual µs at which the best so far shows the signature. */
  get shownAtUs(): number {
    const { violations, stalls } = this.#outcome;
    return [...violations, ...stalls].find((one) => signatureOf(one) === this.#signature)?.atUs ?? 0;
  }

  /** Takes a plan for the best when it fails alike; says whether it does. */
  take(wished: Plan): boolean {
    const candidate = { ...wished, faults: withoutLooseHeals(wished.faults) };
    if (this.over || (isSound(this.#plan) && !isSound(candidate))) return false;
    this.#runs++;
    const outcome = this.#failing(candidate);
    if (outcome === undefined) return false;
    this.#plan = candidate;
    this.#outcome = outcome;
    this.#onBetter(candidate, outcome);
    return true;
  }

  /**
   * Lets fast-check make a value smaller, from which a plan is rebuilt.
   *
   * @param start the value that stands for the plan as it is; `arbitrary` must be able to shrink it
   */
  reduce<T>(arbitrary: fc.Arbitrary<T>, start: T, rebuild: (value: T) => Plan): void {
    if (this.over) return;
    if (!arbitrary.canShrinkWithoutContext(start)) throw new Error('fast-check cannot shrink this value');
    // As `fc.check` does it with a failing example; that goes on to list what it may not try any more.
    let best: Pick<fc.Value<T>, 'value' | 'context'> | undefined = { value: start, context: undefined };
    while (best !== undefined)
      best = this.#firstThatFails(arbitrary.shrink(best.value, best.context), rebuild);
  }

  #firstThatFails<T>(smaller: fc.Stream<fc.Value<T>>, rebuild: (value: T) => Plan): fc.Value<T> | undefined {
    for (const candidate of smaller) {
      if (this.over) return undefined;
      if (this.take(rebuild(candidate.value))) return candidate;
    }
    return undefined;
  }

  /** A plan in which zabsim goes wrong itself shows something else. */
  #failing(plan: Plan): Outcome | undefined {
    try {
      const outcome = this.run(plan);
      const shown = [...outcome.violations, ...outcome.stalls].some(
        (one) => signatureOf(one) === this.#signature,
      );
      return shown ? outcome : undefined;
    } catch {
      return undefined;
    }
  }
}
