import { describe, expect, test } from 'vitest';
import { nodeId } from '../../../src/node/ids.ts';
import type { Plan } from '../../../src/run/plan.ts';
import { parseScenario } from '../../../src/run/scenario.ts';
import { scenarioJsonSchema } from '../../../src/run/schema.ts';
import type { Action } from '../../../src/sim/fault.ts';

const DOCUMENTED = `
title: A proposal in flight when its leader dies commits everywhere or nowhere      # required
source: Zab (DSN 2011) section III; ZOOKEEPER-2845
protocol: zab
seed: 7
duration: 120s
ensemble:
  voters: 3
  observers: 0
  tickTime: 2000ms
  initLimit: 10                     # ticks
  syncLimit: 5
  snapCount: 100000
  # weights: { 1: 2 }
  behaviour: fixed
  start: { 1: 0s, 2: 3s, 3: 6s }
initial:
  1: { acceptedEpoch: 1, currentEpoch: 1, log: [0x100000001, 0x100000002] }
network:
  latency: 1ms..4ms
  links:
    - { between: [[1, 2], [3]], latency: 40ms..45ms }
disk:    { sync: 2ms..9ms }
clock:   { skew: 0ms..50ms, drift: 0ppm..200ppm }
clients: { count: 2, operations: 200, rate: 100/s, connect: any, sessionTimeout: 10s }
faults:
  - { at: 10s, crash: leader }
  - { when: { fact: txn-proposed, server: leader, nth: 5 }, partition: [[leader], rest] }
  - { after: 8s, heal: all }
  - { after: 1s, restart: crashed }
expect:
  verdict: passed
  leader: 3
  epoch: 2
  roles: { 1: following, 2: following, 3: leading }
  elections: 2
  commits: ">= 200"
  unavailable: "< 12s"
  checkpoints:
    - { at: 9s, leader: 3, epoch: 1 }
    - { at: 12s, leader: none }
`;

const ids = (...numbers: number[]) => numbers.map(nodeId);

function actionOf(fault: string): Action | undefined {
  const plan = parseScenario(`title: t\nclients: { count: 2 }\nfaults:\n  - ${fault}`);
  return plan.faults[0]?.action;
}

describe('the scenario of the documentation', () => {
  const plan = parseScenario(DOCUMENTED, 'x.yaml');

  test('has its head', () => {
    expect(plan).toMatchObject({
      file: 'x.yaml',
      protocol: 'zab',
      seed: 7,
      durationUs: 120000000,
      found: undefined,
    });
    expect(plan.title).toMatch(/^A proposal in flight/);
    expect(plan.source).toBe('Zab (DSN 2011) section III; ZOOKEEPER-2845');
  });

  test('has its ensemble', () => {
    expect(plan.ensemble.voters).toEqual([1, 2, 3]);
    expect(plan.ensemble.observers).toEqual([]);
    expect(plan.ensemble.behaviour).toEqual([]);
    expect([...plan.ensemble.start]).toEqual([
      [1, 0],
      [2, 3000000],
      [3, 6000000],
    ]);
    expect(plan.ensemble.settings).toMatchObject({ tickTimeUs: 2000000, initLimit: 10, syncLimit: 5 });
  });

  test('has its disks, delays and clients', () => {
    expect(plan.initial.get(nodeId(1))).toEqual({
      acceptedEpoch: 1,
      currentEpoch: 1,
      log: [0x100000001, 0x100000002],
      snapshot: undefined,
      dataDir: undefined,
    });
    expect(plan.network.latency).toMatchObject({ minUs: 1000, maxUs: 4000 });
    expect(plan.network.links[0]).toMatchObject({
      a: [1, 2],
      b: [3],
      latency: { minUs: 40000, maxUs: 45000 },
    });
    expect(plan.clock.driftPpm).toMatchObject({ minUs: 0, maxUs: 200 });
    expect(plan.clients).toMatchObject({ count: 2, operations: 200, perSecondMilli: 100000, connect: [] });
  });

  test('has its faults, named by their place', () => {
    const [crash, partition, heal, restart] = plan.faults;
    expect(crash).toMatchObject({
      name: 'fault 1',
      trigger: { atUs: 10000000 },
      action: { servers: ['leader'] },
    });
    expect(partition?.action).toEqual({ verb: 'partition', groups: [['leader'], ['rest']] });
    expect(partition?.trigger.when).toMatchObject({
      fact: 'txn-proposed',
      server: ['leader'],
      nth: 5,
      since: 'start',
    });
    expect(heal).toMatchObject({ trigger: { afterUs: 8000000 }, action: { verb: 'heal', what: 'all' } });
    expect(restart).toMatchObject({ name: 'fault 4', optional: false, forUs: undefined });
  });

  test('has its expectations', () => {
    expect(plan.expect).toMatchObject({ verdict: 'passed', leader: 3, epoch: 2 });
    expect(plan.expect.elections).toEqual({ operator: '=', value: 2, text: '2' });
    expect(plan.expect.commits).toEqual({ operator: '>=', value: 200, text: '>= 200' });
    expect(plan.expect.unavailableUs).toEqual({ operator: '<', value: 12000000, text: '< 12s' });
    expect(plan.expect.checkpoints.map((point) => point.leader)).toEqual([3, 'none']);
  });
});

