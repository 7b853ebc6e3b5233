import type { Outcome, Verdict } from '../run/outcome.ts';
import { quantilesOf } from '../run/timing/quantiles.ts';
import { milliseconds } from './milliseconds.ts';
import type { Paint } from './paint.ts';
import { phasesOf } from './phases.ts';
import { plainTable } from './plain-table.ts';

const VERDICTS: readonly Verdict[] = ['passed', 'violated', 'stalled'];
const SHOWN_SEEDS = 20;

/**
 * What a range of seeds came to, for one scenario: how many of each verdict, how the times are spread, which
 * seeds failed.
 */
export function seedsTable(outcomes: readonly Outcome[], paint: Paint): string {
  const [first] = outcomes;
  if (first === undefined) return '';
  const verdicts = VERDICTS.map(
    (verdict) => [verdict, outcomes.filter((one) => one.verdict === verdict).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  return [
    `${paint.bold(first.title)}: ${outcomes.length} seeds, ${verdicts.join(', ')}`,
    timesTable(outcomes),
    ...unexpectedSeeds(outcomes, paint),
  ].join('\n');
}

function timesTable(outcomes: readonly Outcome[]): string {
  const terms = outcomes.flatMap((outcome) => outcome.leaders.filter((term) => term.establishedAtUs >= 0));
  const phases = terms.map(phasesOf);
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ['election', phases.map((phase) => phase.electionUs).filter((us) => us >= 0)],
    ['recovery', phases.map((phase) => phase.recoveryUs)],
    ['unavailable', outcomes.map((outcome) => outcome.unavailableUs)],
  ];
  return plainTable(
    [
      { head: 'ms', align: 'left' },
      { head: 'count', align: 'right' },
      ...['min', 'p50', 'p90', 'p99', 'max'].map((head) => ({ head, align: 'right' }) as const),
    ],
    rows.map(([name, values]) => {
      const { min, p50, p90, p99, max } = quantilesOf(values);
      return [name, String(values.length), ...[min, p50, p90, p99, max].map(milliseconds)];
    }),
  );
}

function unexpectedSeeds(outcomes: readonly Outcome[], paint: Paint): readonly string[] {
  const amiss = outcomes.filter((outcome) => !outcome.expected);
  if (amiss.length === 0) return [];
  const lines = amiss.slice(0, SHOWN_SEEDS).map((outcome) => {
    const names = new Set([...outcome.violations, ...outcome.stalls].map((violation) => violation.invariant));
    const unmet = outcome.unmet.map(({ expect, wanted, got }) => `${expect}: wanted ${wanted}, got ${got}`);
    const why = names.size > 0 ? [...names].join(', ') : unmet.join('; ');
    return `  seed ${outcome.seed}: ${outcome.verdict} (${why})`;
  });
  const rest = amiss.length - lines.length;
  if (rest > 0) lines.push(`  and ${rest} more`);
  return [paint.red('Not as expected:'), ...lines];
}
