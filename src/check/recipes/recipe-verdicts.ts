import type { RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';

/** Writes that a recipe broke its promise. */
export function accuseRecipe(
  verdicts: Verdicts,
  entry: RecipeEntry,
  rule: string,
  expected: string,
  seen: string,
): void {
  verdicts.accuse(recipeAccusation(entry, rule, expected, seen));
}

/** The accusation for it. */
export function recipeAccusation(entry: RecipeEntry, rule: string, expected: string, seen: string) {
  const where = `${seen}, ${entry.object} at ${entry.atUs} µs`;
  return { predicate: 'recipe', rule, ops: [], zxid: -1, expected, seen: where } as const;
}

/** The entries by object, each group by time; at one time in the order of the history. */
export function byObject<E extends RecipeEntry>(entries: readonly E[]): E[][] {
  const groups = new Map<string, E[]>();
  for (const entry of entries) {
    const group = groups.get(entry.object);
    if (group === undefined) groups.set(entry.object, [entry]);
    else group.push(entry);
  }
  for (const group of groups.values()) group.sort((a, b) => a.atUs - b.atUs);
  return [...groups.values()];
}
