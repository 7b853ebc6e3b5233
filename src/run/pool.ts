import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Tinypool } from 'tinypool';
import type { Plan } from './plan.ts';
import { type Ran, runPlan, type SeedsTask } from './seeds-worker.ts';

/** Runs to do: a plan that was read from its file, with the seeds `from..to`, both included. */
export interface PlannedRuns {
  readonly plan: Plan;
  readonly from: number;
  readonly to: number;
}

const MOST_SEEDS_A_TASK = 32;

/**
 * What a run makes is garbage when it is over, and little of it is needed for long: with room for a whole run
 * hardly anything has to be copied out of the way (an eighth of the CPU time of a campaign).
 */
const YOUNG_MB = 96;

/**
 * Does runs on worker threads; with one worker, or one run, in this thread. The results are those of
 * `planned`, in its order, whatever the number of workers. `onRan` is told how many more are done. A defect
 * in a run rejects.
 */
export async function runAll(
  planned: readonly PlannedRuns[],
  workers: number,
  onRan: (count: number) => void,
): Promise<readonly Ran[]> {
  const tasks = split(planned, workers);
  const threads = Math.min(workers, tasks.length);
  if (threads > 1) return runInThreads(tasks, threads, onRan);
  const results: Ran[] = [];
  for (const { plan, from, to } of planned) {
    for (let seed = from; seed <= to; seed++) {
      results.push(runPlan(plan, seed));
      onRan(1);
      // Lets whoever shows the progress do so.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return results;
}

async function runInThreads(
  tasks: readonly SeedsTask[],
  threads: number,
  onRan: (count: number) => void,
): Promise<readonly Ran[]> {
  const worker = workerEntry(import.meta.url, 'seeds-worker');
  const results = await inThreads<SeedsTask, readonly Ran[]>(worker, 'runSeeds', tasks, threads, (ran) =>
    onRan(ran.length),
  );
  return results.flat();
}

/**
 * Lets threads do tasks, each a call of a worker's exported function. The results stand in the order of the
 * tasks, whatever the number of threads; `onDone` is told each as it comes. A task that fails rejects.
 */
export async function inThreads<T, R>(
  worker: WorkerEntry,
  name: string,
  tasks: readonly T[],
  threads: number,
  onDone: (result: R) => void,
): Promise<readonly R[]> {
  const pool = openThreads<T, R>(worker, name, threads);
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const result = await pool.run(task);
        onDone(result);
        return result;
      }),
    );
  } finally {
    await pool.close();
  }
}

/** Threads that stay until they are closed. A task that fails rejects. */
export interface Threads<T, R> {
  run(task: T): Promise<R>;
  close(): Promise<void>;
}

/** Starts threads that do tasks, each a call of a worker's exported function. */
export function openThreads<T, R>(worker: WorkerEntry, name: string, threads: number): Threads<T, R> {
  const pool = new Tinypool({
    filename: worker.url.href,
    name,
    minThreads: threads,
    maxThreads: threads,
    execArgv: [...worker.execArgv],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return {
    run: (task) => pool.run(task) as Promise<R>,
    close: () => pool.destroy(),
  };
}

/** Where a worker's code lies, and how it is loaded. */
export interface WorkerEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/**
 * How a worker beside a module is started, from the built files or from the sources.
 *
 * @param module the module's own URL
 * @param name the worker's file name without its ending
 */
export function workerEntry(module: string, name: string): WorkerEntry {
  if (!module.endsWith('.ts')) return { url: new URL(`./${name}.js`, module), execArgv: [] };
  // `--import tsx` does nothing in a worker thread of Node 20; its loader must be registered there by a call.
  const tsx = pathToFileURL(createRequire(module).resolve('tsx/package.json'));
  const loader = new URL('dist/esm/api/index.mjs', tsx).href;
  const preload = `data:text/javascript,import { register } from ${JSON.stringify(loader)}; register();`;
  return { url: new URL(`./${name}.ts`, module), execArgv: ['--import', preload] };
}

/** Cuts the runs into tasks that keep all workers busy to the end. */
function split(planned: readonly PlannedRuns[], workers: number): readonly SeedsTask[] {
  const runs = planned.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const size = Math.max(1, Math.min(MOST_SEEDS_A_TASK, Math.floor(runs / (workers * 8))));
  return planned.flatMap(({ plan, from, to }) => {
    const tasks: SeedsTask[] = [];
    for (let seed = from; seed <= to; seed += size) {
      tasks.push({ file: plan.file, from: seed, to: Math.min(to, seed + size - 1) });
    }
    return tasks;
  });
}
