import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readScenario } from '../../src/run/files.ts';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import { shrink } from '../../src/run/fuzz/shrink/shrink.ts';
import type { Plan } from '../../src/run/plan.ts';
import { signatureOf } from '../../src/run/signature.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Hunt } from './hunt.ts';

/** What became of a case that a hunt came upon, made small. */
export interface SmallCase {
  /** Faults of the random plan and late starts, and what is left of them. */
  readonly drawn: number;
  readonly left: number;
  /** CPU time of the process, in ms. */
  readonly cpuMs: number;
}

/** How many faults the plan has that a hunt ended with. */
export function drawnFaults(jira: string, { seed }: Hunt): number {
  return nemesis(seed, { profile: 'all', behaviour: [jira] }).faults.length;
}

/** Makes the plan of a hunt small, for as long as it may. Undefined: it does not break that any more. */
export function smallCase(
  jira: string,
  { seed, invariant }: Hunt,
  tier: 2 | 3,
  capMs: number,
): SmallCase | undefined {
  const plan = nemesis(seed, { profile: 'all', behaviour: [jira] });
  // As it was found: there may be no end to the whole run.
  const outcome = simulate(plan, { untilSettled: true, untilTier: tier });
  const broken = [...outcome.violations, ...outcome.stalls].find((one) => one.invariant === invariant);
  if (broken === undefined) return undefined;
  const began = process.cpuUsage();
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  const budget = { runs: Number.POSITIVE_INFINITY, spent: () => cpuMs() / capMs };
  const small = shrink(plan, outcome, signatureOf(broken), budget);
  return {
    drawn: plan.faults.length + lateStarts(plan),
    left: small.plan.faults.length + lateStarts(small.plan),
    cpuMs: Math.round(cpuMs()),
  };
}

/**
 * From empty disks on: how many crashes and cuts it takes until the disks are as a scenario lays them out. A
 * crash with the start after it counts as two.
 */
const LAID_OUT: Readonly<Record<string, number>> = {
  'ZOOKEEPER-790': 5,
  'ZOOKEEPER-1154': 4,
  'ZOOKEEPER-1156': 4,
  'ZOOKEEPER-1282': 8,
  'ZOOKEEPER-1343': 2,
  'ZOOKEEPER-1549': 4,
  'ZOOKEEPER-1653': 2,
  'ZOOKEEPER-2099': 6,
  'ZOOKEEPER-2355': 3,
  'ZOOKEEPER-2832': 8,
  'ZOOKEEPER-2959': 2,
  'ZOOKEEPER-3642': 3,
  'ZOOKEEPER-4646': 4,
};

/** Faults of the trigger that was written by hand, those that its disks stand for included. */
export function faultsByHand(jira: string): number | undefined {
  const written = faultsWritten(jira);
  return written === undefined ? undefined : Math.max(written, LAID_OUT[jira] ?? 0);
}

/** Faults and late starts in the scenario that was written by hand; undefined: there is none. */
export function faultsWritten(jira: string): number | undefined {
  const path = fileURLToPath(new URL(`../../scenarios/bugs/${jira.toLowerCase()}.yaml`, import.meta.url));
  if (!existsSync(path)) return undefined;
  const plan = readScenario(path);
  return plan.faults.length + lateStarts(plan);
}

/** A server that starts late counts as a fault: something has kept it away. */
function lateStarts({ ensemble }: Plan): number {
  return [...ensemble.start.values()].filter((startUs) => startUs !== undefined && startUs > 0).length;
}
