import { expect, test } from 'vitest';
import { judged, type MutantPlan } from './harness.ts';
import { load, type Mutant } from './mutation.ts';
import { randomPlan } from './nemesis.ts';
import { observed, twoOffers } from './scripts.ts';
import { STEP_MUTANTS as step } from './step-mutants.ts';

/** Rules that the mutants of the other tables leave alone, each with a mistake that breaks it. */
const ROWS: readonly [rule: string, mutant: Mutant, seed: number, plan?: (seed: number) => MutantPlan][] = [
  ['a server leads that votes for another', step.strongestLeads, 0],
  ['a vote claims another epoch than the disk holds', step.claimsNextEpoch, 0],
  ['acceptedEpoch went back', step.forgetsPromise, 0],
  ['currentEpoch went back', step.forgetsEpoch, 0],
  ['an ack is for what nobody proposed', step.acksNext, 0],
  ['TRUNC goes beyond the end of the learner’s log', step.truncsTooLittle, 54],
  ['TRUNC goes below what is committed', step.truncsTooMuch, 54],
  ['a server promised one epoch to two leaders', step.promisesTwice, 0, twoOffers],
  ['a server that does not vote was elected', step.electsObserver, 0, observed],
];

/** Seeds tried after the known one. */
const SEEDS = 100;

for (const [rule, mutant, first, plan = randomPlan] of ROWS) {
  test(`“${rule}” is said when ${mutant.name}`, async () => {
    const loaded = await load(mutant);
    const seeds = Array.from({ length: SEEDS }, (_, i) => first + i);
    const told = (seed: number) => judged(plan(seed), loaded).violations.map((found) => found.rule);
    const seed = seeds.find((candidate) => told(candidate).includes(rule));
    expect(seed).toBeDefined();
    expect(judged(plan(seed ?? first)).broken).toEqual([]);
  });
}
