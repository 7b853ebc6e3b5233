import type { Stream } from './decisions.ts';

/** A distribution of durations in integer µs. One draw a sample, always; the draw 0 is the smallest value. */
export interface Distribution {
  readonly minUs: number;
  readonly maxUs: number;
  sample(stream: Stream): number;
}

/** Every integer of `minUs..maxUs` equally often. */
export function uniform(minUs: number, maxUs: number): Distribution {
  const span = maxUs - minUs + 1;
  return { minUs, maxUs, sample: (stream) => minUs + (span === 1 ? 0 : stream.draw(span)) };
}

const STEPS = 1024;

/**
 * A long-tailed distribution with the given median and 99th percentile, as a table of quantiles: a log-normal shape
 * whose tail is cut at its 1023/1024 quantile. Built with `+ * /` and square roots only, which IEEE 754 makes exact, so
 * that every engine has the same table.
 */
export function longTailed(medianUs: number, p99Us: number): Distribution {
  const table = new Array<number>(STEPS);
  for (let i = 0; i < STEPS; i++) {
    // The ratio to the median at quantile q is (p99/median)^(z(q)/z(0.99)); the power is taken by square roots.
    const z = normalQuantile((i + 0.5) / STEPS) / 2.3263;
    table[i] = Math.max(0, Math.round(medianUs * power(p99Us / medianUs, z)));
  }
  return { minUs: table[0] ?? 0, maxUs: table[STEPS - 1] ?? 0, sample: (stream) => table[stream.draw(STEPS)] ?? 0 };
}

/** base^exponent for base ≥ 1 and |exponent| < 8, from the binary digits of the exponent. */
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

/** The standard normal quantile by bisection of a rational approximation of its distribution; 0 < q < 1. */
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

/** Abramowitz and Stegun 26.2.18, error below 2.5e-4: Φ(x) without an exponential. */
function normalCumulative(x: number): number {
  const y = x < 0 ? -x : x;
  const p = 1 + y * (0.196854 + y * (0.115194 + y * (0.000344 + y * 0.019527)));
  const tail = 0.5 / (p * p * p * p);
  return x < 0 ? tail : 1 - tail;
}
