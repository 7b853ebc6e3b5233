import type { StageProfile } from '../sim/profile.ts';
import type { Plan } from './plan.ts';

/** How long the threads of a plan's servers are kept waiting. */
export function stageProfile({ stages }: Plan): StageProfile {
  return { delay: stages, by: new Map() };
}
