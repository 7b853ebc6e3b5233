import { expect, test } from 'vitest';
import { quantilesOf } from '../../../../src/run/timing/quantiles.ts';

test('quantiles are values that occurred, by the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantilesOf(hundred)).toEqual({ min: 1, p50: 50, p90: 90, p99: 99, max: 100 });
  expect(quantilesOf([7])).toEqual({ min: 7, p50: 7, p90: 7, p99: 7, max: 7 });
});

test('nothing has no quantiles', () => {
  expect(quantilesOf([])).toEqual({ min: -1, p50: -1, p90: -1, p99: -1, max: -1 });
});
