import type { ClientMessage } from '../node/content.ts';
import type { FileName, Stored } from '../node/env.ts';
import type { ParticipantSetup } from '../sim/profile.ts';
import { CounterClient } from '../znode/counter-client.ts';
import type { Plan } from './plan.ts';
import { clientShares } from './workload/client-shares.ts';

/** The plan's clients, each of which adds to the counter. */
export function counterClients<M, R extends Stored>(
  plan: Plan,
): readonly ParticipantSetup<M | ClientMessage, R>[] {
  return clientShares(plan).map((share) => ({
    id: share.id,
    role: 'client',
    startAtUs: share.startAtUs,
    files: new Map<FileName, readonly R[]>(),
    create: (env) => new CounterClient(env, share),
  }));
}
