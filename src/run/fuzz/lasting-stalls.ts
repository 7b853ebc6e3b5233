import type { Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { RunawayError } from '../settled.ts';
import { signatureOf } from '../signature.ts';
import { runWhole } from './run-whole.ts';

/**
 * The outcome of a random plan without the stalls that are over when its run goes on for as long again. A
 * plan ends at a moment that has nothing to do with what happens in it: a leader may just have gone under its
 * load, and its successor be on the way. What does not come to an end by itself is there later as well.
 *
 * @param run runs a plan to its end
 */
export function withLastingStalls(
  plan: Plan,
  outcome: Outcome,
  run: (plan: Plan) => Outcome = runWhole,
): Outcome {
  if (outcome.stalls.length === 0) return outcome;
  try {
    const later = new Set(run({ ...plan, durationUs: 2 * plan.durationUs }).stalls.map(signatureOf));
    return { ...outcome, stalls: outcome.stalls.filter((stall) => later.has(signatureOf(stall))) };
  } catch (error) {
    // What goes round in circles for so long does not settle.
    if (error instanceof RunawayError) return outcome;
    throw error;
  }
}
