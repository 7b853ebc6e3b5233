import type { Fault } from '../../../sim/fault.ts';
import type { Plan } from '../../plan.ts';
import type { Trial } from './trial.ts';
import { startingAtOnce } from './world-knobs.ts';

/** How many seeds a plan without a fault is tried with before it is thought to need that fault. */
const SEEDS = 24;

/**
 * Leaves out a fault, or a late start, that only brought the rest to the right moment: without it everything
 * comes at another time, and another seed may bring the moment as well. What is left then happens when it
 * did, or waits for what it was written to wait for.
 *
 * @param original the plan as it was written
 * @returns whether there is one less
 */
export function dropUnderOtherSeeds(trial: Trial, original: Plan): boolean {
  const { plan } = trial;
  // Choices that are pinned are those of its own seed.
  if (plan.decisions !== undefined) return false;
  const less = withOneLess(plan, original);
  for (let apart = 1; apart <= SEEDS; apart++) {
    const seed = plan.seed < apart ? plan.seed + apart : plan.seed - apart;
    for (const one of less) {
      if (trial.over) return false;
      if (trial.take({ ...one, seed })) return true;
    }
  }
  return false;
}

/** Late faults first: those before them stay as they are. */
function withOneLess(plan: Plan, original: Plan): readonly Plan[] {
  const written = new Map(original.faults.map((fault) => [fault.name, fault]));
  const late = [...plan.ensemble.start].filter(([, startUs]) => startUs !== undefined);
  return [
    ...plan.faults.toReversed().flatMap((gone) => {
      const faults = plan.faults.filter((fault) => fault !== gone);
      const worded = faults.map((fault) => asWritten(fault, written.get(fault.name)));
      return [faults, worded].map((some) => ({ ...plan, faults: some }));
    }),
    ...late.map(([id]) => startingAtOnce(plan, id)),
  ];
}

/** The fault as it was written, unless it does something else by now; it lasts as long as it did. */
function asWritten(fault: Fault, written: Fault | undefined): Fault {
  return written?.action.verb === fault.action.verb ? { ...written, forUs: fault.forUs } : fault;
}
