import { expect, test } from 'vitest';
import { withoutLooseHeals } from '../../../../src/run/fuzz/loose-heals.ts';
import { resolvePlan } from '../../../../src/run/fuzz/shrink/resolve-plan.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { simulate } from '../../../../src/run/simulate.ts';

const PLAN = parseScenario(`
title: A follower is back when a write has been acked
duration: 20s
ensemble: { voters: 3 }
clients: { count: 1, rate: 10/s }
faults:
  - { at: 2s, name: away, isolate: 1, for: 10s }
  - { when: { fact: txn-acked, server: 2, from: 3s }, heal: away }
  - { at: 15s, heal: all }
`);

test('what heals a fault goes with it, what heals all stays', () => {
  const [away, back, all] = PLAN.faults;
  expect(withoutLooseHeals(PLAN.faults)).toBe(PLAN.faults);
  expect(withoutLooseHeals(PLAN.faults.slice(1))).toEqual([all]);
  expect(away?.name).toBe('away');
  expect(back?.action).toEqual({ verb: 'heal', what: 'away' });
});

test('a fault that was healed by name lasts as long as it did, once the plan is resolved', () => {
  const { faults } = resolvePlan(PLAN, simulate(PLAN));
  expect(faults.map(({ action }) => action.verb)).toEqual(['isolate']);
  expect(faults[0]?.forUs).toBeGreaterThan(1_000_000);
  expect(faults[0]?.forUs).toBeLessThan(1_200_000);
});
