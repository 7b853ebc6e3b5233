import type { Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { type Happening, Recording } from './recording.ts';

/** A run, with everything that happened in it. */
export interface Recorded {
  readonly outcome: Outcome;
  readonly happenings: readonly Happening[];
}

/** Runs a plan and keeps all that happens. Pure, as `simulate` is. */
export function record(plan: Plan, seed: number): Recorded {
  const recording = new Recording();
  const outcome = simulate(plan, { seed, trace: (event, moment) => recording.observe(event, moment) });
  return { outcome, happenings: recording.happenings };
}
