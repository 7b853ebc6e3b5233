import type { Decisions, Stream } from '../../core/decisions.ts';
import { denseTheme } from './draw-dense.ts';
import { happens } from './draws.ts';
import { hasteTheme } from './haste.ts';
import { jamTheme } from './jams.ts';
import { lenienceTheme } from './lenience.ts';
import { newcomerTheme } from './newcomers.ts';
import type { Family } from './profile.ts';
import { relapseTheme } from './relapses.ts';
import { renewalTheme } from './renewals.ts';
import { secondTermTheme } from './second-terms.ts';
import { setbackTheme } from './setbacks.ts';
import type { Theme } from './theme.ts';

/** A theme that may be drawn. */
interface Kind {
  /** The name of its stream. */
  readonly stream: string;
  /** Of a hundred plans that have none of those before it, so many have it. */
  readonly percent: number;
  /** It is drawn only where the profile has all of these. */
  readonly needs: readonly Family[];
  readonly theme: (stream: Stream) => Theme;
}

/** In the order in which they are drawn. */
const KINDS: readonly Kind[] = [
  { stream: 'haste', percent: 8, needs: [], theme: hasteTheme },
  { stream: 'silence', percent: 5, needs: [], theme: lenienceTheme },
  { stream: 'renewal', percent: 10, needs: [], theme: renewalTheme },
  { stream: 'setback', percent: 8, needs: ['restart', 'reset'], theme: setbackTheme },
  { stream: 'relapse', percent: 3, needs: ['failSync'], theme: relapseTheme },
  { stream: 'density', percent: 6, needs: [], theme: denseTheme },
  { stream: 'second terms', percent: 2, needs: [], theme: secondTermTheme },
  { stream: 'newcomers', percent: 2, needs: [], theme: newcomerTheme },
  { stream: 'jams', percent: 2, needs: [], theme: jamTheme },
];

/** Draws what a plan is about; mostly nothing in particular. `all`: the families of its profile. */
export function drawTheme(chance: Decisions, all: readonly Family[]): Theme | undefined {
  for (const { stream: name, percent, needs, theme } of KINDS) {
    const stream = chance.stream(name);
    if (needs.every((family) => all.includes(family)) && happens(stream, percent)) return theme(stream);
  }
  return undefined;
}
