import type { Decisions } from '../../core/decisions.ts';
import type { Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { MOST_EVENTS } from '../settled.ts';
import { simulate } from '../simulate.ts';

/**
 * Runs a random plan, or what a failing one was made into, to its end.
 *
 * @param decisions instead of the plan's
 * @throws RunawayError when there is no end to what happens: under ZOOKEEPER-1419 votes go round in circles
 */
export function runWhole(plan: Plan, decisions?: Decisions): Outcome {
  return simulate(plan, { mostEvents: MOST_EVENTS, ...(decisions === undefined ? {} : { decisions }) });
}
