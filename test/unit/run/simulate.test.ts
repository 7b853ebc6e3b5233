import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/node/facts.ts';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';

const CALM = `
title: Three servers and a client
duration: 20s
ensemble: { voters: 3, tickTime: 200ms, initLimit: 5, syncLimit: 5 }
clients: { count: 1, operations: 50, rate: 10/s }
`;

describe('a calm run', () => {
  const outcome = simulate(parseScenario(CALM));

  test('passes, is live, and serves its client', () => {
    expect(outcome).toMatchObject({
      verdict: 'passed',
      expected: true,
      violations: [],
      stalls: [],
      liveness: { judged: true },
      clients: { ok: 50, failed: 0, unknown: 0 },
      virtualUs: 20_000_000,
      unavailableUs: 0,
      assumptions: [],
    });
    expect(outcome.commits).toBeGreaterThanOrEqual(50);
  });

  test('has one leader, whom the others follow', () => {
    expect(outcome.leaders).toMatchObject([{ server: 3, epoch: 1, endedAtUs: -1, ended: '' }]);
    expect(outcome.servers.map((server) => server.state)).toEqual(['following', 'following', 'leading']);
    expect(new Set(outcome.servers.map((server) => server.lastZxid)).size).toBe(1);
  });

  test('has a checkpoint for every 1,024 events', () => {
    expect(outcome.checkpoints).toHaveLength(Math.floor(outcome.events / 1024));
  });
});

test('checkpoints see the run as it stood then, whatever their order in the file', () => {
  const faults = 'faults: [{ at: 5s, crash: leader }, { at: 10s, restart: 3 }]';
  const expectations = `
expect:
  checkpoints:
    - { at: 12s, leader: 2, epoch: 2, roles: { 1: following, 2: leading, 3: following } }
    - { at: 100ms, leader: none, epoch: 0, roles: { 1: looking } }
    - { at: 4s, leader: 3, epoch: 1 }
    - { at: 5s, leader: none, epoch: 1, roles: { 3: stopped } }
`;
  const outcome = simulate(parseScenario(CALM + faults + expectations));
  expect(outcome.unmet).toEqual([]);
});

test('a stop at a checkpoint does not change the run', () => {
  const plain = simulate(parseScenario(CALM));
  const sliced = simulate(parseScenario(`${CALM}expect: { checkpoints: [{ at: 333ms }, { at: 7s }] }`));
  expect(sliced.fingerprint).toBe(plain.fingerprint);
});

test('a fault that never fires makes the run not as expected, unless it is optional', () => {
  const fault = (more: string) => `faults: [{ when: { fact: session-expired }, crash: 1${more} }]`;
  expect(simulate(parseScenario(CALM + fault('')))).toMatchObject({
    verdict: 'passed',
    expected: false,
    unfired: ['fault 1'],
    unmet: [{ expect: 'faults' }],
  });
  expect(simulate(parseScenario(CALM + fault(', optional: true')))).toMatchObject({
    expected: true,
    unfired: [],
  });
});

test('a stopped server shows what its disk holds', () => {
  const faults = 'faults: [{ at: 10s, crash: 1 }]';
  const [stopped, running] = simulate(parseScenario(CALM + faults)).servers;
  expect(stopped).toMatchObject({ state: 'stopped', acceptedEpoch: 1, currentEpoch: 1 });
  expect(stopped?.lastZxid).toBe(running?.lastZxid);
});

test('liveness is not judged while a majority is down, and says so', () => {
  const outcome = simulate(parseScenario(`${CALM}faults: [{ at: 5s, crash: [1, 2] }]`));
  expect(outcome.liveness.judged).toBe(false);
  expect(outcome.liveness.reason).not.toBe('');
  expect(outcome.leaders.at(-1)?.endedAtUs).toBeGreaterThan(0);
});

test('disks can hold a history before the first start', () => {
  const initial = `
initial:
  1: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1, 1:2] }
  2: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1] }
`;
  const outcome = simulate(parseScenario(CALM + initial));
  expect(outcome.violations).toEqual([]);
  expect(outcome.leaders).toMatchObject([{ server: 1, epoch: 2 }]);
});

test('pinned decisions hold under calm ones', () => {
  const decisions = 'decisions: { rest: calm }';
  const first = simulate(parseScenario(CALM + decisions), { seed: 1 });
  expect(simulate(parseScenario(CALM + decisions), { seed: 2 }).fingerprint).toBe(first.fingerprint);
});

test('a trace is told everything, in order', () => {
  const kinds = new Set<TraceEvent['kind']>();
  let last = 0;
  simulate(parseScenario(CALM), {
    trace: (event, moment) => {
      kinds.add(event.kind);
      expect(moment.event).toBeGreaterThanOrEqual(last);
      last = moment.event;
    },
  });
  for (const kind of [
    'restarted',
    'looking',
    'sent',
    'delivered',
    'synced',
    'txn-logged',
    'invoked',
  ] as const) {
    expect(kinds).toContain(kind);
  }
});

test('a fault that found nobody says whom it looked for, and the next one that it waited', () => {
  const faults = 'faults: [{ at: 5s, restart: crashed }, { after: 1s, crash: leader }]';
  const outcome = simulate(parseScenario(CALM + faults));
  expect(outcome.unmet).toEqual([
    {
      expect: 'faults',
      wanted: 'fault 1 fires',
      got: 'when its trigger came, at 5s, no server that had run was down',
      atUs: 5_000_000,
    },
    { expect: 'faults', wanted: 'fault 2 fires', got: 'the fault before it never fired', atUs: 20_000_000 },
  ]);
  expect(outcome.unfired).toEqual(['fault 1', 'fault 2']);
});

test.each([
  ['one that never ran', 'initial: {}', []],
  ['one that was given something', 'initial: { 3: { log: [1:1] } }', ['the disk of voter 3 was wiped']],
])('a wiped disk breaks an assumption where something was on it: %s', (_what, initial, assumptions) => {
  const late = CALM.replace('syncLimit: 5', 'syncLimit: 5, start: { 3: never }');
  const outcome = simulate(parseScenario(`${late}${initial}\nfaults: [{ at: 1s, wipe: 3 }]`));
  expect(outcome.assumptions).toEqual(assumptions);
});

test('what a bug leaves on a disk is not called impossible', () => {
  const disks = `
initial:
  1: { acceptedEpoch: 2, currentEpoch: 1, log: [1:1, 2:1] }
  2: { acceptedEpoch: 2, currentEpoch: 2, log: [1:1, 2:1] }
  3: { acceptedEpoch: 2, currentEpoch: 2, log: [1:1, 2:1] }
`;
  const buggy = CALM.replace('syncLimit: 5', 'syncLimit: 5, behaviour: ZOOKEEPER-1653');
  const { assumptions } = simulate(parseScenario(buggy + disks));
  expect(assumptions).toEqual([
    expect.stringMatching(/^server 1 was given a disk with which it does not start: .*current epoch, 1/),
  ]);
});
