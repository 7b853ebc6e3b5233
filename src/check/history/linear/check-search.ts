import type { IndexedHistory } from '../indexed-history.ts';
import type { Verdicts } from '../verdicts.ts';
import { projectByPath } from './project-by-path.ts';
import { checkLinearizable, type LinearVerdict } from './search.ts';
import { treeModel } from './tree-model.ts';
import { treeOperationsOf } from './tree-operations-of.ts';

/**
 * Searches for an order of the writes, and of the reads behind a barrier, that does not rest on their zxids:
 * first path by path, which rejects fast, then for all that hangs together.
 * `noBarrier`: the syncs that are known to have been none, as K15 found.
 */
export function checkSearch(
  history: IndexedHistory,
  noBarrier: ReadonlySet<number>,
  verdicts: Verdicts,
  limit?: number,
): LinearVerdict {
  const { operations, volatile } = treeOperationsOf(history, noBarrier);
  const alone = checkLinearizable(treeModel(new Set()), projectByPath(operations), limit);
  const found =
    alone.verdict === 'not-linearizable' ? alone : checkLinearizable(treeModel(volatile), operations, limit);
  verdicts.checked('lin', operations.length);
  if (found.verdict === 'undecided') {
    verdicts.skip('lin', `undecided after ${found.visited} states`);
  } else if (found.verdict === 'not-linearizable') {
    verdicts.accuse({
      predicate: 'lin',
      rule: 'no order explains what was answered',
      ops: [found.stuck, ...found.beside],
      zxid: -1,
      expected: 'an order of the operations on its paths',
      seen: `none at the return of op ${found.stuck}`,
    });
  }
  return found;
}
