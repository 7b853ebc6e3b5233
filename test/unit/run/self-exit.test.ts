import { expect, test } from 'vitest';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';

test('a server that ended itself is away from then on: who waits for it waits longer and longer', () => {
  const plan = parseScenario(`
title: The heir has no room for its first snapshot, and it is back five seconds later
duration: 12s
ensemble: { voters: 5, tickTime: 200ms, initLimit: 5, syncLimit: 5 }
clients: { count: 1, operations: 5, rate: 10/s }
faults:
  - { at: 4s, fullDisk: { server: 4 }, for: 2s }
  - { at: 5s, crash: 5 }
  - { at: 5500ms, start: 5 }
  - { at: 10s, start: crashed }
`);
  // Three tries of 3 s, and twice the time for which it was away.
  expect(simulate(plan).liveness.reason).toMatch(/before the bound of 18\d{3}(\.\d+)? ms/);
});
