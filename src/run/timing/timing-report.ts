import type { Verdict } from '../outcome.ts';
import type { MeasuredRun } from './measure-worker.ts';
import { MEASURE_NAMES, type MeasureName } from './measures.ts';
import { type Summary, summarize } from './summary.ts';

/** One place of a report's grid: a scenario, and what tells it from the others. */
export interface Cell {
  /** By dimension, e.g. `voters: 5`; the dimensions are the same for all cells of a report. */
  readonly labels: Readonly<Record<string, string>>;
  /** The scenario, as a file would hold it. */
  readonly text: string;
  /** Whether its faults come at another moment of a tick with each seed: see `atPhase`. */
  readonly phased?: boolean;
  /** Its name, for messages. */
  readonly file: string;
}

/** What the runs of a cell came to. */
export interface CellResult {
  readonly labels: Cell['labels'];
  readonly runs: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Seeds of the runs that were not as their scenario expects. */
  readonly unexpected: readonly number[];
  /** The invariants that were violated in some run, or the liveness rules not met; sorted. */
  readonly broken: readonly string[];
  /** Expectations of the scenario that were not met in some run; sorted. */
  readonly unmet: readonly string[];
  /** Only what was measured at all. */
  readonly measures: Readonly<Partial<Record<MeasureName, Summary>>>;
  /** The values behind the summaries, ascending. */
  readonly values: Readonly<Partial<Record<MeasureName, readonly number[]>>>;
}

/** A finished report. */
export interface TimingReport {
  readonly title: string;
  readonly dimensions: readonly string[];
  readonly seeds: { readonly from: number; readonly to: number };
  readonly cells: readonly CellResult[];
}

/** Sums up the runs of a cell. */
export function resultOf(cell: Cell, runs: readonly MeasuredRun[]): CellResult {
  const verdicts = { passed: 0, violated: 0, stalled: 0 };
  const measures: Partial<Record<MeasureName, Summary>> = {};
  const values: Partial<Record<MeasureName, readonly number[]>> = {};
  for (const run of runs) verdicts[run.verdict]++;
  for (const measure of MEASURE_NAMES) {
    const found = runs.flatMap((run) => run.values[measure] ?? []).sort((a, b) => a - b);
    if (found.length === 0) continue;
    values[measure] = found;
    measures[measure] = summarize(`${cellName(cell.labels)} ${measure}`, found);
  }
  return {
    labels: cell.labels,
    runs: runs.length,
    verdicts,
    unexpected: runs.filter((run) => !run.expected).map((run) => run.seed),
    broken: [...new Set(runs.flatMap((run) => run.broken))].sort(),
    unmet: [...new Set(runs.flatMap((run) => run.unmet))].sort(),
    measures,
    values,
  };
}

/** The labels of a cell in one line; unique in its report. */
export function cellName(labels: Cell['labels']): string {
  return Object.entries(labels)
    .map(([dimension, label]) => `${dimension} ${label}`)
    .join(', ');
}
