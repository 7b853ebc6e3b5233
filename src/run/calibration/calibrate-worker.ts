import { DefectError } from '../../core/assert.ts';
import { parseScenario } from '../scenario.ts';
import { SITUATIONS } from './situations.ts';
import { Timeline } from './timeline.ts';

/** Runs of a situation, by its place in `SITUATIONS`: with the seeds `from..to`, both included. */
export interface CalibrationTask {
  readonly situation: number;
  readonly from: number;
  readonly to: number;
}

/** What runs gave, in ms, by the name of the reading. */
export type Readings = Readonly<Record<string, readonly number[]>>;

/** Does the runs of a task: the work of a worker thread. What a run does not give is left out. */
export function readSituation({ situation, from, to }: CalibrationTask): Readings {
  const { name, scenarios, readings } = SITUATIONS[situation] ?? { name: '', scenarios: [], readings: {} };
  const values: Record<string, number[]> = Object.fromEntries(Object.keys(readings).map((key) => [key, []]));
  for (let seed = from; seed <= to; seed++) {
    try {
      // JSON is YAML.
      const text = JSON.stringify(scenarios[(seed - 1) % scenarios.length]);
      const timeline = new Timeline(parseScenario(text, name), seed);
      for (const [key, read] of Object.entries(readings)) {
        values[key]?.push(...read(timeline).filter((value) => !Number.isNaN(value)));
      }
    } catch (error) {
      throw new DefectError(`${name}, seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  return values;
}
