import type { StageProfile } from '../sim/profile.ts';
import { WARM_UP } from '../sim/stages.ts';
import type { Plan } from './plan.ts';

/** How long the threads of a plan's servers are kept waiting. */
export function stageProfile({ stages, warmUp }: Plan): StageProfile {
  return { delay: stages, by: new Map(warmUp === undefined ? [] : [[WARM_UP, warmUp]]) };
}
