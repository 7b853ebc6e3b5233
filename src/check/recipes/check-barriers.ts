import type { BarrierEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/**
 * Double barriers: nobody is through before all members were entering, and nobody has left before all that
 * got through were leaving, or their session had ended. Who begins to enter when somebody has lost his
 * session or is leaving is late: he finds the barrier open, and nobody need wait for him. So is who comes
 * back with another session: the node of the last one may have opened the barrier, and gone. Source: the
 * barrier recipe.
 */
export function checkBarriers(
  recipes: readonly RecipeEntry[],
  sessionEnds: ReadonlyMap<string, number>,
  verdicts: Verdicts,
): void {
  const barriers = recipes.filter((entry): entry is BarrierEntry => entry.recipe === 'barrier');
  for (const entries of byObject(barriers)) {
    const entering = new Set<number>();
    const members = new Set<string>();
    const late = new Set<number>();
    const inside = new Map<number, BarrierEntry>();
    let firstGoneUs = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      switch (entry.step) {
        case 'entering':
          entering.add(entry.handle);
          if (firstGoneUs <= entry.atUs || members.has(entry.member ?? '')) late.add(entry.handle);
          if (entry.member !== undefined) members.add(entry.member);
          firstGoneUs = Math.min(firstGoneUs, endOf(entry, sessionEnds));
          break;
        case 'entered':
          verdicts.checked('recipe');
          if (!late.has(entry.handle)) inside.set(entry.handle, entry);
          if (entering.size < entry.size) {
            const rule = 'somebody was through a barrier before all were there';
            accuseRecipe(verdicts, entry, rule, `${entry.size} members`, `${entering.size}`);
          }
          break;
        case 'leaving':
          inside.delete(entry.handle);
          firstGoneUs = Math.min(firstGoneUs, entry.atUs);
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
  const staying = [...inside.values()].filter((member) => endOf(member, sessionEnds) > entry.atUs);
  if (staying.length === 0) return;
  const names = staying.map((member) => member.handle).join(', ');
  accuseRecipe(verdicts, entry, 'somebody left a barrier while others stayed', 'nobody inside', names);
}

/** When the member's session ended; infinity: not yet. */
function endOf({ session }: BarrierEntry, sessionEnds: ReadonlyMap<string, number>): number {
  return sessionEnds.get(session) ?? Number.POSITIVE_INFINITY;
}
