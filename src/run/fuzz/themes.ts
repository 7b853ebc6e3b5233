import type { Decisions } from '../../core/decisions.ts';
import { denseTheme } from './draw-dense.ts';
import { happens } from './draws.ts';
import { jamTheme } from './jams.ts';
import { newcomerTheme } from './newcomers.ts';
import { secondTermTheme } from './second-terms.ts';
import type { Theme } from './theme.ts';

/** Draws what a plan is about; mostly nothing of the kind. */
export function drawTheme(chance: Decisions): Theme | undefined {
  const density = chance.stream('density');
  if (happens(density, 6)) return denseTheme(density);
  const terms = chance.stream('second terms');
  if (happens(terms, 2)) return secondTermTheme(terms);
  const newcomers = chance.stream('newcomers');
  if (happens(newcomers, 2)) return newcomerTheme(newcomers);
  const jams = chance.stream('jams');
  if (happens(jams, 2)) return jamTheme(jams);
  return undefined;
}
