import { type Distribution, uniform } from '../core/distribution.ts';
import type { Plan } from './plan.ts';
import { longTail } from './spread.ts';

/** Where an ensemble runs: what a scenario has that does not say otherwise. */
export interface Environment {
  /** One way, from the sender's call to the receiver's: wire, kernels, and the threads that wake up. */
  readonly latency: Distribution;
  /** How long an fsync takes. */
  readonly sync: Distribution;
  /** From a queue to the thread that takes things out of it. */
  readonly stages: Distribution;
  /**
   * What it costs a process to meet a kind of message, timer or queue for the first time; undefined:
   * nothing.
   */
  readonly warmUp: Distribution | undefined;
  /** What keeps whole servers busy, and how many processors they share. */
  readonly work: Plan['work'];
}

/** Nothing takes a server time but what its disk and its connections take. */
export const NO_WORK: Plan['work'] = { costs: new Map(), cores: 0, boot: undefined, exit: undefined };

/** The environment of a scenario that names none. */
export const PLAIN: Environment = {
  latency: uniform(500, 1500),
  sync: uniform(2000, 6000),
  stages: uniform(10, 60),
  warmUp: undefined,
  work: NO_WORK,
};

/** The named environments. */
export const ENVIRONMENTS = {
  /** All servers on one machine. */
  loopback: {
    latency: uniform(20, 70),
    sync: longTail(340, 4000),
    stages: uniform(10, 60),
    warmUp: uniform(1000, 4000),
    work: {
      costs: new Map([
        ['make-leader', uniform(8000, 32_000)],
        ['make-learner', uniform(6000, 28_000)],
        ['dial', uniform(5000, 15_000)],
        ['end-role', uniform(4000, 14_000)],
        ['start-leading', uniform(35_000, 95_000)],
        ['start-following', uniform(20_000, 60_000)],
        ['record', uniform(120, 140)],
        ['connection', uniform(4000, 8000)],
      ]),
      cores: 2,
      boot: uniform(350_000, 800_000),
      exit: uniform(4000, 10_000),
    },
  },
  /** One data centre, disks with a write cache that survives a loss of power. */
  lan: {
    latency: longTail(250, 2000),
    sync: longTail(1000, 10_000),
    stages: uniform(10, 60),
    warmUp: undefined,
    work: NO_WORK,
  },
  /** Data centres of one continent. */
  wan: {
    latency: longTail(20_000, 35_000),
    sync: longTail(1000, 10_000),
    stages: uniform(10, 60),
    warmUp: undefined,
    work: NO_WORK,
  },
} as const satisfies Readonly<Record<string, Environment>>;

/** The name of an environment. */
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** All their names. */
export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS) as readonly EnvironmentName[];

/** The free parameters of `loopback`, for the report of its calibration: name, value, meaning. */
export const FREE_PARAMETERS: readonly (readonly [name: string, value: string, means: string])[] = [
  ['latency', '20 to 70 µs', 'one way, from the call of a thread to the thread that reads'],
  ['sync', 'median 0.34 ms, 99 % below 4 ms', 'an fsync of the log or of a file'],
  ['stages', '10 to 60 µs', 'from a queue to the thread that takes from it'],
  [
    'warmUp',
    '1 to 4 ms',
    'what a process loads for each kind of message, timer or queue that it meets first',
  ],
  [
    'make-leader',
    '8 to 32 ms',
    'from the decision to the open port of the leader (STATE to TOOK in its log)',
  ],
  ['make-learner', '6 to 28 ms', 'the same of a learner (STATE to TOOK)'],
  ['dial', '5 to 15 ms', 'from there to its first call (TOOK to CONNECTED)'],
  ['start-following', '20 to 60 ms', 'from NEWLEADER to its ack: a learner starts its processors'],
  [
    'start-leading',
    '35 to 95 ms',
    'from the quorum to UPTODATE: a leader starts its processors, and serves its first session',
  ],
  ['again', 'a third', 'of the five above, when a process does one of them for a second time'],
  ['end-role', '4 to 14 ms', 'from the lost connection to LOOKING: processors are interrupted and joined'],
  ['exit', '4 to 10 ms', 'from SIGKILL to the end of the process’s connections'],
  ['connection', '4 to 8 ms', 'to start the two threads of a connection of the election'],
  ['record', '0.12 to 0.14 ms', 'to take over one transaction in a synchronization'],
  ['boot', '350 to 800 ms', 'of one core, beside all else: what a JVM compiles after its start'],
  ['cores', '2', 'as measured: what all servers do at the same time shares them'],
];
