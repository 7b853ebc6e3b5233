import type { MeasureName } from '../../run/timing/measures.ts';
import type { CellResult, TimingReport } from '../../run/timing/timing-report.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import { figure, headOf } from './figure.ts';
import { type Group, groupsOf, measuresOf } from './groups.ts';
import { verdictCell } from './verdict-cell.ts';

/** What a terminal shows of a cell, the most telling first, as far as the width goes. */
const SHOWN: readonly MeasureName[] = [
  'failover',
  'unavailable',
  'write-gap',
  'leaders',
  'overlap',
  'rejoin-diff',
  'rejoin-snap',
  'rejoin-trunc',
  'establishment',
  'election',
  'write-latency',
  'throughput',
];
const MOST = 6;

/** The tables of a report for a terminal: median and 99th percentile of the most telling measures. */
export function timingTables(report: TimingReport, paint: Paint): string {
  return groupsOf(report)
    .map((group) => (group.name === '' ? '' : `${paint.bold(group.name)}\n`) + table(group, paint))
    .join('\n\n');
}

function table({ dimensions, cells }: Group, paint: Paint): string {
  const present = new Set(measuresOf(cells).filter((measure) => tells(measure, cells)));
  const measures = SHOWN.filter((measure) => present.has(measure)).slice(0, MOST);
  return plainTable(
    [
      ...dimensions.map((head) => ({ head, align: 'right' }) as const),
      { head: 'runs', align: 'left' },
      ...measures.map((measure) => ({ head: `${headOf(measure)}\np50 / p99`, align: 'right' }) as const),
    ],
    cells.map((cell) => [
      ...dimensions.map((dimension) => cell.labels[dimension] ?? ''),
      verdict(cell, paint),
      ...measures.map((measure) => spread(cell, measure)),
    ]),
  );
}

/** Whether a measure says anything: one that is nothing in all cells does not. */
function tells(measure: MeasureName, cells: readonly CellResult[]): boolean {
  return cells.some((cell) => (cell.measures[measure]?.max ?? 0) > 0);
}

function verdict(cell: CellResult, paint: Paint): string {
  if (cell.unexpected.length > 0) return paint.red(`✗ ${verdictCell(cell)}`);
  return paint.green(`✓ ${verdictCell(cell)}`);
}

function spread(cell: CellResult, measure: MeasureName): string {
  const summary = cell.measures[measure];
  if (summary === undefined) return '–';
  return `${figure(measure, summary.p50)} / ${figure(measure, summary.p99)}`;
}
