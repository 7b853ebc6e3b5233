import { expect, test } from 'vitest';
import { readScenario } from '../../../../src/run/files.ts';
import { withLastingStalls } from '../../../../src/run/fuzz/lasting-stalls.ts';
import { runWhole } from '../../../../src/run/fuzz/run-whole.ts';
import { RunawayError } from '../../../../src/run/settled.ts';

const plan = readScenario('scenarios/bugs/zookeeper-1732.yaml');
const stalled = runWhole(plan);
const fixed = { ...plan, ensemble: { ...plan.ensemble, behaviour: [] } };

test('a stall counts that is still there when the run goes on for as long again', () => {
  expect(stalled.stalls.map(({ invariant }) => invariant)).toContain('all-join');
  expect(withLastingStalls(plan, stalled).stalls).toEqual(stalled.stalls);
});

test('a stall does not count that is over by then', () => {
  const longer: number[] = [];
  const outcome = withLastingStalls(plan, stalled, ({ durationUs }) => {
    longer.push(durationUs);
    return runWhole({ ...fixed, durationUs });
  });
  expect(longer).toEqual([2 * plan.durationUs]);
  expect(outcome).toEqual({ ...stalled, stalls: [] });
});

test('a stall counts in which servers go round in circles', () => {
  const outcome = withLastingStalls(plan, stalled, () => {
    throw new RunawayError('round and round');
  });
  expect(outcome).toBe(stalled);
});
