import { MEASURE_NAMES, type MeasureName } from '../../run/timing/measures.ts';
import type { CellResult, TimingReport } from '../../run/timing/timing-report.ts';

/** Cells of a report that stand in one table. */
export interface Group {
  /** What they have in common: the label of the report's first dimension; empty if there is but one table. */
  readonly name: string;
  /** The dimensions that tell them apart. */
  readonly dimensions: readonly string[];
  readonly cells: readonly CellResult[];
}

/** The tables of a report: a report over stories has one for each, any other report has one. */
export function groupsOf(report: TimingReport): readonly Group[] {
  const [first, ...others] = report.dimensions;
  if (first !== 'story') return [{ name: '', dimensions: report.dimensions, cells: report.cells }];
  const names = [...new Set(report.cells.map((cell) => cell.labels[first] ?? ''))];
  return names.map((name) => ({
    name,
    dimensions: others,
    cells: report.cells.filter((cell) => cell.labels[first] === name),
  }));
}

/** The measures that any of the cells has, in the order of a report. */
export function measuresOf(cells: readonly CellResult[]): readonly MeasureName[] {
  return MEASURE_NAMES.filter((measure) => cells.some((cell) => cell.measures[measure] !== undefined));
}
