import { expect, test } from 'vitest';
import { parseScenario } from '../../src/run/scenario.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Mutant } from './mutation.ts';
import { STEP_MUTANTS as step } from './step-mutants.ts';
import { startMutant } from './variant.ts';

/** Mistakes that show only where the ensemble, or the time that its servers take, is not the usual one. */
const ROWS: readonly [invariant: string, mutant: Mutant, scenario: string][] = [
  [
    'vote-only-improves',
    step.electsWeightless,
    `
title: Server 3 has no weight, and the highest id
duration: 5s
ensemble: { voters: 3, weights: { 3: 0 } }
`,
  ],
  [
    'majority-commit',
    step.countsHeads,
    `
title: Three of five are a majority, and one group of two
duration: 20s
ensemble: { voters: 5, groups: [[1, 2, 3], [4, 5]], start: { 4: 8s, 5: 8s } }
clients: { count: 1, connect: [1, 2, 3] }
`,
  ],
  [
    'joins-settle',
    step.neverOpens,
    `
title: The processors of a leader take their time to start
duration: 120s
ensemble: { voters: 3 }
work: { start-leading: 1ms }
`,
  ],
];

for (const [invariant, mutant, scenario] of ROWS) {
  test(`${invariant} breaks when ${mutant.name}`, async () => {
    const plan = parseScenario(scenario);
    const broken = simulate(plan, { start: await startMutant(mutant) });
    const names = [...broken.violations, ...broken.stalls].map((found) => found.invariant);
    expect(names).toContain(invariant);
    const fixed = simulate(plan);
    expect([...fixed.violations, ...fixed.stalls]).toEqual([]);
  });
}
