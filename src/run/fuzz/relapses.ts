import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import { type Shape, withRoom } from './draw-shape.ts';
import { within } from './draws.ts';
import { at, type Script } from './script.ts';
import type { Theme } from './theme.ts';

/** Clients that write all the time, and leave snapshots small. */
const FEW = 3;

/** Plans in which disks fail more than once in a row while small snapshots are taken. */
export function relapseTheme(stream: Stream): Theme {
  return {
    shape: (shape) => withSlowSnapshots(stream, shape),
    last: (script) => drawRelapse(stream, script),
    crowd: FEW,
  };
}

/**
 * The shape, with small snapshots, which take as long to write as a disk that is slow to sync takes for
 * several transactions.
 */
function withSlowSnapshots(stream: Stream, shape: Shape): Shape {
  const { ensemble, network } = shape;
  const sync = uniform(2000, 40_000);
  const settings = withRoom({ ...ensemble.settings, snapCount: within(stream, 4, 8) }, sync, network);
  return {
    ...shape,
    disk: { sync, snapshotPiece: uniform(1000, 10_000) },
    ensemble: { ...ensemble, settings },
  };
}

/**
 * The disks of all followers fail to sync more than once in a row, again and again: what a server began anew
 * from, when its log failed, may fail next.
 */
function drawRelapse(stream: Stream, script: Script): void {
  script.add({ verb: 'start', servers: script.fallen });
  for (let times = within(stream, 3, 5); times > 0; times--) {
    script.atUs += within(stream, 1200, 2500) * 1000;
    const lastsUs = within(stream, 100, 400) * 1000;
    script.add({ verb: 'failSync', server: ['followers'], times: 2 }, at(script.atUs), lastsUs);
  }
}
