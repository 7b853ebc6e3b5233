import { ascending } from '../core/order.ts';
import type { ClientMessage } from '../node/content.ts';
import type { FileName, Stored } from '../node/env.ts';
import { FIRST_CLIENT, nodeId } from '../node/ids.ts';
import type { ParticipantSetup } from '../sim/profile.ts';
import { CounterClient } from '../znode/counter-client.ts';
import type { Plan } from './plan.ts';

/** The plan's clients `c1`, `c2`, …, which share its operations and its rate. */
export function counterClients<M, R extends Stored>(
  plan: Plan,
): readonly ParticipantSetup<M | ClientMessage, R>[] {
  const { count, operations, perSecondMilli, connect, sessionTimeoutUs, startUs } = plan.clients;
  const servers = [...plan.ensemble.voters, ...plan.ensemble.observers].sort(ascending);
  // A rate is of all clients together: each begins an operation every `count` periods, one after the other.
  const spacingUs = perSecondMilli === undefined ? 0 : 1_000_000_000 / perSecondMilli;
  return Array.from({ length: count }, (_, index) => {
    const workload = {
      servers: connect.length === 0 ? servers : connect,
      operations: operations === undefined ? undefined : share(operations, count, index),
      periodUs: perSecondMilli === undefined ? 0 : Math.max(1, Math.round(spacingUs * count)),
      sessionTimeoutUs,
    };
    return {
      id: nodeId(FIRST_CLIENT + 1 + index),
      role: 'client',
      startAtUs: startUs + Math.round(spacingUs * index),
      files: new Map<FileName, readonly R[]>(),
      create: (env) => new CounterClient(env, workload),
    };
  });
}

/** The part of a total that falls to one of several: parts differ by one at most. */
function share(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
