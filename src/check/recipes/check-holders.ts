import { formatZxid } from '../../core/zxid.ts';
import type { HoldEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { byObject, recipeAccusation } from './recipe-verdicts.ts';

/**
 * Locks and leader latches: at most one holder at a time whose session lives, and holders come in the order
 * of their tokens. A holder whose session has ended holds nothing, whatever it believes, be it that it learns
 * so late that it has acquired something: it is excused as
 * `paused-holder`, and what it then does is for the fence to refuse.
 */
export function checkHolders(
  recipes: readonly RecipeEntry[],
  sessionEnds: ReadonlyMap<string, number>,
  verdicts: Verdicts,
): void {
  const holds = recipes.filter(
    (entry): entry is HoldEntry => entry.recipe === 'lock' || entry.recipe === 'latch',
  );
  for (const entries of byObject(holds)) checkObject(entries, sessionEnds, verdicts);
}

function checkObject(
  entries: readonly HoldEntry[],
  sessionEnds: ReadonlyMap<string, number>,
  verdicts: Verdicts,
): void {
  const holders = new Map<number, HoldEntry>();
  let last: HoldEntry | undefined;
  for (const entry of entries) {
    if (entry.step !== 'acquired') {
      holders.delete(entry.handle);
      continue;
    }
    verdicts.checked('recipe');
    const isOver = ({ session }: HoldEntry): boolean => (sessionEnds.get(session) ?? Infinity) <= entry.atUs;
    for (const holder of holders.values()) {
      const text = `handle ${entry.handle} acquired, handle ${holder.handle} held`;
      const accusation = recipeAccusation(entry, `two hold a ${entry.recipe}`, 'one holder', text);
      if (isOver(holder) || isOver(entry)) verdicts.excuse('paused-holder', accusation);
      else verdicts.accuse(accusation);
    }
    if (last !== undefined && entry.token <= last.token && entry.handle !== last.handle) {
      const expected = `a token above ${formatZxid(last.token)}`;
      const rule = `a ${entry.recipe} went to an older token than before`;
      const accusation = recipeAccusation(entry, rule, expected, `token ${formatZxid(entry.token)}`);
      if (isOver(entry)) verdicts.excuse('paused-holder', accusation);
      else verdicts.accuse(accusation);
    }
    // The answer reached it when its session had already ended.
    if (isOver(entry)) continue;
    holders.set(entry.handle, entry);
    last = entry;
  }
}
