import type { Stream } from '../../core/decisions.ts';
import { type Distribution, uniform } from '../../core/distribution.ts';
import { type NodeId, nodeId } from '../../node/ids.ts';
import type { ClientsPlan, EnsemblePlan, Plan, ZooSettings } from '../plan.ts';
import { DEFAULT_SERVICE, DEFAULT_SETTINGS } from '../read-ensemble.ts';
import { longTail } from '../spread.ts';
import { bearableAtOnce, isNear, MOST_CLIENTS } from './bearable.ts';
import { anyScale, happens, pick, several, within } from './draws.ts';

/** The world of a random plan before anything goes wrong in it. */
export type Shape = Pick<Plan, 'ensemble' | 'network' | 'disk' | 'clock' | 'stages'>;

/** The largest counter of an epoch. */
const LAST_COUNTER = 0xffffffff;

/**
 * Draws an ensemble, its timers, and how fast its networks, disks, clocks and threads are. Small snapshots,
 * small logs and short ticks are frequent: what is seldom in a real ensemble is then frequent in a short run.
 */
export function drawShape(stream: Stream, behaviour: readonly string[]): Shape {
  const ensemble = drawEnsemble(stream, behaviour);
  const network = drawNetwork(stream, [...ensemble.voters, ...ensemble.observers]);
  const sync = pick(stream, [uniform(2000, 6000), uniform(100, 1000), uniform(2000, 40_000), DISK_TAIL]);
  const settings = withRoom(ensemble.settings, sync, network);
  return {
    ensemble: { ...ensemble, settings },
    network,
    disk: { sync, snapshotPiece: drawPiece(stream, settings) },
    clock: {
      skew: happens(stream, 30) ? uniform(0, within(stream, 1, 1000) * 1000) : uniform(0, 0),
      driftPpm: happens(stream, 30) ? uniform(0, within(stream, 1, 1000)) : uniform(0, 0),
    },
    stages: pick(stream, [uniform(10, 60), uniform(10, 60), uniform(10, 5000), STAGE_TAIL]),
  };
}

/** Mostly a turn; now and then so long that much may happen between two pieces. */
function drawPiece(stream: Stream, { tickTimeUs }: ZooSettings): Distribution | undefined {
  if (!happens(stream, 30)) return undefined;
  const mostUs = Math.min(50_000, tickTimeUs / 8);
  return uniform(mostUs / 10, mostUs);
}

/** With ticks so long that each client may have a write under way, however far the servers are apart. */
export function withRoom(settings: ZooSettings, sync: Distribution, network: Plan['network']): ZooSettings {
  let roomy = settings;
  while (bearableAtOnce(sync, roomy) < MOST_CLIENTS || !isNear(network, roomy))
    roomy = { ...roomy, tickTimeUs: 2 * roomy.tickTimeUs };
  return roomy;
}

/** A connection with a buffer of 1 KiB carries more than 200 kB a second. */
const NEAR_US = 2000;

/** Made once: their tables cost more than the rest of a plan. */
const DISK_TAIL = longTail(2000, 25_000);
const STAGE_TAIL = longTail(1000, 10_000);
const NETWORK_TAIL = longTail(1000, 20_000);

function drawEnsemble(stream: Stream, behaviour: readonly string[]): EnsemblePlan {
  const voters = pick(stream, [3, 3, 3, 3, 3, 3, 4, 5, 5, 2]);
  const observers = pick(stream, [0, 0, 0, 0, 1, 2]);
  const ids = Array.from({ length: voters + observers }, (_, i) => nodeId(i + 1));
  const start = new Map<NodeId, number | undefined>();
  if (happens(stream, 60))
    for (const id of ids) if (happens(stream, 50)) start.set(id, stream.draw(1500) * 1000);
  return {
    voters: ids.slice(0, voters),
    observers: ids.slice(voters),
    weights: new Map(happens(stream, 3) ? [[pick(stream, ids.slice(0, voters)), 2]] : []),
    groups: [],
    start,
    behaviour,
    settings: drawSettings(stream),
    service: drawService(stream),
  };
}

function drawSettings(stream: Stream): ZooSettings {
  return {
    ...DEFAULT_SETTINGS,
    tickTimeUs: pick(stream, [200, 200, 200, 100, 100, 500, 2000]) * 1000,
    initLimit: pick(stream, [5, 5, 3, 10]),
    syncLimit: pick(stream, [2, 2, 3, 5]),
    snapCount: pick(stream, [100_000, 100_000, 100_000, 3, 3, 6, 20]),
    commitLogCount: pick(stream, [500, 500, 1, 2, 5]),
    snapshotSizeFactorPpm: pick(stream, [330_000, 330_000, -1, 1_000_000]),
    forceSnapshotSync: happens(stream, 4),
    maxBatchSize: pick(stream, [1000, 1000, 1, 3]),
    cnxTimeoutUs: pick(stream, [5000, 1000, 500]) * 1000,
    maxNotificationIntervalUs: pick(stream, [60_000, 2000]) * 1000,
    observerElectionDelayUs: pick(stream, [200, 10]) * 1000,
    snapRetainCount: pick(stream, [0, 0, 3]),
    // Few enough are left that the counter runs over while clients write.
    initialCounter: happens(stream, 8) ? LAST_COUNTER - within(stream, 8, 60) : 0,
    maxTimeToWaitForEpochUs: happens(stream, 10) ? within(stream, 100, 1000) * 1000 : -1,
    leaderServes: !happens(stream, 10),
    readOnlyMode: happens(stream, 20),
  };
}

