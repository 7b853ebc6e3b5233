/** What is done to an ensemble to measure it. */
export type Experiment = 'round trips' | 'alone' | 'busy' | 'crash' | 'partition';

/** All of them. */
export const EXPERIMENTS: readonly Experiment[] = ['round trips', 'alone', 'busy', 'crash', 'partition'];

/** One way, in µs, where round trips are counted. */
export const ONE_WAY_US = 10_000;

/** Writes of one client after the other, and of 32 clients at once. */
const WRITES_ALONE = 100;
const WRITES_BUSY = 1600;

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

/** Writes all the time, at any servers, and a fault of the leader. */
function struck(fault: object): object {
  return {
    environment: 'lan',
    duration: '20s',
    clients: { count: 4, operations: 800, rate: '100/s', start: '2s', sessionTimeout: '6s' },
    faults: [{ at: `$${LOAD_MS}`, ...fault }],
  };
}
