import type { NodeId } from '../node/ids.ts';
import type { Fault } from '../sim/fault.ts';
import type { Figures } from './figures.ts';
import type { Plan } from './plan.ts';
import type { RunningWorld } from './running-world.ts';
import { keepsTree } from './tree-service.ts';

/** How long an ensemble must be seen to be well. */
const STEADY_US = 1_000_000;
/** One run in so many goes on until the sessions must have ended that nobody uses. */
const PATIENT_EVERY = 8;
/** Between two looks at it. */
const LOOK_US = 500_000;
/** Between two questions whether it is enough. */
const SLICE_US = 100_000;
/** By how many transactions a server may be behind while writes go on. */
const MOST_LAG = 20;
/** Commits after the last disturbance that show that there are more to come. */
const ENOUGH_COMMITS = 3;

/** A run came to more events than it may have: servers that go round in circles. */
export class RunawayError extends Error {
  override readonly name = 'RunawayError';
}

/** Hundreds of times what a random plan comes to. */
export const MOST_EVENTS = 1_000_000;

/**
 * Runs a world until then.
 *
 * @param mostEvents that it may have come to at the end; any number if absent
 * @throws RunawayError when it has come to more
 */
export function runWithin(world: RunningWorld, untilUs: number, mostEvents = Number.POSITIVE_INFINITY): void {
  world.run(untilUs, mostEvents);
  if (world.events >= mostEvents) throw new RunawayError(`${mostEvents} events, and no end of them`);
}

/**
 * Runs a world until all its faults are over and the ensemble has settled: everybody is in, nobody behind,
 * and writes commit. What would follow is more of the same, and costs more than what went before. A world
 * that does not settle runs to its end.
 *
 * @param enough asked now and then: true ends the run at once
 * @throws RunawayError when there is no end to what happens
 */
export function runUntilSettled(
  world: RunningWorld,
  plan: Plan,
  servers: readonly NodeId[],
  figures: Figures,
  enough?: () => boolean,
): void {
  const { durationUs } = plan;
  let atUs = Math.min(durationUs, lastEffectUs(plan));
  advance(world, atUs, enough);
  const commitsBefore = figures.commits;
  const longEnoughUs = steadyUs(plan);
  let steadySinceUs = -1;
  while (atUs < durationUs && enough?.() !== true) {
    atUs = Math.min(durationUs, atUs + LOOK_US);
    advance(world, atUs, enough);
    const waitingUs = figures.oldestPendingUs(atUs);
    // Who waits for longer than that may wait for ever: then the run goes on to its end, and is judged there.
    const enoughCame = figures.commits - commitsBefore >= ENOUGH_COMMITS && waitingUs <= STEADY_US;
    const busy = enoughCame || waitingUs === 0;
    if (!busy || !isWell(world, servers, figures)) steadySinceUs = -1;
    else if (steadySinceUs < 0) steadySinceUs = atUs;
    else if (atUs - steadySinceUs >= longEnoughUs) return;
  }
}

/** Sessions end within a tick or two after their timeout; somebody has to be there to see it. */
function steadyUs(plan: Plan): number {
  if (plan.seed % PATIENT_EVERY !== 0 || !keepsTree(plan)) return STEADY_US;
  const { tickTimeUs } = plan.ensemble.settings;
  return STEADY_US + Math.max(plan.clients.sessionTimeoutUs, 2 * tickTimeUs) + 3 * tickTimeUs;
}

function advance(world: RunningWorld, untilUs: number, enough: (() => boolean) | undefined): void {
  if (enough === undefined) runWithin(world, untilUs, MOST_EVENTS);
  else {
    while (world.nowUs < untilUs && !enough())
      runWithin(world, Math.min(untilUs, world.nowUs + SLICE_US), MOST_EVENTS);
  }
}

/** From when on no fault acts any more; infinite where one may wait or last for good. */
function lastEffectUs({ faults, ensemble, buggify }: Plan): number {
  const starts = [...ensemble.start.values()].map((startUs) => startUs ?? 0);
  return Math.max(buggify?.untilUs ?? 0, ...starts, ...faults.map(latestUs));
}

function latestUs({ trigger, forUs, action }: Fault): number {
  const { atUs, afterUs, when } = trigger;
  const firesUs =
    when === undefined ? (atUs ?? Number.POSITIVE_INFINITY) : (when.untilUs ?? Number.POSITIVE_INFINITY);
  const delayUs = when === undefined ? 0 : (afterUs ?? 0);
  return firesUs + delayUs + (action.verb === 'heal' ? 0 : (forUs ?? 0));
}

/** Whoever was removed from the ensemble need not be well. */
function isWell(world: RunningWorld, servers: readonly NodeId[], { electorates }: Figures): boolean {
  if (world.unclean().length > 0) return false;
  const leader = servers.find((server) => stateOf(world, server) === 'leading');
  if (leader === undefined) return false;
  let leaders = 0;
  const committed: number[] = [];
  const epochs = new Set<number>();
  for (const server of servers) {
    if (!electorates.isMember(server, leader)) continue;
    const view = world.isUp(server) ? world.inspect(server) : undefined;
    if (view === undefined || view.state === 'looking') return false;
    if (view.state === 'leading') leaders++;
    committed.push(view.lastCommitted);
    epochs.add(view.currentEpoch);
  }
  const lag = Math.max(...committed) - Math.min(...committed);
  return leaders === 1 && epochs.size === 1 && lag <= MOST_LAG;
}

function stateOf(world: RunningWorld, server: NodeId): string {
  return world.isUp(server) ? (world.inspect(server)?.state ?? '') : '';
}
