import type { LabourProfile } from '../sim/profile.ts';
import type { Plan } from './plan.ts';

/** What takes a plan's servers their time; undefined: nothing does. */
export function labourProfile({ warmUp, work }: Plan): LabourProfile | undefined {
  const idle = work.costs.size === 0 && work.boot === undefined && work.exit === undefined;
  return warmUp === undefined && idle ? undefined : { warmUp, ...work };
}

/** For how long a server of a plan is busy at most before it hears what comes. */
export function busyUs({ warmUp, work }: Pick<Plan, 'warmUp' | 'work'>): number {
  return Math.max(0, ...[...work.costs.values()].map(({ maxUs }) => maxUs)) + (warmUp?.maxUs ?? 0);
}
