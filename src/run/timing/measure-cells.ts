import { inThreads, workerEntry } from '../pool.ts';
import { type MeasuredRun, type MeasureTask, measureSeeds } from './measure-worker.ts';
import { type Cell, type CellResult, resultOf } from './timing-report.ts';

const SEEDS_A_TASK = 10;

/**
 * Runs every cell with each seed of a range, on so many threads, and sums the runs up. The results stand in
 * the order of the cells and do not depend on the number of threads. `onRan` is told how many more runs are
 * done. A defect in a run rejects.
 */
export async function measureCells(
  cells: readonly Cell[],
  seeds: { readonly from: number; readonly to: number },
  threads: number,
  onRan: (count: number) => void,
): Promise<readonly CellResult[]> {
  const tasks: MeasureTask[] = [];
  const cellOf: Cell[] = [];
  for (const cell of cells) {
    for (let from = seeds.from; from <= seeds.to; from += SEEDS_A_TASK) {
      const to = Math.min(seeds.to, from + SEEDS_A_TASK - 1);
      tasks.push({ file: cell.file, text: cell.text, phased: cell.phased === true, from, to });
      cellOf.push(cell);
    }
  }
  const done = await measured(tasks, Math.min(threads, tasks.length), onRan);
  return cells.map((cell) => resultOf(cell, done.filter((_, index) => cellOf[index] === cell).flat()));
}

async function measured(
  tasks: readonly MeasureTask[],
  threads: number,
  onRan: (count: number) => void,
): Promise<readonly (readonly MeasuredRun[])[]> {
  if (threads > 1) {
    const worker = workerEntry(import.meta.url, 'measure-worker');
    return inThreads<MeasureTask, readonly MeasuredRun[]>(worker, 'measureSeeds', tasks, threads, (runs) =>
      onRan(runs.length),
    );
  }
  const results: (readonly MeasuredRun[])[] = [];
  for (const task of tasks) {
    const runs = measureSeeds(task);
    results.push(runs);
    onRan(runs.length);
    // Lets whoever shows the progress do so.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}
