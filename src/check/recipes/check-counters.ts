import type { CounterEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/**
 * Counters that are raised by compare-and-set: no two additions end at one value, no value is above all that
 * was asked for by then, and the last read, behind a barrier, is not below all that was acknowledged.
 */
export function checkCounters(recipes: readonly RecipeEntry[], verdicts: Verdicts): void {
  const counters = recipes.filter((entry): entry is CounterEntry => entry.recipe === 'counter');
  for (const entries of byObject(counters)) {
    checkDistinct(entries, verdicts);
    checkUpper(entries, verdicts);
    checkLast(entries, verdicts);
  }
}

function checkDistinct(entries: readonly CounterEntry[], verdicts: Verdicts): void {
  const ends = new Map<number, CounterEntry>();
  for (const entry of entries) {
    if (entry.step !== 'added' || entry.outcome !== 'ok' || entry.amount === 0) continue;
    verdicts.checked('recipe');
    const other = ends.get(entry.value);
    ends.set(entry.value, entry);
    if (other === undefined) continue;
    const seen = `${entry.value} for handles ${other.handle} and ${entry.handle}`;
    accuseRecipe(verdicts, entry, 'two additions ended at one value', 'a value each', seen);
  }
}

/** What was asked for before a value was seen bounds the value. */
function checkUpper(entries: readonly CounterEntry[], verdicts: Verdicts): void {
  const asked = entries.filter((entry) => entry.step === 'added').sort((a, b) => a.invokedUs - b.invokedUs);
  let sum = 0;
  let next = 0;
  for (const entry of entries) {
    for (; next < asked.length && (asked[next] as CounterEntry).invokedUs <= entry.atUs; next++) {
      sum += (asked[next] as CounterEntry).amount;
    }
    if (entry.outcome !== 'ok' || entry.value <= sum) continue;
    accuseRecipe(verdicts, entry, 'more was counted than added', `at most ${sum}`, String(entry.value));
  }
}

function checkLast(entries: readonly CounterEntry[], verdicts: Verdicts): void {
  const reads = entries.filter((entry) => entry.step === 'read' && entry.outcome === 'ok');
  const last = reads[reads.length - 1];
  if (last === undefined) return;
  verdicts.checked('recipe');
  let surely = 0;
  for (const { step, outcome, amount, atUs } of entries) {
    if (step === 'added' && outcome === 'ok' && atUs < last.invokedUs) surely += amount;
  }
  if (last.value >= surely) return;
  accuseRecipe(verdicts, last, 'an addition was lost', `at least ${surely}`, String(last.value));
}
