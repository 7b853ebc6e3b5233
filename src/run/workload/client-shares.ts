import { ascending } from '../../core/order.ts';
import { FIRST_CLIENT, type NodeId, nodeId } from '../../node/ids.ts';
import type { Plan } from '../plan.ts';

/** What falls to one of the plan's clients. Times in µs. */
export interface ClientShare {
  readonly id: NodeId;
  /** The servers that it may use, ascending. */
  readonly servers: readonly NodeId[];
  /** How many operations it does; undefined: as many as fit. */
  readonly operations: number | undefined;
  /** Between the starts of two operations; 0: the next begins when the last was answered. */
  readonly periodUs: number;
  readonly sessionTimeoutUs: number;
  /** Virtual µs. */
  readonly startAtUs: number;
}

/** The plan's clients `c1`, `c2`, …, which share its operations and its rate. */
export function clientShares(plan: Plan): readonly ClientShare[] {
  const { count, operations, perSecondMilli, connect, connectEach, startUs } = plan.clients;
  const { sessionTimeoutUs, sessionTimeoutsUs: timeouts } = plan.clients;
  const all = [...plan.ensemble.voters, ...plan.ensemble.observers].sort(ascending);
  const servers = connect.length === 0 ? all : connect;
  // A rate is of all clients together: each begins an operation every `count` periods, one after the other.
  const spacingUs = perSecondMilli === undefined ? 0 : 1_000_000_000 / perSecondMilli;
  return Array.from({ length: count }, (_, index) => ({
    id: nodeId(FIRST_CLIENT + 1 + index),
    servers: connectEach ? servers.slice(index % servers.length, (index % servers.length) + 1) : servers,
    operations: operations === undefined ? undefined : share(operations, count, index),
    periodUs: perSecondMilli === undefined ? 0 : Math.max(1, Math.round(spacingUs * count)),
    sessionTimeoutUs: timeouts[index % timeouts.length] ?? sessionTimeoutUs,
    startAtUs: startUs + Math.round(spacingUs * index),
  }));
}

/** The part of a total that falls to one of several: parts differ by one at most. */
function share(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
