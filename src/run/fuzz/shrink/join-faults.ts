import type { Action, Choice, Fault } from '../../../sim/fault.ts';
import { DOWN, type Trial } from './trial.ts';

/** The two actions as one; undefined: they are not of a kind that can be one. */
type Join = (one: Action, next: Action) => Action | undefined;

/**
 * Lets faults that follow each other be one, at the time of the first or of the second: those that do the
 * same to different servers, then a crash and the start after it, which are a restart. Whoever reads the case
 * has less to read.
 */
export function joinFaults(trial: Trial): void {
  for (const join of [alike, bounce]) {
    for (let i = 0; i + 1 < trial.plan.faults.length && !trial.over; ) if (!joinAt(trial, i, join)) i++;
  }
}

function joinAt(trial: Trial, i: number, join: Join): boolean {
  const { faults } = trial.plan;
  const one = faults[i] as Fault;
  const next = faults[i + 1] as Fault;
  const action = one.forUs === next.forUs ? join(one.action, next.action) : undefined;
  if (action === undefined) return false;
  return [one.trigger, next.trigger].some((trigger) => {
    const both = { ...one, trigger, action };
    return trial.take({ ...trial.plan, faults: [...faults.slice(0, i), both, ...faults.slice(i + 2)] });
  });
}

function alike(one: Action, next: Action): Action | undefined {
  if (one.verb !== next.verb || !('servers' in one) || !('servers' in next)) return undefined;
  return { ...one, servers: either(one.servers, next.servers) };
}

function bounce(one: Action, next: Action): Action | undefined {
  const up = next.verb === 'start' || next.verb === 'restart';
  if (!up || !('servers' in one) || !DOWN.includes(one.verb)) return undefined;
  return { verb: 'restart', servers: either(one.servers, next.servers) };
}

function either(one: Choice, other: Choice): Choice {
  return [...new Set([...one, ...other])];
}
