import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readScenario } from '../../src/run/files.ts';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import { shrink } from '../../src/run/fuzz/shrink/shrink.ts';
import { signatureOf } from '../../src/run/signature.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Hunt } from './hunt.ts';

/** What became of the first case that a hunt came upon, made small. */
export interface SmallCase {
  /** Faults of the random plan, and what is left of them. */
  readonly drawn: number;
  readonly left: number;
  /** Faults of the scenario that was written by hand to show the bug; undefined: there is none. */
  readonly byHand: number | undefined;
  /** CPU time of the process, in ms. */
  readonly cpuMs: number;
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
    drawn: plan.faults.length,
    left: small.plan.faults.length,
    byHand: faultsByHand(jira),
    cpuMs: Math.round(cpuMs()),
  };
}

function faultsByHand(jira: string): number | undefined {
  const path = fileURLToPath(new URL(`../../scenarios/bugs/${jira.toLowerCase()}.yaml`, import.meta.url));
  return existsSync(path) ? readScenario(path).faults.length : undefined;
}
