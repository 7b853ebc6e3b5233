import fc from 'fast-check';
import { type Distribution, uniform } from '../../src/core/distribution.ts';
import { makeZxid, type Zxid } from '../../src/core/zxid.ts';
import { FIRST_CLIENT, type NodeId, nodeId } from '../../src/node/ids.ts';
import { WORKS } from '../../src/node/work.ts';
import { FACTS } from '../../src/run/faults-schema.ts';
import { SELECTORS } from '../../src/run/participants.ts';
import type {
  EnsemblePlan,
  Expectations,
  InitialDisk,
  Plan,
  ServiceSettings,
  Workload,
} from '../../src/run/plan.ts';
import { DEFAULT_SETTINGS } from '../../src/run/read-ensemble.ts';
import { REQUESTS } from '../../src/run/registry/protocols.ts';
import { longTail } from '../../src/run/spread.ts';
import { MIX_OPERATIONS, RECIPE_NAMES } from '../../src/run/workload/kinds.ts';
import type { Action, Choice, Fault } from '../../src/sim/fault.ts';

const SERVERS = [1, 2, 3, 4, 5].map(nodeId);
const CLIENTS = [1, 2].map((n) => nodeId(FIRST_CLIENT + n));

const time = fc.integer({ min: 1, max: 3600000000 });
const zxid = fc
  .tuple(fc.integer({ min: 0, max: 2000000 }), fc.integer({ min: 1, max: 0xffffffff }))
  .map(([epoch, counter]) => makeZxid(epoch, counter));

const spread: fc.Arbitrary<Distribution> = fc.oneof(
  fc.tuple(time, time).map(([a, b]) => uniform(Math.min(a, b), Math.max(a, b))),
  fc.tuple(time, time).map(([a, b]) => longTail(Math.min(a, b), Math.max(a, b))),
);

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => {
  return (
    value !== '__proto__' &&
    value.trim() === value &&
    /^[^\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\ufffe\uffff]+$/u.test(value)
  );
});

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

function chosen(from: readonly (NodeId | (typeof SELECTORS)[number])[]): fc.Arbitrary<Choice> {
  return fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 4 });
}

const servers = chosen([...SERVERS, ...SELECTORS]);
const anyone = chosen([...SERVERS, ...SELECTORS, ...CLIENTS]);

/** Two choices that share no participant. */
const between = fc.tuple(
  chosen([...SERVERS.slice(0, 3), 'leader']),
  chosen([...SERVERS.slice(3), ...CLIENTS, 'rest']),
);

const choices = (verb: 'crash' | 'powerCut' | 'restart' | 'start' | 'stop' | 'resume' | 'wipe') =>
  servers.map((value): Action => ({ verb, servers: value }));

const momentary: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom('crash', 'powerCut', 'restart', 'start', 'stop', 'resume', 'wipe').chain(choices),
  fc.constant<Action>({ verb: 'heal', what: 'all' }),
  between.map((value): Action => ({ verb: 'reset', between: value })),
  fc.record({
    verb: fc.constant('corrupt' as const),
    server: servers,
    file: fc.constantFrom('log' as const, 'snapshot' as const),
    record: fc.nat(100),
    how: fc.constantFrom('flipped' as const, 'torn' as const),
  }),
  fc.record({
    verb: fc.constant('jump' as const),
    server: servers,
    byMs: fc.integer({ min: -90000, max: 90000 }),
  }),
  fc.record({
    verb: fc.constant('ask' as const),
    server: servers,
    request: fc.constantFrom(...REQUESTS),
    subject: maybe(
      fc.constantFrom<Choice>([SERVERS[0] ?? nodeId(1)], ['leader'], ['follower'], ['observer']),
    ),
  }),
);

