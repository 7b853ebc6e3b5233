import type { Distribution } from '../core/distribution.ts';
import type { StageProfile } from '../sim/profile.ts';
import type { Plan } from './plan.ts';

/** The stages that handle a snapshot, a piece a turn: one writes it, the other sends it to learners. */
const SNAPSHOT_STAGES = ['snapshot', 'serve'] as const;

/** How long the threads of a plan's servers are kept waiting. */
export function stageProfile({
  stages,
  disk: { snapshotPiece },
}: Pick<Plan, 'stages' | 'disk'>): StageProfile {
  const by = new Map<string, Distribution>();
  if (snapshotPiece !== undefined) for (const stage of SNAPSHOT_STAGES) by.set(stage, snapshotPiece);
  return { delay: stages, by };
}
