import type { Stream } from '../../core/decisions.ts';
import { nodeId } from '../../node/ids.ts';
import type { ClientsPlan } from '../plan.ts';
import type { MixOperation } from '../workload/kinds.ts';
import { PLAIN_CLIENTS } from './draw-clients.ts';
import type { Shape } from './draw-shape.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { at, type Script } from './script.ts';
import { downAmong } from './situations.ts';
import type { Means, Theme } from './theme.ts';

/** When the newcomer comes, µs, at the earliest and at the latest: the others have a past by then. */
const LATE_US = [5_000_000, 9_000_000] as const;

/**
 * Plans in which a server that has nothing comes late: it is brought up to date by one whose log does not go
 * back to the beginning, for it was given a snapshot itself, or has removed its old logs.
 */
export function newcomerTheme(stream: Stream): Theme {
  const lateUs = within(stream, ...LATE_US);
  return {
    shape: (shape) => withNewcomer(stream, shape, lateUs),
    instead: (script, _, means) => drawPast(stream, script, means, lateUs),
    clients: () => drawLoad(stream, lateUs),
  };
}

/**
 * With five voters one of them comes late, at times; otherwise an observer does. Little is kept in memory,
 * and snapshots are small.
 */
function withNewcomer(stream: Stream, shape: Shape, lateUs: number): Shape {
  const { ensemble } = shape;
  const { voters, settings } = ensemble;
  const late = voters.length >= 5 && happens(stream, 60) ? voters[0] : undefined;
  const observer = nodeId(voters.length + 1);
  const observers = late !== undefined || ensemble.observers.length > 0 ? ensemble.observers : [observer];
  return {
    ...shape,
    network: { ...shape.network, links: [] },
    ensemble: {
      ...ensemble,
      observers,
      start: new Map([[late ?? observer, lateUs]]),
      settings: {
        ...settings,
        tickTimeUs: Math.min(500_000, settings.tickTimeUs),
        commitLogCount: within(stream, 1, 5),
        snapCount: pick(stream, [20, 40, 60, 100_000]),
        snapRetainCount: pick(stream, [0, 3]),
        // With 0 no log is ever short enough.
        snapshotSizeFactorPpm: pick(stream, [330_000, 330_000, 1_000_000, 0]),
      },
    },
  };
}

/**
 * Who is likely to lead is away for long, and is back when the others have gone on; then their leader goes.
 */
function drawPast(stream: Stream, script: Script, { all }: Means, lateUs: number): void {
  const heir = script.voters.slice(-1);
  const verb = pick(stream, downAmong(all));
  script.atUs = within(stream, 500, 1500) * 1000;
  script.add({ verb, servers: heir });
  const backUs = lateUs - within(stream, 1500, 2500) * 1000;
  script.add({ verb: 'start', servers: heir }, at(backUs));
  if (happens(stream, 80)) {
    const goneUs = lateUs - within(stream, 200, 1200) * 1000;
    script.add({ verb, servers: ['leader'] }, at(goneUs));
    const againUs = goneUs + (happens(stream, 50) ? within(stream, 300, 3000) : anyScale(stream, 300)) * 1000;
    script.add({ verb: 'start', servers: script.fallen }, at(againUs));
  }
  script.atUs = Math.max(script.reachUs, lateUs + within(stream, 500, 2000) * 1000);
}

/** A tree that grows: the logs of a while are small beside its snapshots. */
function drawLoad(stream: Stream, lateUs: number): ClientsPlan {
  const weights = new Map<MixOperation, number>([
    ['create', within(stream, 2, 5)],
    ['createSequential', within(stream, 1, 4)],
    ['set', within(stream, 1, 4)],
  ]);
  for (const name of ['delete', 'multi', 'createEphemeral'] as const)
    if (happens(stream, 40)) weights.set(name, within(stream, 1, 3));
  const perSecond = within(stream, 15, 40);
  const counts = happens(stream, 20);
  return {
    ...PLAIN_CLIENTS,
    count: within(stream, 1, 3),
    operations: Math.ceil((perSecond * lateUs) / 1_000_000),
    perSecondMilli: perSecond * 1000,
    workload: counts
      ? { kind: 'counter' }
      : { kind: 'mix', weights, keys: 10, valueSize: 10, pipeline: 1, readers: 0 },
  };
}
