import { hierarchical, majority, type QuorumSystem } from '../node/quorum.ts';
import type { EnsemblePlan } from './plan.ts';

/**
 * Who decides in a planned ensemble: each voter alike, or by the groups and weights that the scenario gives.
 */
export function quorumsOf(ensemble: Pick<EnsemblePlan, 'voters' | 'weights' | 'groups'>): QuorumSystem {
  const { voters, weights, groups } = ensemble;
  if (weights.size === 0 && groups.length === 0) return majority(voters);
  return hierarchical(
    voters.map((sid) => ({ sid, weight: weights.get(sid) ?? 1 })),
    groups.length === 0 ? [voters] : groups,
  );
}
