import { formatZxid } from '../../core/zxid.ts';
import type { RecipeEntry, ResourceEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/**
 * What a lock guards: the tokens of the uses that it accepts never fall. A resource that does not compare
 * tokens (`fenced` false) shows with it that exclusion was lost; one that does must not let it happen.
 */
export function checkFencing(recipes: readonly RecipeEntry[], verdicts: Verdicts): void {
  const uses = recipes.filter((entry): entry is ResourceEntry => entry.recipe === 'resource');
  for (const entries of byObject(uses)) {
    let highest = -1;
    for (const entry of entries) {
      verdicts.checked('recipe');
      const { token, fenced, accepted } = entry;
      if (token < highest && accepted) {
        const rule = fenced
          ? 'a fence let an old token pass'
          : 'an unfenced resource was used by an old holder';
        accuseRecipe(verdicts, entry, rule, `at least ${formatZxid(highest)}`, `token ${formatZxid(token)}`);
      } else if (token >= highest && !accepted && fenced) {
        accuseRecipe(
          verdicts,
          entry,
          'a fence refused the newest token',
          'accepted',
          `token ${formatZxid(token)}`,
        );
      }
      if (accepted) highest = Math.max(highest, token);
    }
  }
}
