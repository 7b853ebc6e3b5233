import { DefectError } from '../core/assert.ts';
import { readScenario } from './files.ts';
import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

/** Runs to do: one scenario file with the seeds `from..to`, both included. */
export interface SeedsTask {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** A run that was done. */
export interface Ran {
  readonly outcome: Outcome;
  /** How long it took, in ms of the machine's time. No part of the outcome. */
  readonly wallMs: number;
}

/** Does the runs of a task: the work of a worker thread. */
export function runSeeds(task: SeedsTask): readonly Ran[] {
  const plan = readScenario(task.file);
  const seeds = Array.from({ length: task.to - task.from + 1 }, (_, i) => task.from + i);
  return seeds.map((seed) => runPlan(plan, seed));
}

/** Runs a plan once. A defect of zabsim comes out with the file and the seed in its message. */
export function runPlan(
  plan: Plan,
  seed: number,
  told: Pick<SimulateOptions, 'trace' | 'ended' | 'history'> = {},
): Ran {
  const beganMs = performance.now();
  try {
    const outcome = simulate(plan, { seed, ...told });
    return { outcome, wallMs: performance.now() - beganMs };
  } catch (error) {
    throw new DefectError(`${plan.file}, seed ${seed}: ${String(error)}`, { cause: error });
  }
}
