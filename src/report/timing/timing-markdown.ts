import { MEASURES, type MeasureName } from '../../run/timing/measures.ts';
import type { Summary } from '../../run/timing/summary.ts';
import type { CellResult, TimingReport } from '../../run/timing/timing-report.ts';
import { markdownTable } from '../markdown-table.ts';
import { figure, headOf, unitOf } from './figure.ts';
import { type Group, groupsOf, measuresOf } from './groups.ts';
import { verdictCell } from './verdict-cell.ts';

const FIGURES = ['min', 'p50', 'p90', 'p99', 'max'] as const;

/** A report as a page in Markdown: for each table the medians at a glance, then every figure. */
export function timingMarkdown(report: TimingReport): string {
  const { title, seeds, cells } = report;
  const runs = cells.reduce((sum, cell) => sum + cell.runs, 0);
  return `${[
    `# ${title}`,
    `${runs} runs: ${cells.length} cells, each with the seeds ${seeds.from} to ${seeds.to}. Times are ms ` +
      'of virtual time. An interval in brackets is the 95 % confidence interval of the median (bootstrap).',
    legend(measuresOf(cells)),
    ...groupsOf(report).map(section),
  ].join('\n\n')}\n`;
}

function legend(measures: readonly MeasureName[]): string {
  const rows = measures.map((measure) => [measure, unitOf(measure), MEASURES[measure].means]);
  return markdownTable(['measure', 'unit', 'means'], rows);
}

function section({ name, dimensions, cells }: Group): string {
  const measures = measuresOf(cells);
  const labels = (cell: CellResult): readonly string[] => dimensions.map((one) => cell.labels[one] ?? '');
  const glance = markdownTable(
    [...dimensions, 'runs', ...measures.map(headOf)],
    cells.map((cell) => [
      ...labels(cell),
      verdictCell(cell),
      ...measures.map((measure) => median(measure, cell.measures[measure])),
    ]),
  );
  const all = markdownTable(
    [...dimensions, 'measure', 'count', 'min', 'p50', '95 %', 'p90', 'p99', 'max'],
    cells.flatMap((cell) =>
      measuresOf([cell]).map((measure) => [...labels(cell), headOf(measure), ...row(measure, cell)]),
    ),
  );
  const heading = name === '' ? [] : [`## ${name}`];
  return [...heading, 'Medians:', glance, 'All figures:', all].join('\n\n');
}

function median(measure: MeasureName, summary: Summary | undefined): string {
  return summary === undefined ? '–' : figure(measure, summary.p50);
}

function row(measure: MeasureName, cell: CellResult): readonly string[] {
  const summary = cell.measures[measure];
  if (summary === undefined) return [];
  const [min, p50, ...rest] = FIGURES.map((name) => figure(measure, summary[name]));
  const interval = `[${figure(measure, summary.low)}, ${figure(measure, summary.high)}]`;
  return [String(summary.count), min ?? '', p50 ?? '', interval, ...rest];
}
