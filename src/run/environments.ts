import { type Distribution, uniform } from '../core/distribution.ts';
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
}

/** The environment of a scenario that names none. */
export const PLAIN: Environment = {
  latency: uniform(500, 1500),
  sync: uniform(2000, 6000),
  stages: uniform(10, 60),
  warmUp: undefined,
};

/** The named environments. */
export const ENVIRONMENTS = {
  /** All servers on one machine. */
  loopback: {
    latency: uniform(20, 70),
    sync: longTail(330, 4000),
    stages: uniform(10, 60),
    warmUp: uniform(4000, 16_000),
  },
  /** One data centre, disks with a write cache that survives a loss of power. */
  lan: {
    latency: longTail(250, 2000),
    sync: longTail(1000, 10_000),
    stages: uniform(10, 60),
    warmUp: undefined,
  },
  /** Data centres of one continent. */
  wan: {
    latency: longTail(20_000, 35_000),
    sync: longTail(1000, 10_000),
    stages: uniform(10, 60),
    warmUp: undefined,
  },
} as const satisfies Readonly<Record<string, Environment>>;

/** The name of an environment. */
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** All their names. */
export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS) as readonly EnvironmentName[];

/** The free parameters of `loopback`, for the report of its calibration: name, value, meaning. */
export const FREE_PARAMETERS: readonly (readonly [name: string, value: string, means: string])[] = [
  ['latency', '20 to 70 µs', 'one way, from the call of a thread to the thread that reads'],
  ['sync', 'median 0.33 ms, 99 % below 4 ms', 'an fsync of the log or of a file'],
  ['stages', '10 to 60 µs', 'from a queue to the thread that takes from it'],
  ['warmUp', '4 to 16 ms', 'what a process loads for each kind of message, timer or role it meets first'],
  ['crowding', 'warmUp 8 to 30 ms', 'the same where three to five JVMs boot on two cores at once'],
];
