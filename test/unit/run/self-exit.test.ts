import { expect, test } from 'vitest';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';

test('a server that ended itself is away from then on: who waits for it waits longer and longer', () => {
  const plan = parseScenario(`
title: The disk of a follower refuses, and it is back five seconds later
duration: 12s
ensemble: { voters: 3, tickTime: 200ms, initLimit: 5, syncLimit: 5 }
clients: { count: 1, rate: 10/s }
faults:
  - { at: 5s, failSync: { server: 1, times: 2 }, for: 1s }
  - { at: 10s, start: crashed }
`);
  // Three tries of 3 s, and twice the time for which it was away.
  expect(simulate(plan).liveness.reason).toMatch(/before the bound of 18\d{3}(\.\d+)? ms/);
});
