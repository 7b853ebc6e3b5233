import type { Action, Choice, Fault } from '../../../sim/fault.ts';
import type { Trial } from './trial.ts';

/**
 * Lets faults that follow each other, and do the same to different servers, be one, at the time of the first
 * or of the second: whoever reads the case has less to read.
 */
export function joinFaults(trial: Trial): void {
  for (let i = 0; i + 1 < trial.plan.faults.length && !trial.over; ) if (!joinAt(trial, i)) i++;
}

function joinAt(trial: Trial, i: number): boolean {
  const { faults } = trial.plan;
  const one = faults[i] as Fault;
  const next = faults[i + 1] as Fault;
  const action = one.forUs === next.forUs ? joined(one.action, next.action) : undefined;
  if (action === undefined) return false;
  return [one.trigger, next.trigger].some((trigger) => {
    const both = { ...one, trigger, action };
    return trial.take({ ...trial.plan, faults: [...faults.slice(0, i), both, ...faults.slice(i + 2)] });
  });
}

function joined(one: Action, next: Action): Action | undefined {
  if (one.verb !== next.verb || !('servers' in one) || !('servers' in next)) return undefined;
  const servers: Choice = [...new Set([...one.servers, ...next.servers])];
  return { ...one, servers };
}