const lasting: fc.Arbitrary<Action> = fc.oneof(
  servers.map((value): Action => ({ verb: 'pause', servers: value })),
  servers.map((value): Action => ({ verb: 'refuse', servers: value })),
  anyone.map((value): Action => ({ verb: 'isolate', servers: value })),
  between.map((groups): Action => ({ verb: 'partition', groups })),
  between.map(([from, to]): Action => ({ verb: 'cut', from, to })),
  fc
    .tuple(between, spread)
    .map(([b, latency]): Action => ({ verb: 'slow', between: b, server: undefined, latency })),
  fc
    .tuple(anyone, spread)
    .map(([server, latency]): Action => ({ verb: 'slow', between: undefined, server, latency })),
  fc.tuple(between, fc.nat(1000000)).map(([b, ratePpm]): Action => ({ verb: 'loss', between: b, ratePpm })),
  fc
    .tuple(between, fc.integer({ min: 1, max: 1000000000 }))
    .map(([b, bytesPerSecond]): Action => ({ verb: 'bandwidth', between: b, bytesPerSecond })),
  fc.tuple(servers, spread).map(([server, sync]): Action => ({ verb: 'slowDisk', server, sync })),
  fc
    .tuple(servers, maybe(fc.integer({ min: 1, max: 9 })))
    .map(([server, times]): Action => ({ verb: 'failSync', server, times })),
  servers.map((server): Action => ({ verb: 'fullDisk', server })),
  fc
    .tuple(servers, fc.integer({ min: -900, max: 900 }))
    .map(([server, ppm]): Action => ({ verb: 'drift', server, ppm })),
  fc
    .tuple(servers, fc.integer({ min: -900, max: 900 }))
    .map(([server, byMs]): Action => ({ verb: 'skew', server, byMs })),
);

const pattern = fc.record({
  fact: fc.constantFrom<string>(...FACTS),
  server: maybe(servers),
  nth: fc.integer({ min: 1, max: 1000 }),
  epoch: maybe(fc.nat(2000000)),
  zxid: maybe<number>(zxid),
  since: fc.constantFrom('start' as const, 'previous' as const),
  fromUs: maybe(fc.nat(3600000000)),
  untilUs: maybe(fc.integer({ min: 3600000000, max: 7200000000 })),
});

const trigger: fc.Arbitrary<Fault['trigger']> = fc.oneof(
  time.map((atUs) => ({ atUs, afterUs: undefined, when: undefined })),
  time.map((afterUs) => ({ atUs: undefined, afterUs, when: undefined })),
  fc.tuple(maybe(time), pattern).map(([afterUs, when]) => ({ atUs: undefined, afterUs, when })),
);

const effect = fc.oneof(
  momentary.map((action) => ({ action, forUs: undefined })),
  fc.tuple(lasting, maybe(time)).map(([action, forUs]) => ({ action, forUs })),
);

const faults: fc.Arbitrary<readonly Fault[]> = fc
  .array(fc.tuple(fc.boolean(), trigger, fc.boolean(), effect), { maxLength: 6 })
  .map((list) =>
    list.map(([named, when, optional, what], index) => ({
      name: named ? `n${index}: #` : `fault ${index + 1}`,
      trigger: when,
      optional,
      ...what,
    })),
  );

const disk: fc.Arbitrary<InitialDisk> = fc.record({
  acceptedEpoch: maybe(fc.nat(2000000)),
  currentEpoch: maybe(fc.nat(2000000)),
  log: fc.array(fc.tuple(zxid, fc.nat(6)), { maxLength: 4 }).map((runs) => {
    const all = runs.flatMap(([first, more]) => Array.from({ length: more + 1 }, (_, i) => first + i));
    const isOne = (value: number) => value < 2000001 * 4294967296 && value % 4294967296 !== 0;
    return [...new Set(all)].sort((a, b) => a - b).filter(isOne) as Zxid[];
  }),
  snapshot: maybe(zxid),
  dataDir: fc.constant(undefined),
});

