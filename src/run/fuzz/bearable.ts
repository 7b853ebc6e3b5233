import { seeded } from '../../core/decisions.ts';
import { type Distribution, uniform } from '../../core/distribution.ts';
import { ITEMS_IN_CHUNK } from '../../znode/snapshot.ts';
import type { ClientsPlan, Plan, ZooSettings } from '../plan.ts';
import { DEFAULT_SETTINGS } from '../read-ensemble.ts';
import type { MixOperation } from '../workload/kinds.ts';

/** A random plan has one to so many clients, unless they are a crowd. */
export const MOST_CLIENTS = 4;

/** The part of its time for which a disk may be busy with the load. */
const BUSY = 0.4;
/** A snapshot syncs its own file, and a new log after it. */
const SYNCS_OF_A_SNAPSHOT = 2;
/** Writes that come while a disk syncs are synced together; so many at most are counted on. */
const SYNCED_TOGETHER = 4;
const STAGES_OF_A_WRITE = 4;
/** The part of initLimit for which a snapshot may be under way: a fourth. */
const SHARE_OF_A_SNAPSHOT = 4;
const NODES_OF_A_ROUND = 4;
const NODES_OF_A_KEY = 4;
/** Operations that make nodes of which there may be any number. */
const NUMBERED: readonly MixOperation[] = ['createSequential', 'createEphemeralSequential', 'multi', 'check'];
const SAMPLES = 64;

/**
 * How many writes may be under way at once, so that a disk has done with them in half the time that a leader
 * waits for acks. A leader gives up when no quorum has acked a proposal for syncLimit ticks
 * (LearnerHandler.synced): with more it resigns again and again, without any fault.
 *
 * @param sync how long the disk takes for one
 */
export function bearableAtOnce(sync: Distribution, settings: ZooSettings): number {
  const patienceUs = (settings.syncLimit * settings.tickTimeUs) / 2;
  return Math.floor(patienceUs / writeUs(sync, settings)) * batchOf(settings);
}

/** Whether a message and its answer take no more than the other half of that time, on the slowest links. */
export function isNear({ latency, links }: Plan['network'], settings: ZooSettings): boolean {
  const slowestUs = Math.max(meanUs(latency), ...links.map((link) => meanUs(link.latency)));
  return 2 * slowestUs <= (settings.syncLimit * settings.tickTimeUs) / 2;
}

/**
 * The plan, with a load, batches, pieces of snapshots and elections that its disks, timers and clocks bear
 * without a fault.
 */
export function bearable(plan: Plan): Plan {
  const clients = bearableLoad(plan.clients, plan);
  const settings = bearableIntervals(bearableSettings(plan.ensemble.settings, clients), plan.clock);
  const disk = bearableDisk(plan, settings, clients);
  return { ...plan, disk, ensemble: { ...plan.ensemble, settings }, clients };
}

/** The load of a plan, made light enough for its disks and timers. */
function bearableLoad(
  clients: ClientsPlan,
  { disk, stages, ensemble }: Pick<Plan, 'disk' | 'stages' | 'ensemble'>,
): ClientsPlan {
  const { perSecondMilli, workload } = clients;
  const { settings } = ensemble;
  const together = Math.min(batchOf(settings), SYNCED_TOGETHER);
  const busyUs = Math.max(
    meanUs(disk.sync) * (1 / together + SYNCS_OF_A_SNAPSHOT / settings.snapCount),
    meanUs(stages),
  );
  const perSecondMost = Math.max(1, Math.floor((BUSY * 1_000_000) / busyUs));
  const atOnce = Math.max(1, Math.floor(bearableAtOnce(disk.sync, ensemble.settings) / clients.count));
  return {
    ...clients,
    perSecondMilli: perSecondMilli === undefined ? undefined : Math.min(perSecondMilli, perSecondMost * 1000),
    workload:
      workload.kind === 'mix' ? { ...workload, pipeline: Math.min(workload.pipeline, atOnce) } : workload,
  };
}

