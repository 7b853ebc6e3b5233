import { inThreads, workerEntry } from '../pool.ts';
import { COMPARED, DUELLISTS } from '../registry/compared.ts';
import { type Quantiles, quantilesOf } from '../timing/quantiles.ts';
import { COMPARISON_FIGURE_NAMES, type ComparisonFigure } from './comparison-figures.ts';
import { type ComparisonDone, type ComparisonTasks, compareSeeds } from './comparison-worker.ts';
import { DUEL_NETWORKS } from './duel.ts';
import { EXPERIMENTS } from './experiments.ts';

/** A figure over all seeds. */
export interface ComparedFigure extends Quantiles {
  readonly count: number;
}

/** One protocol with so many members. */
export interface ComparedEnsemble {
  readonly protocol: string;
  readonly members: number;
  readonly figures: Readonly<Partial<Record<ComparisonFigure, ComparedFigure>>>;
}

/** The duels of a kind: times in virtual µs. */
export interface ComparedDuels {
  readonly backOff: string;
  readonly network: string;
  readonly runs: number;
  /** How many ended without a decree. */
  readonly undecided: number;
  /** Of those that ended with one. */
  readonly decidedUs: Quantiles;
  readonly ballots: Quantiles;
}

/** A finished comparison. */
export interface ProtocolComparison {
  readonly seeds: { readonly from: number; readonly to: number };
  readonly ensembles: readonly ComparedEnsemble[];
  readonly duels: readonly ComparedDuels[];
  readonly runs: number;
  /** Runs that were not as they should be, each with what was broken; none, if all is well. */
  readonly amiss: readonly string[];
}

/** How many members the ensembles of a comparison have. */
export const COMPARED_MEMBERS: readonly number[] = [3, 5, 7, 9];

const SEEDS_A_TASK = 10;

/** What a comparison is made of. */
export interface ComparisonSettings {
  readonly seeds: { readonly from: number; readonly to: number };
  readonly members: readonly number[];
}

/** How many runs a comparison takes. */
export function comparisonRuns({ seeds, members }: ComparisonSettings): number {
  const each = COMPARED.length * members.length * EXPERIMENTS.length;
  return (each + DUELLISTS.length * DUEL_NETWORKS.length) * (seeds.to - seeds.from + 1);
}

/**
 * Runs every experiment with every protocol, and the duels, on so many threads. The result does not depend
 * on their number. `onRan` is told how many more runs are done. A defect in a run rejects.
 */
export async function compareProtocols(
  settings: ComparisonSettings,
  threads: number,
  onRan: (count: number) => void,
): Promise<ProtocolComparison> {
  const tasks = tasksOf(settings);
  const told = ({ runs, duels }: ComparisonDone): void => onRan(runs.length + duels.length);
  const done: ComparisonDone[] = [];
  if (threads > 1) {
    const worker = workerEntry(import.meta.url, 'comparison-worker');
    done.push(
      ...(await inThreads<ComparisonTasks, ComparisonDone>(worker, 'compareSeeds', tasks, threads, told)),
    );
  } else {
    for (const task of tasks) {
      const one = compareSeeds(task);
      done.push(one);
      told(one);
      // Lets whoever shows the progress do so.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return {
    seeds: settings.seeds,
    ensembles: ensemblesOf(tasks, done, settings),
    duels: duelsOf(tasks, done),
    runs: comparisonRuns(settings),
    amiss: amissIn(tasks, done),
  };
}

function tasksOf({ seeds, members }: ComparisonSettings): readonly ComparisonTasks[] {
  const ranges: { readonly from: number; readonly to: number }[] = [];
  for (let from = seeds.from; from <= seeds.to; from += SEEDS_A_TASK) {
    ranges.push({ from, to: Math.min(seeds.to, from + SEEDS_A_TASK - 1) });
  }
  const kinds: Pick<ComparisonTasks, 'experiment' | 'duel'>[] = [];
  for (const protocol of COMPARED) {
    for (const count of members) {
      for (const experiment of EXPERIMENTS) {
        kinds.push({ experiment: { protocol, members: count, experiment }, duel: undefined });
      }
    }
  }
  for (const network of DUEL_NETWORKS) {
    for (const { protocol } of DUELLISTS) kinds.push({ experiment: undefined, duel: { protocol, network } });
  }
  return kinds.flatMap((kind) => ranges.map((range) => ({ ...range, ...kind })));
}

function ensemblesOf(
  tasks: readonly ComparisonTasks[],
  done: readonly ComparisonDone[],
  { members }: ComparisonSettings,
): readonly ComparedEnsemble[] {
  return COMPARED.flatMap((protocol) =>
    members.map((count) => {
      const runs = done.flatMap(({ runs: own }, place) => {
        const { experiment } = tasks[place] ?? { experiment: undefined };
        return experiment?.protocol === protocol && experiment.members === count ? own : [];
      });
      const figures: Partial<Record<ComparisonFigure, ComparedFigure>> = {};
      for (const name of COMPARISON_FIGURE_NAMES) {
        const values = runs.flatMap((run) => run.values[name] ?? []);
        if (values.length > 0) figures[name] = { count: values.length, ...quantilesOf(values) };
      }
      return { protocol, members: count, figures };
    }),
  );
}

function duelsOf(
  tasks: readonly ComparisonTasks[],
  done: readonly ComparisonDone[],
): readonly ComparedDuels[] {
  return DUEL_NETWORKS.flatMap((network) =>
    DUELLISTS.map(({ protocol, backOff }) => {
      const duels = done.flatMap(({ duels: own }, place) => {
        const { duel } = tasks[place] ?? { duel: undefined };
        return duel?.protocol === protocol && duel.network === network ? own : [];
      });
      const decided = duels.filter(({ decidedUs }) => decidedUs >= 0);
      return {
        backOff,
        network,
        runs: duels.length,
        undecided: duels.length - decided.length,
        decidedUs: quantilesOf(decided.map(({ decidedUs }) => decidedUs)),
        ballots: quantilesOf(decided.map(({ ballots }) => ballots)),
      };
    }),
  );
}

function amissIn(tasks: readonly ComparisonTasks[], done: readonly ComparisonDone[]): readonly string[] {
  return done.flatMap(({ runs }, place) =>
    runs.flatMap(({ broken }, offset) => {
      const { experiment, from } = tasks[place] as ComparisonTasks;
      if (broken.length === 0 || experiment === undefined) return [];
      const { protocol, members, experiment: what } = experiment;
      return [`${protocol}, ${members} members, ${what}, seed ${from + offset}: ${broken.join(', ')}`];
    }),
  );
}