const settings = fc.record({
  ...(Object.fromEntries(
    Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [key, fc.constant(value)]),
  ) as {
    [K in keyof typeof DEFAULT_SETTINGS]: fc.Arbitrary<(typeof DEFAULT_SETTINGS)[K]>;
  }),
  tickTimeUs: fc.integer({ min: 1000, max: 60000000 }),
  initLimit: fc.integer({ min: 1, max: 100 }),
  snapshotSizeFactorPpm: fc.oneof(fc.constant(-1), fc.nat(1000000)),
  leaderConnectDelayDuringRetryUs: fc.nat(10000000),
  leaderServes: fc.boolean(),
  readOnlyMode: fc.boolean(),
  maxTimeToWaitForEpochUs: fc.oneof(fc.constant(-1), fc.nat(10000000)),
  snapRetainCount: fc.nat(9),
  maxConcurrentSnapSyncs: fc.integer({ min: 1, max: 20 }),
  maxConcurrentDiffSyncs: fc.integer({ min: 1, max: 200 }),
});

const service: fc.Arbitrary<ServiceSettings> = fc.record({
  minSessionTimeoutUs: maybe(fc.integer({ min: 1000, max: 2000 })),
  maxSessionTimeoutUs: maybe(fc.integer({ min: 1200000000, max: 1300000000 })),
  localSessions: fc.boolean(),
  localSessionsUpgrading: fc.boolean(),
  extendedTypes: fc.boolean(),
  enforceQuota: fc.boolean(),
  skipAcl: fc.boolean(),
  globalOutstandingLimit: fc.integer({ min: 1, max: 2000 }),
  maxClientCnxns: fc.nat(100),
  containerCheckUs: fc.integer({ min: 1, max: 100000 }).map((ms) => ms * 1000),
  containerMaxNeverUsedUs: fc.nat(400000).map((ms) => ms * 1000),
  containersPerMinute: fc.integer({ min: 1, max: 20000 }),
});

const workload: fc.Arbitrary<Workload> = fc.oneof(
  fc.constant<Workload>({ kind: 'counter' }),
  fc.record({
    kind: fc.constant('mix' as const),
    weights: fc
      .uniqueArray(fc.constantFrom(...MIX_OPERATIONS), { minLength: 1, maxLength: 5 })
      .chain((names) =>
        fc
          .array(fc.integer({ min: 1, max: 9 }), { minLength: names.length, maxLength: names.length })
          .map((shares) => {
            const order = MIX_OPERATIONS.filter((name) => names.includes(name));
            return new Map(order.map((name, index) => [name, shares[index] ?? 1]));
          }),
      ),
    keys: fc.integer({ min: 1, max: 1000 }),
    valueSize: fc.nat(1000),
    pipeline: fc.integer({ min: 1, max: 9 }),
    readers: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('recipe' as const),
    recipe: fc.constantFrom(...RECIPE_NAMES),
    holdUs: fc.nat(10000000),
    resource: maybe(fc.constantFrom('fenced' as const, 'unfenced' as const)),
  }),
);

/** Clients of the counter have neither. */
const ofTree = workload.chain((load) =>
  fc.record({
    workload: fc.constant(load),
    chroot: load.kind === 'counter' ? fc.constant('') : fc.constantFrom('', '/app', '/a/b'),
    readOnly: load.kind === 'counter' ? fc.constant(false) : fc.boolean(),
  }),
);

const ensemble: fc.Arbitrary<EnsemblePlan> = fc.record({
  voters: fc.constant(SERVERS.slice(0, 4)),
  observers: fc.constant(SERVERS.slice(4)),
  weights: fc.constantFrom<ReadonlyMap<NodeId, number>>(
    new Map(),
    new Map([
      [nodeId(1), 0],
      [nodeId(4), 3],
    ]),
  ),
  groups: fc.constantFrom<EnsemblePlan['groups']>([], [SERVERS.slice(0, 2), SERVERS.slice(2, 4)]),
  start: fc.constantFrom<EnsemblePlan['start']>(
    new Map(),
    new Map([
      [nodeId(2), 1500],
      [nodeId(5), undefined],
    ]),
  ),
  behaviour: fc.constant([]),
  settings,
  service,
});

const instant = {
  leader: fc.constantFrom<NodeId | 'none' | undefined>(undefined, 'none', nodeId(4)),
  epoch: maybe(fc.nat(99)),
  roles: fc.constantFrom<Expectations['roles']>(
    new Map(),
    new Map([
      [nodeId(1), 'leading'],
      [nodeId(3), 'stopped'],
    ]),
  ),
};

