import type { BarrierEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/**
 * Double barriers: nobody is through before all members were entering, and nobody has left before all that
 * got through were leaving, or their session had ended. Source: the barrier recipe.
 */
export function checkBarriers(
  recipes: readonly RecipeEntry[],
  sessionEnds: ReadonlyMap<string, number>,
  verdicts: Verdicts,
): void {
  const barriers = recipes.filter((entry): entry is BarrierEntry => entry.recipe === 'barrier');
  for (const entries of byObject(barriers)) {
    const entering = new Set<number>();
    const inside = new Map<number, BarrierEntry>();
    for (const entry of entries) {
      switch (entry.step) {
        case 'entering':
          entering.add(entry.handle);
          break;
        case 'entered':
          verdicts.checked('recipe');
          inside.set(entry.handle, entry);
          if (entering.size < entry.size) {
            const rule = 'somebody was through a barrier before all were there';
            accuseRecipe(verdicts, entry, rule, `${entry.size} members`, `${entering.size}`);
          }
          break;
        case 'leaving':
          inside.delete(entry.handle);
          break;
        default:
          verdicts.checked('recipe');
          checkLeft(entry, inside, sessionEnds, verdicts);
      }
    }
  }
}

function checkLeft(
  entry: BarrierEntry,
  inside: ReadonlyMap<number, BarrierEntry>,
  sessionEnds: ReadonlyMap<string, number>,
  verdicts: Verdicts,
): void {
  const staying = [...inside.values()].filter(
    (member) => (sessionEnds.get(member.session) ?? Number.POSITIVE_INFINITY) > entry.atUs,
  );
  if (staying.length === 0) return;
  const names = staying.map((member) => member.handle).join(', ');
  accuseRecipe(verdicts, entry, 'somebody left a barrier while others stayed', 'nobody inside', names);
}
