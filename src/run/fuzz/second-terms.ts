import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { ClientsPlan, ZooSettings } from '../plan.ts';
import type { MixOperation } from '../workload/kinds.ts';
import { PLAIN_CLIENTS } from './draw-clients.ts';
import type { Shape } from './draw-shape.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import type { Family } from './profile.ts';
import { at, type Script } from './script.ts';
import type { Means, Theme } from './theme.ts';

/**
 * Plans in which a leader is deposed and leads again, and its process lives on: what is left of its first
 * term must not become part of the second. There is much that takes longer than a term: nodes that wait to be
 * removed, syncs, snapshots.
 */
export function secondTermTheme(stream: Stream): Theme {
  return {
    shape: (shape) => withRounds(stream, shape),
    instead: (script, settings, means) => drawTerms(stream, script, settings, means),
    clients: (activeUs) => drawLoad(stream, activeUs),
  };
}

/** All begin together, are soon at odds, and remove nodes so slowly that a round of that outlasts a term. */
function withRounds(stream: Stream, shape: Shape): Shape {
  const { ensemble } = shape;
  const { settings, service } = ensemble;
  const tickTimeUs = Math.min(500_000, settings.tickTimeUs);
  const slow = happens(stream, 40);
  const mostUs = Math.min(50_000, tickTimeUs / 8);
  const disk = slow ? { ...shape.disk, snapshotPiece: uniform(mostUs / 10, mostUs) } : shape.disk;
  return {
    ...shape,
    disk,
    network: { ...shape.network, links: [] },
    ensemble: {
      ...ensemble,
      start: new Map(),
      settings: {
        ...settings,
        tickTimeUs,
        syncLimit: within(stream, 2, 3),
        snapCount: slow ? within(stream, 6, 30) : settings.snapCount,
      },
      service: {
        ...service,
        extendedTypes: true,
        containerCheckUs: within(stream, 100, 500) * 1000,
        containerMaxNeverUsedUs: pick(stream, [0, 1000, 300_000]) * 1000,
        containersPerMinute: pick(stream, [60, 60, 600]),
      },
    },
  };
}

/** Who is likely to lead is cut off until it gives up; when it is back, the others go, and it leads again. */
function drawTerms(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
  { all }: Means,
): void {
  const heir = script.voters.slice(-1);
  const others = script.servers.filter((id) => !heir.includes(id));
  const verb = pick(stream, downAmong(all));
  script.atUs = within(stream, 3000, 7000) * 1000;
  for (let terms = within(stream, 1, 2); terms > 0; terms--) {
    const cutUs = (syncLimit + 1) * tickTimeUs + within(stream, 500, 2500) * 1000;
    if (all.includes('partition'))
      script.add({ verb: 'partition', groups: [heir, others] }, undefined, cutUs);
    else script.add({ verb: 'isolate', servers: heir }, undefined, cutUs);
    script.atUs += cutUs + within(stream, 300, 2000) * 1000;
    script.add({ verb, servers: others });
    const backUs = happens(stream, 70) ? 200_000 : anyScale(stream, 2000) * 1000;
    script.add({ verb: 'start', servers: others }, at(script.atUs + backUs));
    script.atUs = script.reachUs + within(stream, 1500, 4000) * 1000;
  }
}

function downAmong(families: readonly Family[]): readonly ('crash' | 'stop')[] {
  return (['crash', 'stop'] as const).filter((verb) => families.includes(verb));
}

/** What comes up often in such a load, and what it may have beside that. */
const REAPED: readonly MixOperation[] = ['createTTL', 'delete', 'set'];
const BESIDE: readonly MixOperation[] = ['create', 'createContainer', 'syncGet', 'churn', 'multi', 'move'];

function drawLoad(stream: Stream, activeUs: number): ClientsPlan {
  const weights = new Map<MixOperation, number>(REAPED.map((name) => [name, within(stream, 2, 6)]));
  for (const name of BESIDE) if (happens(stream, 40)) weights.set(name, within(stream, 1, 3));
  const perSecond = within(stream, 20, 60);
  return {
    ...PLAIN_CLIENTS,
    count: within(stream, 2, 4),
    operations: Math.ceil((perSecond * activeUs) / 1_000_000),
    perSecondMilli: perSecond * 1000,
    workload: { kind: 'mix', weights, keys: 10, valueSize: 10, pipeline: pick(stream, [1, 4]), readers: 0 },
  };
}
