import type { HistoryReport } from '../check/history/check-history.ts';
import { PREDICATES, type Predicate, WAIVERS } from '../check/history/predicate.ts';
import type { Accusation, Tally } from '../check/history/verdicts.ts';
import { formatZxid } from '../core/zxid.ts';
import { HISTORY_INVARIANTS } from '../run/history/history-invariants.ts';
import { milliseconds } from './milliseconds.ts';
import type { Paint } from './paint.ts';

/** How many findings of a rule are spelt out. */
const SHOWN = 5;

/** What the checkers say of a history file, for people. */
export function historyText(file: string, report: HistoryReport, paint: Paint): string {
  const { operations, unknown, violations, waived, skipped, staleness } = report;
  const head = report.ok ? paint.green('✓ no violation') : paint.red('✗ violated');
  const lines = [`${head}  ${paint.bold(file)}: ${operations} operations, ${unknown} without an answer`];
  for (const tally of violations) lines.push(...tallyLines(tally, paint));
  for (const [waiver, { count }] of waived) {
    lines.push(`  excused ${count} × ${waiver}: ${WAIVERS[waiver]}`);
  }
  for (const [predicate, why] of skipped) {
    lines.push(paint.dim(`  not checked ${predicate} (${PREDICATES[predicate]}): ${why}`));
  }
  if (staleness !== undefined && staleness.stale > 0) {
    const { reads, stale, medianUs, p99Us, maxUs, maxZxidsBehind } = staleness;
    lines.push(
      `  ${stale} of ${reads} reads were stale: median ${milliseconds(medianUs)} ms, 99 % ` +
        `${milliseconds(p99Us)} ms, longest ${milliseconds(maxUs)} ms, ${maxZxidsBehind} transactions behind`,
    );
  }
  lines.push(paint.dim(`  checked: ${checkedText(report)}`));
  return lines.join('\n');
}

/** The same as an entry of `check --json`. */
export function historyJson(file: string, report: HistoryReport): Readonly<Record<string, unknown>> {
  return {
    file,
    ok: report.ok,
    operations: report.operations,
    unknown: report.unknown,
    violations: report.violations.map((tally) => ({
      predicate: tally.predicate,
      invariant: HISTORY_INVARIANTS[tally.predicate].invariant,
      rule: tally.rule,
      count: tally.count,
      first: tally.first.map(accusationJson),
    })),
    waived: [...report.waived].map(([waiver, { count, first }]) => ({
      waiver,
      count,
      first: first.map(accusationJson),
    })),
    checked: Object.fromEntries(report.checked),
    skipped: Object.fromEntries(report.skipped),
    staleness: report.staleness ?? null,
    statesVisited: report.statesVisited,
  };
}

function tallyLines({ predicate, rule, count, first }: Tally, paint: Paint): string[] {
  const { invariant } = HISTORY_INVARIANTS[predicate];
  const lines = [`  ${paint.red(predicate)} ${paint.bold(invariant)}: ${rule} (${count} ×)`];
  for (const { expected, seen, ops } of first.slice(0, SHOWN)) {
    const whose = ops.length === 0 ? '' : `  [op ${ops.join(', ')}]`;
    lines.push(`    expected ${expected}, seen ${seen}${whose}`);
  }
  if (count > SHOWN) lines.push(`    and ${count - SHOWN} more`);
  return lines;
}

function accusationJson({ ops, zxid, expected, seen }: Accusation) {
  return { ops, zxid: formatZxid(zxid), expected, seen };
}

function checkedText({ checked }: HistoryReport): string {
  const counts = (Object.keys(PREDICATES) as Predicate[]).flatMap((predicate) => {
    const count = checked.get(predicate);
    return count === undefined ? [] : [`${predicate} ${count}`];
  });
  return counts.length === 0 ? 'nothing' : counts.join(' · ');
}
