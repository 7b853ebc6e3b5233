import type { CommitEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/** Two-phase commits: all learn one decision, and commit only when every participant voted for it. */
export function checkCommits(recipes: readonly RecipeEntry[], verdicts: Verdicts): void {
  const commits = recipes.filter((entry): entry is CommitEntry => entry.recipe === 'two-phase-commit');
  for (const entries of byObject(commits)) {
    const votes = new Map<number, CommitEntry['choice']>();
    let first: CommitEntry | undefined;
    for (const entry of entries) {
      verdicts.checked('recipe');
      if (entry.step === 'voted') {
        votes.set(entry.handle, entry.choice);
        continue;
      }
      first ??= entry;
      if (entry.choice !== first.choice) {
        const seen = `${entry.choice} for handle ${entry.handle}`;
        accuseRecipe(verdicts, entry, 'two decisions on one transaction', first.choice, seen);
      }
      if (entry.choice !== 'commit') continue;
      const agreed = [...votes.values()].filter((choice) => choice === 'commit').length;
      if (agreed >= entry.participants) continue;
      const rule = 'it was committed without all votes';
      accuseRecipe(verdicts, entry, rule, `${entry.participants} votes`, `${agreed}`);
    }
  }
}
