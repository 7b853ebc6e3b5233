import { expect, test } from 'vitest';
import type { StartWorld } from '../../../src/run/registry/protocols.ts';
import { parseScenario } from '../../../src/run/scenario.ts';
import { RunawayError } from '../../../src/run/settled.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { startZab } from '../../../src/run/zab-world.ts';

function plan(faults: string) {
  return parseScenario(`
title: settling
duration: 60s
ensemble: { voters: 3, tickTime: 200ms }
clients: { count: 1, rate: 10/s }
faults:
${faults}
`);
}

const FAILOVER = plan(`
  - { at: 3s, crash: leader }
  - { at: 5s, start: crashed }
`);

test('a run ends when its faults are over, everybody is in and writes commit', () => {
  const whole = simulate(FAILOVER);
  const settled = simulate(FAILOVER, { untilSettled: true });
  expect(settled.virtualUs).toBeGreaterThan(6_000_000);
  expect(settled.virtualUs).toBeLessThan(10_000_000);
  expect(settled.servers.map(({ state }) => state).sort()).toEqual(['following', 'following', 'leading']);
  // It is the whole run up to there.
  expect(whole.leaders).toEqual(settled.leaders);
  expect(whole.checkpoints.slice(0, settled.checkpoints.length)).toEqual(settled.checkpoints);
});

test.each([
  ['a server stays down', '  - { at: 3s, crash: 1 }'],
  ['a fault has no end', '  - { at: 3s, isolate: 1 }'],
  ['a fault may still come', '  - { when: { fact: leader-elected, nth: 9 }, crash: 1, optional: true }'],
  ['no write commits', '  - { at: 3s, crash: all }\n  - { at: 4s, start: 1 }'],
])('a run goes on to its end when %s', (_why, faults) => {
  expect(simulate(plan(faults), { untilSettled: true }).virtualUs).toBe(60_000_000);
});

test('a run of servers that go round in circles is ended', () => {
  const restless: StartWorld = (planned, decisions, witness) =>
    startZab(planned, decisions, witness, {
      createNode: (_config, env) => {
        const again = (): void => env.setTimer('tick', 0);
        again();
        return {
          handle: again,
          inspect: () => ({
            state: 'looking',
            acceptedEpoch: 0,
            currentEpoch: 0,
            lastZxid: 0,
            lastCommitted: 0,
          }),
        };
      },
    });
  expect(() => simulate(FAILOVER, { untilSettled: true, start: restless })).toThrow(RunawayError);
});

test('nor may a whole run, if that is asked for', () => {
  const { events } = simulate(FAILOVER);
  expect(simulate(FAILOVER, { mostEvents: events + 1 }).events).toBe(events);
  expect(() => simulate(FAILOVER, { mostEvents: events })).toThrow(RunawayError);
});
