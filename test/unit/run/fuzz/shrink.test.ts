import { expect, test } from 'vitest';
import type { Finding } from '../../../../src/run/fuzz/chunk.ts';
import { foundPlan } from '../../../../src/run/fuzz/found-plan.ts';
import { nemesis } from '../../../../src/run/fuzz/nemesis.ts';
import { findingsOf } from '../../../../src/run/fuzz/run-chunk.ts';
import { runWhole } from '../../../../src/run/fuzz/run-whole.ts';
import { joinFaults } from '../../../../src/run/fuzz/shrink/join-faults.ts';
import { dropUnderOtherSeeds } from '../../../../src/run/fuzz/shrink/other-seeds.ts';
import { shrink } from '../../../../src/run/fuzz/shrink/shrink.ts';
import { type RunPlan, type ShrinkBudget, Trial } from '../../../../src/run/fuzz/shrink/trial.ts';
import type { Plan } from '../../../../src/run/plan.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { writeScenario } from '../../../../src/run/scenario-writer.ts';
import { simulate } from '../../../../src/run/simulate.ts';
import { PUBLIC_MUTANTS } from '../../../mutants/public-mutants.ts';
import { startMutant } from '../../../mutants/variant.ts';

const AMPLE: ShrinkBudget = { runs: 400, spent: () => 0 };

/** The first random plan that fails with a mutant's mistake, and how it fails. */
async function failing(name: keyof typeof PUBLIC_MUTANTS) {
  const start = await startMutant(PUBLIC_MUTANTS[name]);
  const run: RunPlan = (plan, decisions) => simulate(plan, decisions ? { start, decisions } : { start });
  for (let seed = 1; ; seed++) {
    const plan = nemesis(seed, { profile: 'all', behaviour: [] });
    const outcome = run(plan);
    const [finding] = findingsOf(outcome);
    if (finding !== undefined) return { plan, outcome, finding, run };
  }
}

/** As a file holds it. */
function filed(plan: Plan): Plan {
  return parseScenario(writeScenario(plan));
}

function signatures(plan: Plan, run: RunPlan): readonly string[] {
  return findingsOf(run(plan)).map(({ signature }: Finding) => signature);
}

test('a failing plan becomes small, and goes on failing alike, also from its file', async () => {
  const { plan, outcome, finding, run } = await failing('M10');
  const small = shrink(plan, outcome, finding.signature, AMPLE, undefined, run);
  expect(plan.faults.length).toBeGreaterThan(small.plan.faults.length);
  // The epoch must be written and its history not: everybody goes down, and two come up.
  expect(small.plan.faults.length).toBeLessThanOrEqual(4);
  expect(small.plan.clients.count).toBeLessThanOrEqual(3);
  expect(small.plan.durationUs).toBeLessThan(plan.durationUs / 2);
  expect(small.plan.decisions?.rest).toBe('calm');
  expect(small.plan.faults.every(({ optional }) => !optional)).toBe(true);
  expect(signatures(filed(small.plan), run)).toContain(finding.signature);
  const found = filed(foundPlan(small.plan, finding, small.outcome, '1.2.3', ['a sentence']));
  expect(run(found)).toMatchObject({ expected: true, fingerprint: found.found?.fingerprint });
  expect(findingsOf(simulate(found))).toEqual([]);
});

test('each plan that is told to be better fails alike, and is no larger', async () => {
  const { plan, outcome, finding, run } = await failing('M12');
  const better: Plan[] = [];
  shrink(plan, outcome, finding.signature, { ...AMPLE, runs: 60 }, (one) => better.push(one), run);
  expect(better.length).toBeGreaterThan(3);
  for (const one of better) expect(signatures(one, run)).toContain(finding.signature);
  const counts = better.map(({ faults }) => faults.length);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
});

test('no more is run than the budget allows; what is best then is returned', async () => {
  const { plan, outcome, finding, run } = await failing('M12');
  const out = shrink(plan, outcome, finding.signature, { runs: 1000, spent: () => 1 }, undefined, run);
  expect(out).toMatchObject({ runs: 0, plan });
  const few = shrink(plan, outcome, finding.signature, { runs: 10, spent: () => 0 }, undefined, run);
  expect(few.runs).toBe(10);
  expect(signatures(few.plan, run)).toContain(finding.signature);
});

const IN_PARTS = parseScenario(`
title: All servers go, one after the other
duration: 3s
ensemble: { voters: 3, behaviour: ZOOKEEPER-1282 }
faults:
  - { at: 500ms, crash: 1 }
  - { at: 510ms, crash: 2 }
  - { at: 900ms, start: 1 }
  - { at: 1s, start: 2 }
`);

/** On its way to a smaller plan that shows the same first of its findings. */
function trialOf(plan: Plan): Trial {
  const outcome = simulate(plan);
  const [finding] = findingsOf(outcome);
  if (finding === undefined) throw new Error('the plan does not fail');
  return new Trial(plan, outcome, finding.signature, AMPLE, () => {}, runWhole);
}

test('faults that do the same to several servers become one, and a crash with its start a restart', () => {
  const trial = trialOf(IN_PARTS);
  joinFaults(trial);
  expect(trial.plan.faults.map(({ action, trigger }) => ({ ...action, ...trigger }))).toMatchObject([
    { verb: 'restart', servers: [1, 2] },
  ]);
});

const LUCKY = parseScenario(`
title: The restart does nothing for the bug, but without it this seed brings other moments
seed: 8
duration: 10s
ensemble: { voters: 3, behaviour: ZOOKEEPER-962, start: { 1: 5s } }
clients: { count: 8, connect: [2, 3] }
stages: 1ms..20ms
faults:
  - { at: 1s, restart: 3 }
`);

test('a fault that only brought the rest to the right moment goes with another seed', () => {
  const trial = trialOf(LUCKY);
  expect(findingsOf(simulate({ ...LUCKY, faults: [] }))).toEqual([]);
  expect(dropUnderOtherSeeds(trial, LUCKY)).toBe(true);
  expect(trial.plan).toMatchObject({ faults: [] });
  expect(trial.plan.seed).not.toBe(LUCKY.seed);
});

test('a seed has others, also when it is the first or the last one', () => {
  for (const seed of [0, Number.MAX_SAFE_INTEGER]) {
    const tried: number[] = [];
    const { outcome } = trialOf(LUCKY);
    const note: RunPlan = (plan) => {
      tried.push(plan.seed);
      return { ...outcome, violations: [], stalls: [] };
    };
    dropUnderOtherSeeds(new Trial({ ...LUCKY, seed }, outcome, 'a', AMPLE, () => {}, note), LUCKY);
    expect(new Set(tried).size).toBe(24);
    expect(tried.every((one) => Number.isSafeInteger(one) && one >= 0 && one !== seed)).toBe(true);
  }
});
