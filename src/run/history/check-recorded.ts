import { checkHistory } from '../../check/history/check-history.ts';
import type { ClientHistory, OpEntry } from '../../check/history/client-history.ts';
import type { Waiver } from '../../check/history/predicate.ts';
import type { Accusation, Tally } from '../../check/history/verdicts.ts';
import type { Violation } from '../../check/monitor.ts';
import { ascending } from '../../core/order.ts';
import { type NodeId, nodeId } from '../../node/ids.ts';
import { FIXED_ZNODE_RULES, type ZnodeRules } from '../../znode/rules.ts';
import type { HistorySummary } from '../outcome.ts';
import { HISTORY_INVARIANTS } from './history-invariants.ts';

/** What of a run its recorded history is judged by. */
export interface RecordedCase {
  /** Events of the run. */
  readonly events: number;
  /** Within what time after healing the ensemble must serve, µs. */
  readonly healingUs?: number;
  /** By which rules its service went. */
  readonly rules?: ZnodeRules;
  /** What ZooKeeper does, and the protocol of this run has no excuse for. */
  readonly inexcusable?: readonly Waiver[];
}

/** What came of it. */
export interface RecordedVerdict {
  /** One for each invariant and rule, in the order in which the checkers found them. */
  readonly violations: readonly Violation[];
  readonly summary: HistorySummary;
}

/** Checks the recorded history of a run: what it accuses the run of, under the names of its invariants. */
export function checkRecorded(history: ClientHistory, about: RecordedCase): RecordedVerdict {
  const { events, healingUs, rules = FIXED_ZNODE_RULES, inexcusable = [] } = about;
  const refuse = [...withoutExcuse(rules), ...inexcusable];
  const report = checkHistory(history, healingUs === undefined ? { refuse } : { refuse, healingUs });
  const places = new Places(history);
  const violations = report.violations.map((tally) => violationOf(tally, places, events));
  const { operations, unknown } = report;
  const waived = Object.fromEntries([...report.waived].map(([waiver, { count }]) => [waiver, count]));
  const skipped = Object.fromEntries(report.skipped);
  return { violations, summary: { operations, unknown, waived, skipped } };
}

/**
 * What real ZooKeeper does and a service by these rules does not: where a rule was repaired, its anomaly is
 * no excuse.
 */
function withoutExcuse(rules: ZnodeRules): readonly Waiver[] {
  const refused: Waiver[] = [];
  if (rules.closeLowersChildCounts) refused.push('W1');
  if (rules.pendingPath('') === '/' && rules.setAclBindsAtOnce) refused.push('W4');
  if (rules.quotaCountsPending) refused.push('W3');
  if (rules.leaderSyncIsBarrier) refused.push('leader-sync');
  if (rules.fencesOldConnections) refused.push('server-return');
  return refused;
}

function violationOf({ predicate, rule, count, first }: Tally, places: Places, event: number): Violation {
  const accusation = first[0] as Accusation;
  const { atUs, servers } = places.of(accusation);
  const ops = accusation.ops.filter((op) => op >= 0);
  const whose = ops.length === 0 ? '' : ` (${ops.map((op) => `op ${op}`).join(', ')})`;
  const again = count === 1 ? '' : `; ${count} times in all`;
  return {
    ...HISTORY_INVARIANTS[predicate],
    atUs,
    event,
    servers,
    rule: `${predicate} ${rule}`,
    message: `${rule}: expected ${accusation.expected}, seen ${accusation.seen}${whose}${again}`,
  };
}

/** Where and when the ops of an accusation were answered. */
class Places {
  readonly #ops = new Map<number, OpEntry>();
  readonly #servers = new Map<number, NodeId>();
  #endUs = 0;

  constructor({ entries }: ClientHistory) {
    for (const entry of entries) {
      if (entry.kind === 'op') this.#ops.set(entry.id, entry);
      else if (entry.kind === 'conn') this.#servers.set(entry.id, nodeId(entry.server));
      else if (entry.kind === 'final') this.#endUs = entry.atUs;
    }
  }

  of({ ops }: Accusation): { readonly atUs: number; readonly servers: readonly NodeId[] } {
    const concerned = ops.flatMap((id) => this.#ops.get(id) ?? []);
    const servers = new Set(concerned.flatMap((op) => this.#servers.get(op.connection) ?? []));
    const times = concerned.map((op) => Math.max(op.returnedUs, op.invokedUs));
    return {
      atUs: times.length === 0 ? this.#endUs : Math.max(...times),
      servers: [...servers].sort(ascending),
    };
  }
}
