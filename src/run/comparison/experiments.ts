/** A write load, a fault, or reads. */
export const READS = ['reads', 'current reads', 'read trips', 'old reads', 'old current reads'] as const;

/** What is done to an ensemble to measure its reads. */
export type ReadExperiment = (typeof READS)[number];

/** What is done to an ensemble to measure it. */
export type Experiment = 'round trips' | 'alone' | 'busy' | 'crash' | 'partition' | ReadExperiment;

/** All of them. */
export const EXPERIMENTS: readonly Experiment[] = [
  'round trips',
  'alone',
  'busy',
  'crash',
  'partition',
  ...READS,
];

/** One way, in µs, where round trips are counted. */
export const ONE_WAY_US = 10_000;

/** Writes of one client after the other, and of 32 clients at once. */
const WRITES_ALONE = 100;
const WRITES_BUSY = 1600;
/** Reads of one client after the other, and how long all read and write as fast as they can. */
const READS_ALONE = 80;
const CHASE_MS = 200;

/** When the load begins: everybody serves by then. */
const LOAD_MS = 4000;

/** The same timers for all protocols: silence of a second and more is a failure. */
const TIMERS = { tickTime: '200ms', initLimit: 10, syncLimit: 5 };

/**
 * The scenario of an experiment, as a file would hold it, for `atPhase`: a fault comes at another moment of a
 * tick with each seed. The same network, disks, timers and load for every protocol.
 */
export function experimentText(experiment: Experiment, protocol: string, members: number): string {
  return JSON.stringify({
    title: `${experiment}, ${protocol}, ${members} members`,
    protocol,
    ensemble: { voters: members, ...TIMERS },
    ...WORLDS[experiment](members),
  });
}

const WORLDS: { readonly [E in Experiment]: (members: number) => object } = {
  'round trips': (members) => ({
    duration: '35s',
    network: { latency: `${ONE_WAY_US}us` },
    disk: { sync: '1us' },
    clients: alone(members),
  }),
  alone: (members) => ({ environment: 'lan', duration: '35s', clients: alone(members) }),
  busy: () => ({
    environment: 'lan',
    duration: '35s',
    clients: { count: 32, operations: WRITES_BUSY, start: `${LOAD_MS}ms`, sessionTimeout: '20s' },
  }),
  reads: (members) => ({ environment: 'lan', duration: '28s', clients: reading(members, { get: 1 }) }),
  'current reads': (members) => ({
    environment: 'lan',
    duration: '28s',
    clients: reading(members, { syncGet: 1 }),
  }),
  'read trips': (members) => ({
    duration: '28s',
    network: { latency: `${ONE_WAY_US}us` },
    disk: { sync: '1us' },
    clients: reading(members, { get: 1, syncGet: 1 }),
  }),
  'old reads': (members) => chasing(members, 'get'),
  'old current reads': (members) => chasing(members, 'syncGet'),
  crash: () => struck({ crash: 'leader' }),
  partition: () => struck({ isolate: 'leader', for: '6s' }),
};

/** A client at each server; their writes do not overlap. */
function alone(members: number): object {
  return {
    count: members,
    connect: 'each',
    operations: WRITES_ALONE,
    rate: '5/s',
    start: `${LOAD_MS}ms`,
    sessionTimeout: '20s',
  };
}

/** A client at each server that does nothing but read; their reads do not overlap. */
function reading(members: number, mix: object): object {
  return { ...alone(members), operations: READS_ALONE, keys: 1, mix };
}

/** A client at each server that reads as fast as it can, and now and then writes. */
function chasing(members: number, read: 'get' | 'syncGet'): object {
  const mix = { create: 1, set: 4, [read]: 15 };
  return {
    environment: 'lan',
    duration: `${LOAD_MS + CHASE_MS}ms`,
    clients: { count: members, connect: 'each', start: `${LOAD_MS}ms`, sessionTimeout: '20s', keys: 1, mix },
  };
}

/** Writes all the time, at any servers, and a fault of the leader. */
function struck(fault: object): object {
  return {
    environment: 'lan',
    duration: '20s',
    clients: { count: 4, operations: 800, rate: '100/s', start: '2s', sessionTimeout: '6s' },
    faults: [{ at: `$${LOAD_MS}`, ...fault }],
  };
}
