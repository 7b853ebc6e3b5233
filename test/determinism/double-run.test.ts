import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/node/facts.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { simulate } from '../../src/run/simulate.ts';
import { withTripwire } from '../tripwire.ts';

const SCENARIO = `
title: Servers crash, lose power, are paused and cut off under load
duration: 60s
ensemble: { voters: 5, observers: 1, snapCount: 50 }
network: { latency: { median: 1ms, p99: 20ms } }
clock: { skew: 0ms..50ms, drift: 0ppm..200ppm }
clients: { count: 3, rate: 50/s }
faults:
  - { at: 5s, crash: leader }
  - { after: 2s, restart: crashed }
  - { at: 12s, powerCut: follower }
  - { after: 3s, restart: crashed }
  - { at: 20s, partition: [[leader], rest], for: 15s }
  - { at: 40s, pause: minority, for: 4s }
`;

const SEEDS = [1, 2, 3, 4, 5];

test.each(SEEDS)('seed %i gives the same outcome twice, whoever ran in between', (seed) => {
  const first = simulate(parseScenario(SCENARIO), { seed });
  simulate(parseScenario(SCENARIO), { seed: seed + 100 });
  expect(simulate(parseScenario(SCENARIO), { seed })).toEqual(first);
});

test('another seed gives another run', () => {
  const fingerprints = SEEDS.map((seed) => simulate(parseScenario(SCENARIO), { seed }).fingerprint);
  expect(new Set(fingerprints).size).toBe(SEEDS.length);
});

test('a run reads no clock, no timer and no chance of the machine', () => {
  const plan = parseScenario(SCENARIO);
  expect(withTripwire(() => simulate(plan)).events).toBeGreaterThan(1000);
});

test('neither a trace nor the monitors change a run', () => {
  const plan = parseScenario(SCENARIO);
  const plain = simulate(plan);
  const told: TraceEvent['kind'][] = [];
  expect(simulate(plan, { trace: (event) => void told.push(event.kind) })).toEqual(plain);
  expect(told.length).toBeGreaterThan(plain.events);
  const unwatched = simulate(plan, { monitors: false });
  expect([unwatched.fingerprint, unwatched.checkpoints]).toEqual([plain.fingerprint, plain.checkpoints]);
});

test('what is lent to witnesses may be spoilt: nobody keeps it', () => {
  const lent = new Set(['txn-applied', 'txn-acked', 'txn-logged', 'appended', 'synced']);
  const mix = SCENARIO.replace('rate: 50/s', 'rate: 50/s, mix: { create: 2, set: 3, get: 2 }');
  for (const plan of [parseScenario(SCENARIO), parseScenario(mix)]) {
    let spoilt = 0;
    const spoil = (event: TraceEvent): void => {
      spoilt++;
      for (const key of Object.keys(event))
        if (key !== 'kind' && key !== 'server') Reflect.set(event, key, -1);
    };
    const witnesses = [{ wants: (kind: string) => lent.has(kind), observe: spoil }];
    expect(simulate(plan, { witnesses })).toEqual(simulate(plan));
    expect(spoilt).toBeGreaterThan(1000);
  }
});