/** How the tree and its sessions are configured; a counter has no use for it. */
function drawService(stream: Stream): EnsemblePlan['service'] {
  const localSessions = happens(stream, 15);
  return {
    ...DEFAULT_SERVICE,
    localSessions,
    localSessionsUpgrading: localSessions && happens(stream, 50),
    extendedTypes: happens(stream, 50),
    skipAcl: happens(stream, 10),
    globalOutstandingLimit: pick(stream, [1000, 1000, 1000, 1, 8]),
  };
}

/** The shape, at times with a leader that looks for containers and TTL nodes often enough for a short run. */
export function withReaper(stream: Stream, pace: Stream, shape: Shape): Shape {
  if (!happens(stream, 30)) return shape;
  const service = {
    ...shape.ensemble.service,
    containerCheckUs: within(stream, 100, 2000) * 1000,
    containerMaxNeverUsedUs: pick(stream, [0, 1000, 300_000]) * 1000,
    // Slow enough that a leader is replaced in the middle of a round.
    containersPerMinute: pick(pace, [10_000, 10_000, 600, 60]),
  };
  return { ...shape, ensemble: { ...shape.ensemble, service } };
}

/** The shape, mostly with hard quotas that refuse, if its clients set any. */
export function withEnforcement(stream: Stream, shape: Shape, { workload }: ClientsPlan): Shape {
  if (workload.kind !== 'mix' || !workload.weights.has('quota') || !happens(stream, 85)) return shape;
  const { ensemble } = shape;
  return { ...shape, ensemble: { ...ensemble, service: { ...ensemble.service, enforceQuota: true } } };
}

/**
 * The shape, mostly with local sessions where clients make do with a server without a quorum: it lets in no
 * other that is new (ZOOKEEPER-3863).
 */
export function withLocals(stream: Stream, shape: Shape, { readOnly }: ClientsPlan): Shape {
  const { ensemble } = shape;
  if (!readOnly || !ensemble.settings.readOnlyMode || !happens(stream, 60)) return shape;
  return { ...shape, ensemble: { ...ensemble, service: { ...ensemble.service, localSessions: true } } };
}

/** The shape, at times with leaders that bring few learners up to date at a time: observers are refused. */
export function withThrottle(stream: Stream, shape: Shape): Shape {
  if (!happens(stream, 15)) return shape;
  const { settings } = shape.ensemble;
  const few = { maxConcurrentSnapSyncs: within(stream, 1, 2), maxConcurrentDiffSyncs: within(stream, 1, 2) };
  return { ...shape, ensemble: { ...shape.ensemble, settings: { ...settings, ...few } } };
}

/**
 * The network, at times with buffers so small that a few messages fill them while nobody takes any out. Not
 * where the way is long: what is taken out makes room only when its sender hears of that; nor for a crowd.
 */
export function withBuffers(stream: Stream, network: Plan['network']): Plan['network'] {
  if (!happens(stream, 20) || network.links.length > 0 || network.latency.maxUs > NEAR_US) return network;
  return { ...network, bufferBytes: 1024 * anyScale(stream, 8) };
}

/** Whether containers and TTL nodes go in the time of a run. */
export function reapsOften({ ensemble }: Shape): boolean {
  return ensemble.service.containerCheckUs < DEFAULT_SERVICE.containerCheckUs;
}

/**
 * The shape, at times with voters in groups that decide as groups (QuorumHierarchical), some with more weight
 * than others, and one perhaps with none: it votes, is never elected, and counts for nothing.
 */
export function withGroups(stream: Stream, shape: Shape): Shape {
  const { voters } = shape.ensemble;
  // One group of everybody decides as a majority does, and is counted otherwise.
  if (voters.length < 3 || !happens(stream, 6)) return happens(stream, 10) ? withGroup(shape) : shape;
  const count = within(stream, 1, Math.min(3, voters.length));
  const groups: NodeId[][] = Array.from({ length: count }, () => []);
  const pool = several(stream, voters, voters.length);
  for (const [i, sid] of pool.entries()) groups[i % count]?.push(sid);
  const idle = happens(stream, 40) ? pick(stream, voters) : undefined;
  const weights = new Map<NodeId, number>();
  for (const sid of voters) {
    if (sid === idle) weights.set(sid, 0);
    else if (happens(stream, 25)) weights.set(sid, within(stream, 2, 3));
  }
  return { ...shape, ensemble: { ...shape.ensemble, groups, weights } };
}

function withGroup(shape: Shape): Shape {
  const { voters, weights } = shape.ensemble;
  return weights.size > 0 ? shape : { ...shape, ensemble: { ...shape.ensemble, groups: [voters] } };
}

function drawNetwork(stream: Stream, ids: readonly NodeId[]): Plan['network'] {
  const latency = pick(stream, [uniform(500, 1500), uniform(500, 1500), uniform(100, 20_000), NETWORK_TAIL]);
  if (!happens(stream, 30)) return { latency, links: [] };
  // One server, or two, are far from the others.
  const far = ids.slice(0, within(stream, 1, 2));
  const near = ids.slice(far.length);
  if (near.length === 0) return { latency, links: [] };
  const from = within(stream, 1, 40) * 1000;
  return { latency, links: [{ a: far, b: near, latency: uniform(from, from * 2) }] };
}
