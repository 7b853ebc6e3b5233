import { expect, test } from 'vitest';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { simulate } from '../../../../src/run/simulate.ts';

const ROLLING = parseScenario(`
title: Epochs that are soon used up
duration: 30s
ensemble: { voters: 3, tickTime: 200ms, initialCounter: 4294967265 }
clients: { count: 1, rate: 10/s, mix: { set: 1 } }
`);

test('a run has healed when the last epoch that was used up has ended', () => {
  let healedUs = -1;
  const { leaders } = simulate(ROLLING, {
    history: ({ entries }) => {
      for (const entry of entries) if (entry.kind === 'final') healedUs = entry.healedUs;
    },
  });
  const ends = leaders.flatMap(({ ended, endedAtUs }) => (ended.includes('rollover') ? [endedAtUs] : []));
  expect(ends.length).toBeGreaterThan(2);
  expect(healedUs).toBe(Math.max(...ends));
});
