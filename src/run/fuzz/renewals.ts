import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { Shape } from './draw-shape.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { ANY } from './moments.ts';
import type { Family } from './profile.ts';
import { at, type Script } from './script.ts';
import { downAmong } from './situations.ts';
import type { Theme } from './theme.ts';

/** Plans in which learners are given snapshots while clients write. */
export function renewalTheme(stream: Stream): Theme {
  return {
    shape: (shape) => withSnapshotSync(stream, shape),
    behind: (script, _, { all }) => drawRenewal(stream, script, all),
  };
}

/**
 * The shape, with leaders that soon have nothing but snapshots for who was away, send them slowly, and can
 * send what has happened since then in another way.
 */
function withSnapshotSync(stream: Stream, shape: Shape): Shape {
  const { settings } = shape.ensemble;
  const forgetful = { ...settings, commitLogCount: within(stream, 3, 12), snapshotSizeFactorPpm: -1 };
  const mostUs = Math.min(50_000, settings.tickTimeUs / 8);
  const disk = { ...shape.disk, snapshotPiece: uniform(mostUs / 2, mostUs) };
  return { ...shape, disk, ensemble: { ...shape.ensemble, settings: forgetful } };
}

/**
 * A server that was away is given a snapshot while clients write, and goes as soon as it has taken it over:
 * it must hold all that it spoke for (ZOOKEEPER-3104).
 */
function drawRenewal(stream: Stream, script: Script, families: readonly Family[]): void {
  const verbs = downAmong(families);
  if (verbs.length === 0) return;
  const { observers, voters } = script;
  const observes = observers.length > 0 && families.includes('powerCut') && happens(stream, 70);
  const servers = [pick(stream, observes ? observers : voters)];
  const goneUs = within(stream, 0, script.reachUs);
  script.add({ verb: observes ? 'powerCut' : pick(stream, verbs), servers }, at(goneUs));
  if (observes) script.add({ verb: 'wipe', servers }, at(goneUs));
  const backUs = goneUs + within(stream, 500, 2500) * 1000;
  script.add({ verb: 'start', servers }, at(backUs));
  const untilUs = backUs + 3_000_000;
  const fact = pick(stream, ['snapshot-installed', 'epoch-adopted', 'new-leader-acked']);
  for (let nth = within(stream, 1, 2); nth > 0; nth--) {
    const when = { ...ANY, fact, server: servers, nth, fromUs: backUs, untilUs };
    const afterUs = happens(stream, 50) ? 0 : anyScale(stream, 20) * 1000;
    script.add({ verb: pick(stream, verbs), servers }, { atUs: undefined, afterUs, when });
    const startUs = afterUs + anyScale(stream, 500) * 1000;
    script.add({ verb: 'start', servers }, { atUs: undefined, afterUs: startUs, when });
  }
}
