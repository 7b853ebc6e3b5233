import { DefectError } from '../../core/assert.ts';
import { parseScenarioOf } from '../files.ts';
import type { Verdict } from '../outcome.ts';
import { atPhase } from './at-phase.ts';
import { measure } from './measure.ts';
import type { MeasureName } from './measures.ts';

/** Runs to measure: a scenario's text with the seeds `from..to`, both included. */
export interface MeasureTask {
  readonly file: string;
  readonly text: string;
  readonly phased: boolean;
  readonly from: number;
  readonly to: number;
}

/** What a report keeps of a run. */
export interface MeasuredRun {
  readonly seed: number;
  readonly verdict: Verdict;
  readonly expected: boolean;
  /** What was violated or stalled. */
  readonly broken: readonly string[];
  /** The expectations that were not met, without those of a verdict. */
  readonly unmet: readonly string[];
  readonly values: Readonly<Partial<Record<MeasureName, readonly number[]>>>;
}

/** Does the runs of a task: the work of a worker thread. */
export function measureSeeds({ file, text, phased, from, to }: MeasureTask): readonly MeasuredRun[] {
  const always = phased ? undefined : parseScenarioOf(text, file);
  const runs: MeasuredRun[] = [];
  for (let seed = from; seed <= to; seed++) {
    try {
      const plan = always ?? parseScenarioOf(atPhase(text, seed), file);
      const { outcome, samples } = measure(plan, seed);
      const values: Partial<Record<MeasureName, number[]>> = {};
      for (const sample of samples) {
        values[sample.measure] ??= [];
        values[sample.measure]?.push(sample.value);
      }
      const broken = [...outcome.violations, ...outcome.stalls].map(({ invariant }) => invariant);
      const { verdict, expected } = outcome;
      const unmet = outcome.unmet.map(({ expect }) => expect).filter((expect) => expect !== 'verdict');
      runs.push({
        seed,
        verdict,
        expected,
        broken: [...new Set(broken)],
        unmet: [...new Set(unmet)],
        values,
      });
    } catch (error) {
      throw new DefectError(`${file}, seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  return runs;
}