const expectations: fc.Arbitrary<Expectations> = fc.record({
  verdict: fc.constant('violated' as const),
  violates: fc.constantFrom(undefined, 'agreement', 'one-leader-per-epoch'),
  ...instant,
  elections: fc.constantFrom<Expectations['elections']>(undefined, { operator: '=', value: 2, text: '2' }),
  commits: fc.constantFrom<Expectations['commits']>(undefined, { operator: '!=', value: 7, text: '!= 7' }),
  unavailableUs: fc.constantFrom<Expectations['unavailableUs']>(undefined, {
    operator: '<',
    value: 1500,
    text: '<1.5ms',
  }),
  checkpoints: fc.array(fc.record({ atUs: fc.nat(1000), ...instant }), { maxLength: 2 }),
});

const pins = fc
  .array(
    fc.tuple(text, fc.array(fc.tuple(fc.nat(99999), fc.nat(4294967295)), { minLength: 1, maxLength: 3 })),
    {
      maxLength: 3,
    },
  )
  .map((streams) => new Map(streams.map(([name, draws]) => [name, new Map(draws)] as const)));

/** Any plan that a scenario file can hold, of four voters, an observer and two clients. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  file: fc.constant('-'),
  title: text,
  source: maybe(text),
  protocol: fc.constant('zab'),
  seed: fc.maxSafeNat(),
  durationUs: fc.integer({ min: 1000, max: 2592000000000 }),
  ensemble,
  initial: fc.uniqueArray(fc.constantFrom(...SERVERS)).chain((ids) => {
    const sorted = [...ids].sort((a, b) => a - b);
    return fc
      .tuple(...sorted.map(() => disk))
      .map((disks) => new Map(disks.map((d, i) => [sorted[i] ?? nodeId(1), d])));
  }),
  network: fc.record(
    {
      latency: spread,
      wire: fc.constant('bytes' as const),
      links: fc.array(
        fc.record({
          a: fc.constant([nodeId(1), ...CLIENTS.slice(0, 1)]),
          b: fc.constant([nodeId(2)]),
          latency: spread,
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['latency', 'links'] },
  ),
  disk: fc.record(
    { sync: spread, snapshotPiece: spread, format: fc.constant('bytes' as const) },
    { requiredKeys: ['sync'] },
  ),
  clock: fc.record({ skew: spread, driftPpm: fc.nat(1000).map((max) => uniform(0, max)) }),
  buggify: maybe(fc.record({ delay: spread, untilUs: time })),
  stages: spread,
  warmUp: maybe(spread),
  work: fc.record({
    costs: fc
      .tuple(fc.subarray([...WORKS]), spread)
      .map(([works, cost]) => new Map(works.map((work) => [work, cost]))),
    cores: fc.nat(3),
    boot: maybe(spread),
    exit: maybe(spread),
  }),
  clients: fc
    .record({
      count: fc.constant(2),
      operations: maybe(fc.nat(10000000)),
      perSecondMilli: maybe(fc.integer({ min: 1, max: 1000000000 })),
      connect: fc.constantFrom<readonly NodeId[]>([], [nodeId(1), nodeId(5)]),
      timeouts: fc.array(fc.integer({ min: 1000, max: 60000000 }), { minLength: 1, maxLength: 3 }),
      listed: fc.boolean(),
      startUs: fc.nat(60000000),
      each: fc.boolean(),
    })
    .chain(({ each, timeouts, listed, ...load }) =>
      ofTree.map((tree) => ({
        ...load,
        ...tree,
        connectEach: each && load.connect.length === 0,
        sessionTimeoutUs: listed ? Math.max(...timeouts) : (timeouts[0] as number),
        sessionTimeoutsUs: listed ? timeouts : [],
      })),
    ),
  faults,
  decisions: maybe(fc.record({ rest: fc.constantFrom('seed' as const, 'calm' as const), pins })),
  expect: expectations,
  found: maybe(
    fc.record({
      signature: text,
      fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
      version: text,
      story: fc.array(text, { maxLength: 3 }),
    }),
  ),
});
