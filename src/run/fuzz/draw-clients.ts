import type { Stream } from '../../core/decisions.ts';
import type { ClientsPlan } from '../plan.ts';
import { drawOccupation } from './draw-workload.ts';
import { happens, pick, within } from './draws.ts';

/** A random plan has one to so many. */
export const MOST_CLIENTS = 4;

/**
 * Draws the load of a random plan: few writes suffice for most bugs, and they should not be over before the
 * faults begin.
 *
 * @param activeUs how long faults happen, from the start on
 */
export function drawClients(stream: Stream, activeUs: number): ClientsPlan {
  const count = within(stream, 1, MOST_CLIENTS);
  const operations = pick(stream, [20, 60, 60, 150, 300, 6]);
  // Either one after the other, or spread over the time of the faults.
  const seconds = Math.max(1, activeUs / 1_000_000);
  const perSecond = Math.max(1, Math.round(operations / seconds));
  const spread = happens(stream, 75);
  // Some go on writing to the end, so that there is something to commit after the faults have healed.
  const endless = spread && happens(stream, 25);
  // Some bugs take so many that one is always on its way.
  const dense = endless && happens(stream, 20);
  return {
    count,
    operations: endless ? undefined : operations,
    perSecondMilli: spread
      ? (dense ? 100 : Math.min(perSecond * pick(stream, [1, 1, 3]), 20)) * 1000
      : undefined,
    connect: [],
    connectEach: false,
    sessionTimeoutUs: pick(stream, [4000, 2000, 1000]) * 1000,
    startUs: happens(stream, 30) ? within(stream, 1, 2000) * 1000 : 0,
    ...drawOccupation(stream),
  };
}
