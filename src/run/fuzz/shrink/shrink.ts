import type { Action } from '../../../sim/fault.ts';
import type { Outcome } from '../../outcome.ts';
import type { Plan } from '../../plan.ts';
import { defaultName } from '../../read-faults.ts';
import { runWhole } from '../run-whole.ts';
import { roundingKnobs, spanKnobs, wordingKnobs } from './fault-knobs.ts';
import { joinFaults } from './join-faults.ts';
import { turnDown } from './knob.ts';
import { dropUnderOtherSeeds } from './other-seeds.ts';
import { resolvePlan } from './resolve-plan.ts';
import { listOf, shrinkDecisions } from './shrink-decisions.ts';
import { type RunPlan, type ShrinkBudget, Trial } from './trial.ts';
import { loadKnobs, memberKnobs, settingKnobs } from './world-knobs.ts';

/** A failing plan that was made small. */
export interface Shrunk {
  readonly plan: Plan;
  readonly outcome: Outcome;
  /** Runs that it took. */
  readonly runs: number;
}

/** What follows a violation is of no interest, but the event in which it came up must end. */
const AFTERMATH_US = 1000;

/**
 * Makes a failing plan small: fewer faults, simpler times, less load, fewer servers, usual settings; then
 * calm choices. Every step must show the same signature. What is best when the budget is used up is good
 * enough.
 *
 * @param outcome of a run of `plan`, which shows `signature`
 * @param onBetter told each smaller plan as it is found
 */
export function shrink(
  plan: Plan,
  outcome: Outcome,
  signature: string,
  budget: ShrinkBudget,
  onBetter: (plan: Plan, outcome: Outcome) => void = () => {},
  run: RunPlan = runWhole,
): Shrunk {
  const trial = new Trial(plan, outcome, signature, budget, onBetter, run);
  cut(trial);
  trial.upTo(0.6, () => {
    trial.upTo(0.3, () => fewerFaults(trial, plan));
    for (let before = -1; before !== sizeOf(trial.plan) && !trial.over; ) {
      before = sizeOf(trial.plan);
      turnDown(trial, memberKnobs);
      turnDown(trial, loadKnobs);
      turnDown(trial, settingKnobs);
      dropFaults(trial);
      joinFaults(trial);
    }
    trial.upTo(0.5, () => fewerFaults(trial, plan));
    turnDown(trial, spanKnobs);
    cut(trial);
  });
  trial.upTo(0.85, () => shrinkDecisions(trial));
  dropFaults(trial);
  joinFaults(trial);
  turnDown(trial, roundingKnobs);
  turnDown(trial, wordingKnobs(plan));
  trial.take(plainly(trial.plan, trial.outcome));
  cut(trial);
  return { plan: trial.plan, outcome: trial.outcome, runs: trial.runs };
}

/** Ends the run soon after the violation. A stall is one of the end, and stays where it is. */
function cut(trial: Trial): void {
  const endUs = Math.ceil((trial.shownAtUs + AFTERMATH_US) / 1000) * 1000;
  if (endUs >= trial.plan.durationUs) return;
  const faults = trial.plan.faults.filter(({ trigger }) => (trigger.atUs ?? 0) <= endUs);
  trial.take({ ...trial.plan, durationUs: endUs, faults });
}

/** Leaves out and joins faults, under other seeds as well. */
function fewerFaults(trial: Trial, original: Plan): void {
  do {
    trial.take(resolvePlan(trial.plan, trial.outcome));
    dropFaults(trial);
    joinFaults(trial);
  } while (dropUnderOtherSeeds(trial, original));
}

function dropFaults(trial: Trial): void {
  const { plan } = trial;
  if (plan.faults.length === 0) return;
  trial.reduce(listOf(plan.faults), [...plan.faults], (faults) => ({ ...trial.plan, faults }));
}

/** Without what was only of use while faults came and went: they are to fire, and need no names. */
function plainly(plan: Plan, { timeline }: Outcome): Plan {
  const fired = new Set(timeline.filter(({ phase }) => phase === 'fired').map(({ name }) => name));
  const kept = plan.faults.filter(({ name }) => fired.has(name));
  const names = new Map(kept.map(({ name }, index) => [name, defaultName(index)]));
  const faults = kept.map((fault, index) => ({
    ...fault,
    name: defaultName(index),
    optional: false,
    action: renamed(fault.action, names),
  }));
  return { ...plan, faults };
}

/** What it heals may have another name now. */
function renamed(action: Action, names: ReadonlyMap<string, string>): Action {
  return action.verb === 'heal' ? { ...action, what: names.get(action.what) ?? action.what } : action;
}

/** A measure of how much there is to a plan. */
function sizeOf({ faults, ensemble, clients }: Plan): number {
  const members = ensemble.voters.length + ensemble.observers.length;
  return faults.length + members + clients.count + (clients.operations ?? 0);
}