test('a title is all that a scenario needs', () => {
  const plan: Plan = parseScenario('title: nothing happens');
  expect(plan).toMatchObject({ file: '-', seed: 1, durationUs: 60000000, faults: [], clients: { count: 0 } });
  expect(plan.ensemble.voters).toEqual([1, 2, 3]);
  expect(plan.network.latency).toMatchObject({ minUs: 500, maxUs: 1500 });
  expect(plan.disk.sync).toMatchObject({ minUs: 2000, maxUs: 6000 });
  expect(plan.stages).toMatchObject({ minUs: 10, maxUs: 60 });
  expect(plan.ensemble.settings).toMatchObject({
    snapshotSizeFactorPpm: 330000,
    maxTimeToWaitForEpochUs: -1,
  });
});

test('a byte order mark, carriage returns, anchors and JSON are read as YAML has them', () => {
  const plan = parseScenario(
    '\ufefftitle: t\r\nduration: &d 2m\r\nfaults:\r\n  - { at: *d, crash: [1, 2] }\r\n',
  );
  expect(plan.faults[0]?.trigger.atUs).toBe(120000000);
  expect(
    parseScenario('{"title": "t", "initial": {"2": {"log": ["0x1"]}}}').initial.get(nodeId(2))?.log,
  ).toEqual([1]);
});

test('zxids are hexadecimal, epoch and counter, or ranges', () => {
  const { initial } = parseScenario(
    'title: t\ninitial: { 1: { log: [1:1..1:3, 0x200000001], snapshot: 1:2 } }',
  );
  expect(initial.get(nodeId(1))?.log).toEqual([0x100000001, 0x100000002, 0x100000003, 0x200000001]);
  expect(initial.get(nodeId(1))?.snapshot).toBe(0x100000002);
});

test('zoo.cfg keys are read in their own units', () => {
  const { settings } = parseScenario(`title: t
ensemble:
  snapshotSizeFactor: -1
  leaderServes: no
  readonlymode.enabled: yes
  forceSnapshotSync: true
  leaderConnectDelayDuringRetryMs: 50
  autopurge.snapRetainCount: 3
  initialCounter: 4294967280
  maxTimeToWaitForEpoch: 5s`).ensemble;
  expect(settings).toMatchObject({
    snapshotSizeFactorPpm: -1,
    leaderServes: false,
    readOnlyMode: true,
    forceSnapshotSync: true,
    leaderConnectDelayDuringRetryUs: 50000,
    snapRetainCount: 3,
    initialCounter: 4294967280,
    maxTimeToWaitForEpochUs: 5000000,
  });
});

test('how often containers are looked for may be said in milliseconds, or as a duration', () => {
  const { service } = parseScenario(`title: t
ensemble:
  znode.container.checkIntervalMs: 500
  znode.container.maxNeverUsedIntervalMs: 24h
  znode.container.maxPerMinute: 60`).ensemble;
  expect(service).toMatchObject({
    containerCheckUs: 500_000,
    containerMaxNeverUsedUs: 86_400_000_000,
    containersPerMinute: 60,
  });
  const refused = (value: string) => () =>
    parseScenario(`title: t\nensemble: { znode.container.checkIntervalMs: ${value} }`);
  const range = /:2:46 .*expected milliseconds from 1 to 2592000000, or a duration/;
  for (const value of ['0', '-1', '2592000001', '0.5']) expect(refused(value)).toThrow(range);
  expect(refused('500us')).toThrow(/a duration of at least 1ms and at most 720h/);
  expect(
    parseScenario('title: t\nensemble: { znode.container.maxNeverUsedIntervalMs: 86400000 }'),
  ).toBeDefined();
});

test('observers follow the voters, and groups and weights are of voters', () => {
  const plan = parseScenario(`title: t
ensemble: { voters: 4, observers: 1, weights: { 2: 3 }, groups: [[1, 2], [3, 4]], start: { 5: never } }`);
  expect(plan.ensemble).toMatchObject({
    voters: [1, 2, 3, 4],
    observers: [5],
    groups: [
      [1, 2],
      [3, 4],
    ],
  });
  expect([...plan.ensemble.weights]).toEqual([[2, 3]]);
  expect([...plan.ensemble.start]).toEqual([[5, undefined]]);
});

