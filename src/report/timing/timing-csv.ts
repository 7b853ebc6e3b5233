import { MEASURES } from '../../run/timing/measures.ts';
import type { TimingReport } from '../../run/timing/timing-report.ts';
import { csvText } from '../csv-text.ts';
import { measuresOf } from './groups.ts';

const FIGURES = ['count', 'min', 'p50', 'low', 'high', 'p90', 'p99', 'max'] as const;

/**
 * A report as CSV (RFC 4180): a row for each cell and measure, times in virtual µs. `low` and `high` bound
 * the 95 % confidence interval of the median.
 */
export function timingCsv({ dimensions, cells }: TimingReport): string {
  const head = [...dimensions, 'runs', 'passed', 'violated', 'stalled', 'measure', 'unit', ...FIGURES];
  const rows = cells.flatMap((cell) => {
    const { passed, violated, stalled } = cell.verdicts;
    const labels = dimensions.map((dimension) => cell.labels[dimension] ?? '');
    return measuresOf([cell]).map((measure) => {
      const summary = cell.measures[measure];
      const figures = FIGURES.map((name) => summary?.[name] ?? '');
      return [...labels, cell.runs, passed, violated, stalled, measure, MEASURES[measure].unit, ...figures];
    });
  });
  return csvText([head, ...rows]);
}
