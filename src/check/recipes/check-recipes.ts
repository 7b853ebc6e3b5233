import type { IndexedHistory } from '../history/indexed-history.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { checkBarriers } from './check-barriers.ts';
import { checkCommits } from './check-commits.ts';
import { checkConfigurations } from './check-configurations.ts';
import { checkCounters } from './check-counters.ts';
import { checkFencing } from './check-fencing.ts';
import { checkHolders } from './check-holders.ts';
import { checkQueues } from './check-queues.ts';
import { sessionEnds } from './session-ends.ts';

/** Every recipe that the history tells of keeps its promise. */
export function checkRecipes(history: IndexedHistory, verdicts: Verdicts): void {
  const { recipes } = history;
  if (recipes.length === 0) return;
  const ends = sessionEnds(history);
  checkHolders(recipes, ends, verdicts);
  checkFencing(recipes, verdicts);
  checkBarriers(recipes, ends, verdicts);
  checkQueues(recipes, verdicts);
  checkCounters(recipes, verdicts);
  checkCommits(recipes, verdicts);
  checkConfigurations(recipes, verdicts);
}