test('a behaviour is a bug, a release, or several of them', () => {
  const behaviour = (text: string) =>
    parseScenario(`title: t\nensemble: { behaviour: ${text} }`).ensemble.behaviour;
  expect(behaviour('ZOOKEEPER-1343')).toEqual(['ZOOKEEPER-1343']);
  expect(behaviour('3.8.0')).toEqual(['3.8.0']);
  expect(behaviour('[3.4.2, ZOOKEEPER-1343]')).toEqual(['3.4.2', 'ZOOKEEPER-1343']);
  expect(behaviour('fixed')).toEqual([]);
});

test('decisions are pinned by stream and draw', () => {
  const plan = parseScenario(
    "title: t\ndecisions: { rest: calm, pins: { 'link 1>3 quorum': { 12: 3999 } } }",
  );
  expect(plan.decisions?.rest).toBe('calm');
  expect(plan.decisions?.pins.get('link 1>3 quorum')?.get(12)).toBe(3999);
});

describe('each verb is read as its action', () => {
  test.each<readonly [string, object]>([
    ['{ at: 1s, crash: 1 }', { verb: 'crash', servers: ids(1) }],
    ['{ at: 1s, powerCut: [1, followers] }', { verb: 'powerCut', servers: [1, 'followers'] }],
    ['{ at: 1s, pause: leader, for: 5s }', { verb: 'pause', servers: ['leader'] }],
    ['{ at: 1s, isolate: [c2, 1] }', { verb: 'isolate', servers: [1002, 1] }],
    [
      '{ at: 1s, partition: [[leader, c1], minority, rest] }',
      { groups: [['leader', 1001], ['minority'], ['rest']] },
    ],
    ['{ at: 1s, cut: { from: leader, to: [2, 3] } }', { verb: 'cut', from: ['leader'], to: [2, 3] }],
    ['{ at: 1s, reset: { between: [[1], rest] } }', { verb: 'reset', between: [[1], ['rest']] }],
    ['{ at: 1s, slow: { server: 1, latency: 1s } }', { between: undefined, server: [1] }],
    ['{ at: 1s, loss: { between: [1, 2], rate: 2.5% } }', { verb: 'loss', ratePpm: 25000 }],
    ['{ at: 1s, bandwidth: { between: [1, 2], rate: 1.5KiB/s } }', { bytesPerSecond: 1536 }],
    ['{ at: 1s, slowDisk: { server: all, sync: 1s } }', { verb: 'slowDisk', sync: { minUs: 1000000 } }],
    ['{ at: 1s, failSync: { server: 1, times: 2 } }', { verb: 'failSync', times: 2 }],
    ['{ at: 1s, fullDisk: { server: 1 } }', { verb: 'fullDisk', server: [1] }],
    ['{ at: 1s, corrupt: { server: 1 } }', { file: 'log', record: 0, how: 'flipped' }],
    ['{ at: 1s, skew: { server: 1, by: -2s } }', { verb: 'skew', byMs: -2000 }],
    ['{ at: 1s, drift: { server: 1, by: -200ppm } }', { verb: 'drift', ppm: -200 }],
    [
      '{ at: 1s, ask: { server: leader, request: hand-over } }',
      { verb: 'ask', server: ['leader'], request: 'hand-over', subject: undefined },
    ],
    [
      '{ at: 1s, ask: { server: leader, request: remove-voter, subject: leader } }',
      { verb: 'ask', request: 'remove-voter', subject: ['leader'] },
    ],
    [
      '{ at: 1s, ask: { server: all, request: hand-over, subject: 3 } }',
      { verb: 'ask', server: ['all'], subject: [3] },
    ],
  ])('%s', (fault, action) => {
    expect(actionOf(fault)).toMatchObject(action);
  });
});

test('the JSON Schema describes every section and fault of the same definition', () => {
  const schema = scenarioJsonSchema() as {
    required: string[];
    properties: Record<string, { items?: { anyOf: object[] } }>;
  };
  expect(schema.required).toEqual(['title']);
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['ensemble', 'faults', 'expect', 'stages']),
  );
  expect(schema.properties['faults']?.items?.anyOf).toHaveLength(25);
});

test('whoever others are asked about may come to lead, an observer as well', () => {
  const text = `
title: an observer is given a vote
ensemble: { observers: 1 }
faults: [{ at: 1s, ask: { server: leader, request: add-voter, subject: 4 } }]
expect: { leader: 4 }`;
  expect(parseScenario(text).expect.leader).toBe(4);
});
