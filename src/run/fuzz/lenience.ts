import type { Stream } from '../../core/decisions.ts';
import type { Choice } from '../../sim/fault.ts';
import type { Shape } from './draw-shape.ts';
import { pick, within } from './draws.ts';
import { at, type Script } from './script.ts';
import type { Theme } from './theme.ts';

/** Two ticks of a lenient ensemble: the least that there is. */
export const SHORT_SESSION_US = 1_000_000;

/** Plans in which sessions end that clients hold at a server which knows nothing of that. */
export function lenienceTheme(stream: Stream): Theme {
  return {
    shape: withLenience,
    last: (script) => drawSilence(stream, script),
    sessionTimeoutUs: SHORT_SESSION_US,
  };
}

/** The shape, with servers that put up with silence for longer than the sessions of their clients live. */
function withLenience(shape: Shape): Shape {
  const { settings } = shape.ensemble;
  const lenient = { ...settings, tickTimeUs: 500_000, syncLimit: 10, initLimit: 10 };
  return { ...shape, ensemble: { ...shape.ensemble, settings: lenient } };
}

/**
 * What one server says reaches no other for longer than sessions live, and it stays a follower: its clients
 * are connected, and answered what they read, when their sessions end.
 */
function drawSilence(stream: Stream, script: Script): void {
  const from: Choice = [pick(stream, script.servers)];
  const lastsUs = within(stream, 2 * SHORT_SESSION_US, 4 * SHORT_SESSION_US);
  script.add({ verb: 'cut', from, to: ['rest'] }, at(within(stream, 0, script.reachUs)), lastsUs);
}
