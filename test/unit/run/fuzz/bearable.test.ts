import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bearable, isNear } from '../../../../src/run/fuzz/bearable.ts';
import { nemesis } from '../../../../src/run/fuzz/nemesis.ts';
import type { Plan } from '../../../../src/run/plan.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { simulate } from '../../../../src/run/simulate.ts';

test('ticks are long enough for the slowest links of a random plan', () => {
  // A message and its answer took 140 ms, and a leader waited for 200: it resigned without any fault.
  const far = nemesis(43041548, { profile: 'all', behaviour: [] });
  expect(far.ensemble.settings).toMatchObject({ tickTimeUs: 200_000, syncLimit: 2 });
  const { violations, stalls } = simulate(far, { untilSettled: true });
  expect([...violations, ...stalls]).toEqual([]);
  for (let seed = 1; seed <= 300; seed++) {
    const { network, ensemble } = nemesis(seed, { profile: 'all', behaviour: [] });
    expect(isNear(network, ensemble.settings), `seed ${seed}`).toBe(true);
  }
});

test('servers whose clocks drift do not come to the longest interval between two questions', () => {
  // One asked every 2 s, the other heard that just before it would have asked itself: neither was elected.
  const short = parseScenario(readFileSync(new URL('drifting-clocks.yaml', import.meta.url), 'utf8'));
  const run = (plan: Plan) => simulate(plan, { untilSettled: true });
  expect(run(short).stalls.map(({ rule }) => rule)).toEqual(['no leader serves']);
  const { violations, stalls } = run(bearable(short));
  expect([...violations, ...stalls]).toEqual([]);
});
