import { inThreads, workerEntry } from '../pool.ts';
import { type CalibrationTask, type Readings, readSituation } from './calibrate-worker.ts';
import { REAL_ROWS, type RealFigures, type RealRow } from './real-rows.ts';
import { SITUATIONS } from './situations.ts';

/** A row of the table: what was measured on real servers, and what the simulated ones give. */
export interface CalibratedRow extends RealRow {
  readonly simulated: RealFigures & { readonly count: number };
  /** Simulated by real median. */
  readonly ratio: number;
  /** Whether the free parameters were fitted with it: every second row, the others check them. */
  readonly fitted: boolean;
  /** Whether the median is within 15 % of the real one. */
  readonly near: boolean;
  /** Whether the median is within the real extremes, widened by 20 %. */
  readonly inside: boolean;
}

const NEAR = 0.15;
const WIDER = 0.2;
const SEEDS_A_TASK = 5;

/**
 * Runs every situation that was measured on real servers, with each seed of a range, on so many threads.
 * The rows stand in the order of the real ones and do not depend on the number of threads. `onRan` is told
 * how many more runs are done.
 */
export async function calibrate(
  seeds: { readonly from: number; readonly to: number },
  threads: number,
  onRan: (count: number) => void,
): Promise<readonly CalibratedRow[]> {
  const tasks: CalibrationTask[] = SITUATIONS.flatMap((_, situation) => {
    const parts: CalibrationTask[] = [];
    for (let from = seeds.from; from <= seeds.to; from += SEEDS_A_TASK) {
      parts.push({ situation, from, to: Math.min(seeds.to, from + SEEDS_A_TASK - 1) });
    }
    return parts;
  });
  const done = await read(tasks, threads, (task) => onRan(task.to - task.from + 1));
  return REAL_ROWS.map((row, index) => {
    const values = done.flatMap((readings, at) => {
      const name = SITUATIONS[tasks[at]?.situation ?? -1]?.name;
      return name === row.situation ? (readings[row.reading] ?? []) : [];
    });
    return calibrated(row, values, index % 2 === 0);
  });
}

async function read(
  tasks: readonly CalibrationTask[],
  threads: number,
  onDone: (task: CalibrationTask) => void,
): Promise<readonly Readings[]> {
  if (threads > 1) {
    let finished = 0;
    const worker = workerEntry(import.meta.url, 'calibrate-worker');
    return inThreads<CalibrationTask, Readings>(worker, 'readSituation', tasks, threads, () => {
      const task = tasks[finished++];
      if (task !== undefined) onDone(task);
    });
  }
  const results: Readings[] = [];
  for (const task of tasks) {
    results.push(readSituation(task));
    onDone(task);
    // Lets whoever shows the progress do so.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}

/** Compares a row with the values of its runs, of which there is at least one. */
export function calibrated(row: RealRow, values: readonly number[], fitted: boolean): CalibratedRow {
  const sorted = [...values].sort((a, b) => a - b);
  const rounded = (value: number | undefined): number => Math.round((value ?? Number.NaN) * 100) / 100;
  const median = rounded(sorted[Math.ceil(sorted.length / 2) - 1]);
  const { real } = row;
  const least = real.min - WIDER * Math.abs(real.min);
  const most = real.max + WIDER * Math.abs(real.max);
  return {
    ...row,
    simulated: { count: sorted.length, min: rounded(sorted[0]), median, max: rounded(sorted.at(-1)) },
    ratio: Math.round((median / real.median) * 100) / 100,
    fitted,
    near: Math.abs(median - real.median) <= NEAR * Math.abs(real.median),
    inside: median >= least && median <= most,
  };
}
