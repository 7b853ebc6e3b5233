import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { Choice } from '../../sim/fault.ts';
import type { ClientsPlan, ZooSettings } from '../plan.ts';
import type { MixOperation } from '../workload/kinds.ts';
import { PLAIN_CLIENTS } from './draw-clients.ts';
import type { Shape } from './draw-shape.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { at, type Script } from './script.ts';
import { downAmong } from './situations.ts';
import type { Means, Theme } from './theme.ts';

/**
 * Plans in which connections are full: their buffers are small, much goes over them, and now and then who
 * should take it out pauses, though not for so long that it is given up. What a connection did not take has
 * to be sent when it takes more again: requests, acks, pieces of snapshots.
 */
export function jamTheme(stream: Stream): Theme {
  return {
    shape: (shape) => withJams(stream, shape),
    instead: (script, settings, means) => drawJams(stream, script, settings, means),
    clients: (activeUs) => drawLoad(stream, activeUs),
  };
}

/** Nobody is far from the others, or full buffers would slow everything; who was away gets snapshots. */
function withJams(stream: Stream, shape: Shape): Shape {
  const { ensemble, network } = shape;
  const { settings } = ensemble;
  const bufferBytes = pick(stream, [512, 1024]);
  return {
    ...shape,
    network: { ...network, latency: uniform(500, 1500), links: [], bufferBytes },
    ensemble: {
      ...ensemble,
      settings: {
        ...settings,
        tickTimeUs: 500_000,
        syncLimit: 5,
        initLimit: 10,
        commitLogCount: within(stream, 1, 10),
        snapshotSizeFactorPpm: pick(stream, [-1, -1, settings.snapshotSizeFactorPpm]),
      },
    },
  };
}

/** Somebody pauses, or was away and comes back: its leader has much to send then. */
function drawJams(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
  { all }: Means,
): void {
  const verbs = downAmong(all);
  const mostMs = Math.floor(((syncLimit - 1) * tickTimeUs) / 1000);
  script.atUs = within(stream, 1500, 2500) * 1000;
  for (let jams = within(stream, 2, 4); jams > 0; jams--) {
    const whom = pick<Choice>(stream, [['leader'], ['leader'], ['follower'], ['followers']]);
    const lastsUs = within(stream, 200, mostMs) * 1000;
    if (verbs.length > 0 && happens(stream, 40)) {
      script.add({ verb: pick(stream, verbs), servers: ['follower'] });
      script.add({ verb: 'start', servers: script.fallen }, at(script.atUs + lastsUs));
    } else if (all.includes('pause')) script.add({ verb: 'pause', servers: whom }, undefined, lastsUs);
    script.atUs += lastsUs + anyScale(stream, 2000) * 1000;
  }
  script.atUs = script.reachUs + 500_000;
}

/** Nobody waits before asking for more, of a tree that grows: a message is small beside its overhead. */
function drawLoad(stream: Stream, activeUs: number): ClientsPlan {
  const weights = new Map<MixOperation, number>([
    ['create', within(stream, 2, 5)],
    ['set', within(stream, 3, 8)],
    ['createSequential', within(stream, 1, 4)],
  ]);
  for (const name of ['get', 'delete', 'multi', 'syncGet', 'createEphemeral'] as const)
    if (happens(stream, 40)) weights.set(name, within(stream, 1, 3));
  const perSecond = within(stream, 50, 100);
  return {
    ...PLAIN_CLIENTS,
    count: within(stream, 2, 4),
    operations: Math.ceil((perSecond * activeUs) / 1_000_000),
    perSecondMilli: perSecond * 1000,
    workload: {
      kind: 'mix',
      weights,
      keys: 10,
      valueSize: 10,
      pipeline: pick(stream, [4, 16]),
      readers: 0,
    },
  };
}
