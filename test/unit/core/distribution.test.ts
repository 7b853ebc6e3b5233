import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '../../../src/core/decisions.ts';
import { type Distribution, longTailed, uniform } from '../../../src/core/distribution.ts';

/** A stream that answers one value and counts how often it was asked. */
function fixed(value: number): { draw(bound: number): number; asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    draw: (bound) => {
      asked.push(bound);
      return value;
    },
  };
}

function table(distribution: Distribution): number[] {
  return Array.from({ length: 1024 }, (_, i) => distribution.sample(fixed(i)));
}

function sampled(distribution: Distribution, count: number): number[] {
  const stream = seeded(1).stream('latency');
  return Array.from({ length: count }, () => distribution.sample(stream)).sort((a, b) => a - b);
}

describe('a uniform distribution', () => {
  test('maps the draws one to one on its values, 0 on the smallest', () => {
    const latency = uniform(1000, 4000);
    expect([0, 1, 3000].map((draw) => latency.sample(fixed(draw)))).toEqual([1000, 1001, 4000]);
    expect([latency.minUs, latency.maxUs]).toEqual([1000, 4000]);
  });

  test('draws once, below the number of its values', () => {
    const stream = fixed(0);
    uniform(2, 5).sample(stream);
    expect(stream.asked).toEqual([4]);
  });

  test('draws nothing when it has one value only', () => {
    const stream = fixed(0);
    expect(uniform(7, 7).sample(stream)).toBe(7);
    expect(stream.asked).toEqual([]);
  });

  test('whose ends are swapped is a defect', () => {
    expect(() => uniform(2, 1)).toThrow('its ends in order');
  });
});

describe('a long-tailed distribution', () => {
  test('is the same table on every engine', () => {
    const quantiles = [0, 1, 16, 256, 511, 512, 768, 1007, 1013, 1014, 1022, 1023];
    const of = (distribution: Distribution) => quantiles.map((i) => table(distribution)[i]);
    expect(of(longTailed(1000, 10_000))).toEqual([
      38, 53, 120, 514, 999, 1001, 1953, 8329, 9907, 10281, 19003, 26142,
    ]);
    expect(of(longTailed(4000, 9000))).toEqual([
      1267, 1418, 1896, 3164, 3998, 4002, 5063, 8439, 8970, 9088, 11283, 12625,
    ]);
    expect(table(longTailed(1000, 10_000)).reduce((a, b) => a + b)).toBe(1667812);
  });

  test('never decreases, so the calm draw is the smallest value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1000 }),
        (median, factor) => {
          const distribution = longTailed(median, median * factor);
          const values = table(distribution);
          expect(values).toEqual(values.toSorted((a, b) => a - b));
          expect([distribution.minUs, distribution.maxUs]).toEqual([values[0] ?? -1, values[1023] ?? -1]);
          expect(values.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([
    [1000, 10_000],
    [4000, 9000],
    [200, 50_000],
    [5_000_000, 60_000_000],
  ])('has the median and the 99th percentile that it was given: %d and %d µs', (median, p99) => {
    const values = sampled(longTailed(median, p99), 100_000);
    expect((values[50_000] ?? 0) / median).toBeCloseTo(1, 1);
    expect(Math.abs((values[50_000] ?? 0) / median - 1)).toBeLessThan(0.03);
    expect(Math.abs((values[99_000] ?? 0) / p99 - 1)).toBeLessThan(0.1);
  });

  test('follows the log-normal quantiles to one part in a thousand', () => {
    // Exact standard normal quantiles at (i + 0.5) / 1024, from tables; the ratio to the median is 10^(z /
    // 2.3263…).
    const exact = [
      [0, -3.2971933456919635],
      [1023, 3.2971933456919635],
    ] as const;
    const values = table(longTailed(1_000_000, 10_000_000));
    for (const [i, z] of exact) {
      const value = 1_000_000 * 10 ** (z / 2.3263478740408408);
      expect(Math.abs((values[i] ?? 0) / value - 1)).toBeLessThan(0.001);
    }
  });

  test('draws once, below 1024', () => {
    const stream = fixed(0);
    longTailed(1000, 10_000).sample(stream);
    expect(stream.asked).toEqual([1024]);
  });

  test('draws nothing when its median is its 99th percentile: a constant', () => {
    const stream = fixed(0);
    expect(longTailed(500, 500).sample(stream)).toBe(500);
    expect(stream.asked).toEqual([]);
  });

  test.each([
    [0, 10],
    [-1, 10],
    [10, 9],
    [Number.NaN, 9],
  ])('of median %d and 99th percentile %d is a defect', (median, p99) => {
    expect(() => longTailed(median, p99)).toThrow('a long tail has a positive median');
  });
});
