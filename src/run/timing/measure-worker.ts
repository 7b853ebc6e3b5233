import { DefectError } from '../../core/assert.ts';
import type { Verdict } from '../outcome.ts';
import { parseScenario } from '../scenario.ts';
import { measure } from './measure.ts';
import type { MeasureName } from './measures.ts';

/** Runs to measure: a scenario's text with the seeds `from..to`, both included. */
export interface MeasureTask {
  readonly file: string;
  readonly text: string;
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
  readonly values: Readonly<Partial<Record<MeasureName, readonly number[]>>>;
}

/** Does the runs of a task: the work of a worker thread. */
export function measureSeeds({ file, text, from, to }: MeasureTask): readonly MeasuredRun[] {
  const plan = parseScenario(text, file);
  const runs: MeasuredRun[] = [];
  for (let seed = from; seed <= to; seed++) {
    try {
      const { outcome, samples } = measure(plan, seed);
      const values: Partial<Record<MeasureName, number[]>> = {};
      for (const sample of samples) {
        values[sample.measure] ??= [];
        values[sample.measure]?.push(sample.value);
      }
      const broken = [...outcome.violations, ...outcome.stalls].map(({ invariant }) => invariant);
      const { verdict, expected } = outcome;
      runs.push({ seed, verdict, expected, broken: [...new Set(broken)], values });
    } catch (error) {
      throw new DefectError(`${file}, seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  return runs;
}