/**
 * The settings under which the disks keep up with clients that write as soon as they are answered: where each
 * write is synced for itself, the slowest of the disks falls behind the quorum of the others without an end.
 */
function bearableSettings(
  settings: ZooSettings,
  { count, perSecondMilli, workload }: ClientsPlan,
): ZooSettings {
  const underWay = count * (workload.kind === 'mix' ? workload.pipeline : 1);
  const isBound = workload.kind !== 'recipe' && perSecondMilli !== undefined;
  if (isBound || underWay <= batchOf(settings)) return settings;
  const { maxBatchSize } = DEFAULT_SETTINGS;
  return { ...settings, maxBatchSize, snapCount: Math.max(settings.snapCount, 2 * underWay) };
}

/** How many writes are synced at once at most: a batch ends with its file, after half of snapCount. */
function batchOf({ maxBatchSize, snapCount }: ZooSettings): number {
  return Math.max(1, Math.min(maxBatchSize, Math.floor(snapCount / 2)));
}

/**
 * The settings under which two servers that look for a leader hear each other out. Each asks again when it
 * has heard nothing for an interval that doubles up to the longest one (FastLeaderElection.lookForLeader).
 * When both have come to that, the one with the slower clock is asked again just before it would ask, for
 * ever if messages are always under way for the same time, and the other never hears its vote (seen with
 * 3.8.0). With ZooKeeper's longest interval, a minute, no short run comes to that.
 */
function bearableIntervals(settings: ZooSettings, { driftPpm }: Plan['clock']): ZooSettings {
  const { maxNotificationIntervalUs } = DEFAULT_SETTINGS;
  return driftPpm.maxUs > 0 ? { ...settings, maxNotificationIntervalUs } : settings;
}

/**
 * The disk of a plan, with pieces of snapshots that do not take so long that a learner runs out of time while
 * it gets one.
 */
function bearableDisk(
  { disk, stages, durationUs }: Pick<Plan, 'disk' | 'stages' | 'durationUs'>,
  { initLimit, tickTimeUs }: ZooSettings,
  clients: ClientsPlan,
): Plan['disk'] {
  const pieces = Math.ceil(mostNodes(clients, durationUs) / ITEMS_IN_CHUNK);
  const mostUs = Math.floor((initLimit * tickTimeUs) / (SHARE_OF_A_SNAPSHOT * pieces));
  if (meanUs(disk.snapshotPiece ?? stages) <= mostUs) return disk;
  return { ...disk, snapshotPiece: uniform(Math.ceil(mostUs / 10), Math.max(1, mostUs)) };
}

/** How large a tree may grow: one whose nodes have numbers grows for as long as its clients work. */
function mostNodes({ workload, operations, perSecondMilli = 0 }: ClientsPlan, durationUs: number): number {
  if (workload.kind === 'counter') return 1;
  const asked = operations ?? Math.ceil((perSecondMilli * durationUs) / 1_000_000_000);
  if (workload.kind === 'recipe') return NODES_OF_A_ROUND * asked;
  const grows = NUMBERED.some((operation) => workload.weights.has(operation));
  return NODES_OF_A_KEY * workload.keys + (grows ? asked : 0);
}

/** How long a disk is busy with a write, with its share of the next snapshot. */
function writeUs(sync: Distribution, { snapCount }: ZooSettings): number {
  return Math.ceil(meanUs(sync) * (1 + SYNCS_OF_A_SNAPSHOT / snapCount));
}

/** How long a write is under way when nothing is wrong: there and back, a disk, the threads in between. */
export function commitUs({ network, disk, stages }: Pick<Plan, 'network' | 'disk' | 'stages'>): number {
  return 2 * meanUs(network.latency) + meanUs(disk.sync) + STAGES_OF_A_WRITE * meanUs(stages);
}

/** The same for a distribution at every call. */
function meanUs(distribution: Distribution): number {
  const stream = seeded('mean').stream('samples');
  let sumUs = 0;
  for (let i = 0; i < SAMPLES; i++) sumUs += distribution.sample(stream);
  return sumUs / SAMPLES;
}
