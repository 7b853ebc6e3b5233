import type { ConfigurationEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/**
 * Configurations: no client sees the version fall, and a version has one value. That all see the last one in
 * the end is a matter of watches: K11 and K17.
 */
export function checkConfigurations(recipes: readonly RecipeEntry[], verdicts: Verdicts): void {
  const all = recipes.filter((entry): entry is ConfigurationEntry => entry.recipe === 'configuration');
  for (const entries of byObject(all)) {
    const values = new Map<number, string>();
    const latest = new Map<number, number>();
    for (const entry of entries) {
      verdicts.checked('recipe');
      const { version, value, handle } = entry;
      const known = values.get(version);
      values.set(version, known ?? value);
      if (known !== undefined && known !== value)
        accuseRecipe(verdicts, entry, 'one version of a configuration has two values', known, value);
      if (entry.step !== 'observed') continue;
      const before = latest.get(handle) ?? -1;
      latest.set(handle, Math.max(before, version));
      if (version < before) {
        const rule = 'a client saw a configuration go back';
        accuseRecipe(verdicts, entry, rule, `at least ${before}`, `${version} by handle ${handle}`);
      }
    }
  }
}
