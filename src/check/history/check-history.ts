import { checkRecipes } from '../recipes/check-recipes.ts';
import { checkAnswerCodes } from './check-answer-codes.ts';
import { checkBlackBox } from './check-black-box.ts';
import { checkChroot } from './check-chroot.ts';
import { checkClientDuties } from './check-client-duties.ts';
import { checkConnectionOrder } from './check-connection-order.ts';
import { checkDurability } from './check-durability.ts';
import { checkExpiry } from './check-expiry.ts';
import { checkHandleOrder } from './check-handle-order.ts';
import { checkHealing } from './check-healing.ts';
import { checkLinearWrites } from './check-linear-writes.ts';
import { checkReadOnly } from './check-read-only.ts';
import { checkSessionAnswers } from './check-session-answers.ts';
import { checkSessionEnds } from './check-session-ends.ts';
import { checkSessionWrites } from './check-session-writes.ts';
import { checkStarved } from './check-starved.ts';
import { checkSync } from './check-sync.ts';
import { checkTimeliness } from './check-timeliness.ts';
import { checkWatches } from './check-watches.ts';
import type { ClientHistory } from './client-history.ts';
import { IndexedHistory } from './indexed-history.ts';
import { checkSearch } from './linear/check-search.ts';
import type { Predicate, Waiver } from './predicate.ts';
import { Replay } from './replay.ts';
import type { Staleness } from './staleness.ts';
import { type Tally, Verdicts } from './verdicts.ts';

/** How to check a history. */
export interface CheckOptions {
  /** Exceptions that do not count. */
  readonly refuse?: readonly Waiver[];
  /** Whether to search for a linearization as well; else if there are at most 20,000 operations. */
  readonly search?: boolean;
  /** How many states the search may visit. */
  readonly searchLimit?: number;
  /**
   * Within what time after healing a healed run must serve (K17), µs; else it is worked out as 60 s and
   * more.
   */
  readonly healingUs?: number;
}

/** How many operations are searched without being asked. */
const SEARCHED = 20_000;

/** What the checkers found in a history. */
export interface HistoryReport {
  readonly ok: boolean;
  /** By guarantee and rule. */
  readonly violations: readonly Tally[];
  /** What was excused, by exception. */
  readonly waived: ReadonlyMap<Waiver, Tally>;
  /** How many things were checked for each guarantee: 0 of them prove nothing. */
  readonly checked: ReadonlyMap<Predicate, number>;
  /** What was not checked, and why. */
  readonly skipped: ReadonlyMap<Predicate, string>;
  /** Only with the log. */
  readonly staleness: Staleness | undefined;
  readonly operations: number;
  readonly unknown: number;
  readonly statesVisited: number;
}

const NEEDS_LOG: readonly Predicate[] = ['K6', 'K7', 'K8', 'K9', 'K11', 'K12', 'K13'];

/**
 * Checks a recorded history against all that ZooKeeper promises its clients, the zxid of every reply being
 * the witness, and once more by a search that does not look at zxids. O(n log n), but for the search.
 */
export function checkHistory(history: ClientHistory, options: CheckOptions = {}): HistoryReport {
  const verdicts = new Verdicts(new Set(options.refuse));
  const indexed = new IndexedHistory(history);
  checkLinearWrites(indexed, verdicts);
  checkSessionWrites(indexed, verdicts);
  checkConnectionOrder(indexed, verdicts);
  checkHandleOrder(indexed, verdicts);
  const staleness = history.header.whiteBox ? checkWhiteBox(indexed, verdicts) : undefined;
  if (!history.header.whiteBox) {
    checkBlackBox(indexed, verdicts);
    for (const predicate of NEEDS_LOG) verdicts.skip(predicate, 'the history has no log');
  }
  checkExpiry(indexed, verdicts);
  const noBarrier = checkSync(indexed, verdicts);
  checkHealing(indexed, options.healingUs ?? healingTime(history), verdicts);
  checkRecipes(indexed, verdicts);
  let visited = 0;
  if (history.header.priorData === true)
    verdicts.skip('lin', 'the search begins with an empty tree, and the servers had data before');
  else if (options.search ?? indexed.ops.length <= SEARCHED)
    visited = checkSearch(indexed, noBarrier, verdicts, options.searchLimit).visited;
  else verdicts.skip('lin', 'not asked for, or too many operations to do it unasked');
  return {
    ok: verdicts.accused.length === 0,
    violations: verdicts.accused,
    waived: verdicts.waived,
    checked: verdicts.checks,
    skipped: verdicts.skips,
    staleness,
    operations: indexed.ops.length,
    unknown: indexed.ops.filter((op) => op.outcome === 'unknown').length,
    statesVisited: visited,
  };
}

function checkWhiteBox(indexed: IndexedHistory, verdicts: Verdicts): Staleness {
  const trace = new Replay(indexed, verdicts).run();
  checkWatches(indexed, trace, verdicts);
  checkDurability(indexed, verdicts);
  checkSessionAnswers(indexed, verdicts);
  checkAnswerCodes(indexed, verdicts);
  checkReadOnly(indexed, verdicts);
  checkSessionEnds(indexed, verdicts);
  checkStarved(indexed, verdicts);
  checkClientDuties(indexed, verdicts);
  checkChroot(indexed, verdicts);
  return checkTimeliness(indexed, trace, verdicts);
}

/** An election at its slowest, three tries, and the time to notice. */
function healingTime({ header }: ClientHistory): number {
  return 60_000_000 + 3 * (2 * header.syncLimit * header.tickTimeUs + 1_000_000) + header.slackUs;
}
