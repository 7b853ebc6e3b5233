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
}

/** The environment of a scenario that names none. */
export const PLAIN: Environment = {
  latency: uniform(500, 1500),
  sync: uniform(2000, 6000),
  stages: uniform(10, 60),
};

/** The named environments. */
export const ENVIRONMENTS = {
  /** All servers on one machine. */
  loopback: { latency: uniform(40, 120), sync: longTail(350, 5000), stages: uniform(10, 60) },
  /** One data centre, disks with a write cache that survives a loss of power. */
  lan: { latency: longTail(250, 2000), sync: longTail(1000, 10_000), stages: uniform(10, 60) },
  /** Data centres of one continent. */
  wan: { latency: longTail(20_000, 35_000), sync: longTail(1000, 10_000), stages: uniform(10, 60) },
} as const satisfies Readonly<Record<string, Environment>>;

/** The name of an environment. */
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** All their names. */
export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS) as readonly EnvironmentName[];
