import { assert } from './assert.ts';
import type { Stream } from './decisions.ts';

/**
 * A distribution of durations in integer µs. A sample is one draw, the draw 0 being the smallest value; a
 * distribution of one single value draws nothing.
 */
export interface Distribution {
  readonly minUs: number;
  readonly maxUs: number;
  sample(stream: Stream): number;
}

/** Every integer of `minUs..maxUs` equally often. */
export function uniform(minUs: number, maxUs: number): Distribution {
  assert(minUs <= maxUs, 'a uniform distribution has its ends in order');
  const span = maxUs - minUs + 1;
  return { minUs, maxUs, sample: (stream) => minUs + (span === 1 ? 0 : stream.draw(span)) };
}

const STEPS = 1024;

/** The 99 % quantile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** Its quantiles at the middles of the steps: a constant, made when the first long tail is (1 ms). */
let normal: Float64Array | undefined;

/**
 * A long-tailed distribution with the given median and 99th percentile, as a table of quantiles: a log-normal
 * shape cut half a step before its ends, at the 1/2048 and 2047/2048 quantiles. Built with `+ − × ÷` and
 * square roots only, which IEEE 754 makes exact, so that every engine has the same table.
 *
 * @param medianUs at least 1
 * @param p99Us at least the median
 */
export function longTailed(medianUs: number, p99Us: number): Distribution {
  assert(medianUs > 0 && medianUs <= p99Us, 'a long tail has a positive median, at most its 99th percentile');
  normal ??= Float64Array.from({ length: STEPS }, (_, i) => normalQuantile((i + 0.5) / STEPS));
  const table = new Array<number>(STEPS);
  for (let i = 0; i < STEPS; i++) {
    // The ratio to the median at quantile q is (p99/median)^(z(q)/z(0.99)).
    table[i] = Math.round(medianUs * power(p99Us / medianUs, (normal[i] ?? 0) / Z99));
  }
  const minUs = table[0] ?? 0;
  const maxUs = table[STEPS - 1] ?? 0;
  return { minUs, maxUs, sample: (stream) => (minUs === maxUs ? minUs : (table[stream.draw(STEPS)] ?? 0)) };
}

/**
 * base^exponent for base ≥ 1 and |exponent| < 8: each binary digit of the exponent is one more square root.
 */
function power(base: number, exponent: number): number {
  let rest = exponent < 0 ? -exponent : exponent;
  let factor = base;
  let result = 1;
  for (; rest >= 1; rest -= 1) result *= base;
  for (let bit = 0; bit < 30; bit++) {
    factor = Math.sqrt(factor);
    rest *= 2;
    if (rest >= 1) {
      result *= factor;
      rest -= 1;
    }
  }
  return exponent < 0 ? 1 / result : result;
}

/** The standard normal quantile, by bisection of the distribution; 1e-6 < q < 1 − 1e-6. */
function normalQuantile(q: number): number {
  let low = -5;
  let high = 5;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalCumulative(middle) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz and Stegun 26.2.19, error below 1.5e-7: Φ(x) without an exponential. */
function normalCumulative(x: number): number {
  const y = x < 0 ? -x : x;
  const cubic = 0.0032776263 + y * (0.0000380036 + y * (0.0000488906 + y * 0.000005383));
  let p = 1 + y * (0.049867347 + y * (0.0211410061 + y * cubic));
  for (let i = 0; i < 4; i++) p *= p;
  const tail = 0.5 / p;
  return x < 0 ? tail : 1 - tail;
}
