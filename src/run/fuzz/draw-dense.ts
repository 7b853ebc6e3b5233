import type { Stream } from '../../core/decisions.ts';
import type { ClientsPlan } from '../plan.ts';
import { MOST_CLIENTS } from './bearable.ts';
import { PLAIN_CLIENTS } from './draw-clients.ts';
import type { Shape } from './draw-shape.ts';
import { drawDenseWork } from './draw-workload.ts';
import { happens, pick, within } from './draws.ts';
import type { Script } from './script.ts';
import type { Means, Theme } from './theme.ts';
import { drawWave } from './waves.ts';

/**
 * Plans that are about their load: clients ask for more before they are answered, all of them of the same few
 * nodes, so that at any moment much is prepared and not applied, and much of it is refused.
 */
export function denseTheme(stream: Stream): Theme {
  return {
    shape: (shape) => withDensity(stream, shape),
    instead: (script, _, means) => drawFlaws(stream, script, means),
    clients: () => drawDense(stream),
  };
}

/** Nobody is far from the others, and ticks are so long that the disks bear the load. */
function withDensity(stream: Stream, shape: Shape): Shape {
  const { ensemble, network } = shape;
  const settings = { ...ensemble.settings, tickTimeUs: pick(stream, [2000, 2000, 500]) * 1000 };
  return { ...shape, network: { ...network, links: [] }, ensemble: { ...ensemble, settings } };
}

/** Mostly nothing goes wrong while clients work. */
function drawFlaws(stream: Stream, script: Script, { families, reach }: Means): void {
  script.atUs = within(stream, 500, 2000) * 1000;
  if (happens(stream, 40)) drawWave(stream, script, families, reach);
  // No run is over before its clients have done their work.
  script.atUs = Math.max(script.reachUs, within(stream, 2000, 5000) * 1000);
}

/** So much is done in a few seconds, and costs as much as a few other plans. */
function drawDense(stream: Stream): ClientsPlan {
  return {
    ...PLAIN_CLIENTS,
    count: MOST_CLIENTS,
    operations: pick(stream, [300, 600, 1200]),
    perSecondMilli: undefined,
    workload: drawDenseWork(stream),
  };
}
