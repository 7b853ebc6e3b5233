import type { LabourProfile } from '../sim/profile.ts';
import type { Plan } from './plan.ts';

/** What takes a plan's servers their time; undefined: nothing does. */
export function labourProfile({ warmUp, work }: Plan): LabourProfile | undefined {
  const idle = work.costs.size === 0 && work.boot === undefined && work.exit === undefined;
  return warmUp === undefined && idle ? undefined : { warmUp, ...work };
}
