import type { NodeId } from '../node/ids.ts';
import type { Standing } from './expectations.ts';
import type { LeaderTerms } from './leader-terms.ts';
import type { ServerState } from './plan.ts';
import type { RunningWorld } from './running-world.ts';

/** How the ensemble stands now. */
export function standingOf(world: RunningWorld, servers: readonly NodeId[], terms: LeaderTerms): Standing {
  const leader = terms.current();
  const roles = new Map<NodeId, ServerState>();
  for (const server of servers) roles.set(server, world.inspect(server)?.state ?? 'stopped');
  return {
    atUs: world.nowUs,
    leader: leader?.server ?? 'none',
    epoch: leader?.epoch ?? terms.highestEpoch,
    roles,
  };
}
