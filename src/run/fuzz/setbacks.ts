import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { Shape } from './draw-shape.ts';
import { drawTail } from './situations.ts';
import type { Theme } from './theme.ts';

/** Plans in which a former leader cuts its log among slow threads, and breaks off behind that. */
export function setbackTheme(stream: Stream): Theme {
  return {
    shape: withSlowThreads,
    behind: (script, settings, { all }) => drawTail(stream, script, settings, all, true),
  };
}

/** The shape, with threads that are slow to get on: much is committed, and not applied yet. */
function withSlowThreads(shape: Shape): Shape {
  const { settings } = shape.ensemble;
  const patient = { ...settings, tickTimeUs: 500_000, syncLimit: 2, initLimit: 10 };
  return { ...shape, stages: uniform(10, 120_000), ensemble: { ...shape.ensemble, settings: patient } };
}
