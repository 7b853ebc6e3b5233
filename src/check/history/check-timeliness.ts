import { ascending } from '../../core/order.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isOfTheTree, isRead } from './op-kind.ts';
import { pathsRead, type ReplayTrace } from './replay.ts';
import { countBelow } from './sorted-search.ts';
import type { Staleness } from './staleness.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K9: when a read misses a change, how long had somebody seen that change before the read was sent? More
 * than (syncLimit + 1) ticks and the run's slack is too long on a server with a leader. O(n log n).
 */
export function checkTimeliness(history: IndexedHistory, trace: ReplayTrace, verdicts: Verdicts): Staleness {
  const { syncLimit, tickTimeUs, slackUs } = history.header;
  const bound = (syncLimit + 1) * tickTimeUs + slackUs;
  const zxids = history.log.map((entry) => entry.zxid);
  const ages: number[] = [];
  let reads = 0;
  let behindMost = 0;
  for (const op of history.ops) {
    if (!isRead(op.request) || !isOfTheTree(op) || !history.isCommitted(op)) continue;
    reads++;
    verdicts.checked('K9');
    const missed = firstMissed(trace, pathsRead(op.request), op.zxid);
    const age = op.invokedUs - history.observed.firstSeen(missed);
    if (!(age > 0)) continue;
    ages.push(age);
    const seen = history.observed.before(op.invokedUs).zxid;
    behindMost = Math.max(behindMost, countBelow(zxids, seen + 1) - countBelow(zxids, op.zxid + 1));
    if (age <= bound) continue;
    verdicts.accuse({
      predicate: 'K9',
      rule: 'a read was older than the bound',
      ops: [op.id],
      zxid: op.zxid,
      expected: `at most ${bound} µs`,
      seen: `${age} µs`,
    });
  }
  ages.sort(ascending);
  const at = (share: number) => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] ?? 0;
  return {
    reads,
    stale: ages.length,
    medianUs: at(0.5),
    p99Us: at(0.99),
    maxUs: at(1),
    maxZxidsBehind: behindMost,
  };
}

function firstMissed(trace: ReplayTrace, paths: readonly string[], zxid: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    const touched = trace.touched.get(path) ?? [];
    first = Math.min(first, touched[countBelow(touched, zxid + 1)] ?? Number.POSITIVE_INFINITY);
  }
  return first;
}
