import { expect, test } from 'vitest';
import { UNPAINTED } from '../../../src/report/paint.ts';
import { seedsTable } from '../../../src/report/seeds-table.ts';
import { sampleOutcome } from './sample-outcome.ts';

test('a range of seeds is summed up, and its failures are listed', () => {
  const unmet = [{ expect: 'leader', wanted: '3', got: '2', atUs: 60_000_000 }];
  const runs = [
    sampleOutcome({ unavailableUs: 100_000 }),
    sampleOutcome({ seed: 8, unavailableUs: 200_000 }),
    sampleOutcome({ seed: 9, unavailableUs: 900_000, expected: false, unmet }),
  ];
  expect(seedsTable(runs, UNPAINTED)).toMatchInlineSnapshot(`
    "A leader crashes and a follower takes over: 3 seeds, 3 passed
    ┌─────────────┬───────┬───────┬───────┬───────┬───────┬───────┐
    │ ms          │ count │   min │   p50 │   p90 │   p99 │   max │
    ├─────────────┼───────┼───────┼───────┼───────┼───────┼───────┤
    │ election    │     6 │ 212.3 │ 212.3 │ 214.0 │ 214.0 │ 214.0 │
    │ recovery    │     6 │  25.5 │  25.5 │  37.7 │  37.7 │  37.7 │
    │ unavailable │     3 │ 100.0 │ 200.0 │ 900.0 │ 900.0 │ 900.0 │
    └─────────────┴───────┴───────┴───────┴───────┴───────┴───────┘
    Not as expected:
      seed 9: passed (leader: wanted 3, got 2)"
  `);
});
