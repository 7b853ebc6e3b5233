import { seeded } from '../../core/decisions.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';

/** How the values of a measure are spread, and how sure the median is. */
export interface Summary extends Quantiles {
  readonly count: number;
  /** A 95 % confidence interval of the median, by bootstrap. */
  readonly low: number;
  readonly high: number;
  /**
   * A 99.9 % confidence interval of the median from order statistics: medians whose intervals do not meet
   * differ by more than chance, even among the thousand figures of a report.
   */
  readonly least: number;
  readonly most: number;
}

const RESAMPLES = 1000;
const TAIL = 0.025;
/** Half the width of a 99.9 % interval of the normal distribution, in standard deviations. */
const SURE = 3.29;

/**
 * Summarizes values, of which there is at least one. The interval is the percentile bootstrap (Efron 1979):
 * its draws come from a stream of the name, so that the same values have the same interval.
 */
export function summarize(name: string, values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const stream = seeded('bootstrap').stream(name);
  const medians = new Float64Array(RESAMPLES);
  const drawn = new Uint32Array(sorted.length);
  const middle = Math.ceil(sorted.length / 2);
  for (let i = 0; i < RESAMPLES; i++) {
    drawn.fill(0);
    for (let j = 0; j < sorted.length; j++) {
      const at = stream.draw(sorted.length);
      drawn[at] = (drawn[at] ?? 0) + 1;
    }
    // The values are sorted: the median of a resample lies where half of its draws have been counted.
    let at = 0;
    for (let seen = drawn[0] ?? 0; seen < middle; seen += drawn[at] ?? 0) at++;
    medians[i] = sorted[at] ?? 0;
  }
  medians.sort();
  // How many of n values lie below the median is binomial, with a standard deviation of √n / 2.
  const reach = Math.ceil((SURE * Math.sqrt(sorted.length)) / 2);
  return {
    count: sorted.length,
    ...quantilesOf(sorted),
    low: medians[Math.floor(RESAMPLES * TAIL)] ?? 0,
    high: medians[Math.ceil(RESAMPLES * (1 - TAIL)) - 1] ?? 0,
    least: sorted[Math.max(0, middle - 1 - reach)] ?? 0,
    most: sorted[Math.min(sorted.length - 1, middle - 1 + reach)] ?? 0,
  };
}
