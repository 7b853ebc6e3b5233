import { type Duel, type DuelTask, duel } from './duel.ts';
import { type ComparedRun, type ComparisonTask, measureComparison } from './measure-comparison.ts';

/** Runs with the seeds `from..to`, both included: of an experiment, or of a duel. */
export interface ComparisonTasks {
  readonly from: number;
  readonly to: number;
  readonly experiment: Omit<ComparisonTask, 'seed'> | undefined;
  readonly duel: Omit<DuelTask, 'seed'> | undefined;
}

/** What they came to, in the order of the seeds. */
export interface ComparisonDone {
  readonly runs: readonly ComparedRun[];
  readonly duels: readonly Duel[];
}

/** Does the runs of a task: the work of a worker thread. */
export function compareSeeds({ from, to, experiment, duel: duelling }: ComparisonTasks): ComparisonDone {
  const runs: ComparedRun[] = [];
  const duels: Duel[] = [];
  for (let seed = from; seed <= to; seed++) {
    if (experiment !== undefined) runs.push(measureComparison({ ...experiment, seed }));
    if (duelling !== undefined) duels.push(duel({ ...duelling, seed }));
  }
  return { runs, duels };
}
