import { expect, test } from 'vitest';
import { UNPAINTED } from '../../../src/report/paint.ts';
import { runSummary } from '../../../src/report/run-summary.ts';
import { sampleOutcome } from './sample-outcome.ts';

test('one run: what happened, what was checked, how to see more', () => {
  const liveness = { judged: false, reason: 'a fault is in force' };
  expect(runSummary([sampleOutcome({ liveness })], 123, UNPAINTED)).toMatchInlineSnapshot(`
    "As expected: 2 leaders, 200 commits, an outage of 240.5 ms, 1 fault.
    12,345 events in 0.12 s, 50 invariants checked, liveness not judged (a fault is in force).
    Why:         zabsim explain scenarios/leader-crash.yaml --seed 7
    Every event: zabsim run scenarios/leader-crash.yaml --seed 7 --trace trace.txt
    Other seeds: zabsim run scenarios/leader-crash.yaml --seeds 1..100"
  `);
});

test('of several runs the one that failed is offered for a closer look', () => {
  const runs = [sampleOutcome(), sampleOutcome({ seed: 8, expected: false })];
  expect(runSummary(runs, 123, UNPAINTED)).toMatchInlineSnapshot(`
    "1 of 2 runs not as expected: 4 leaders, 400 commits, an outage of at most 240.5 ms, 2 faults.
    24,690 events in 0.12 s, 50 invariants checked, liveness judged.
    Why, of one run:         zabsim explain scenarios/leader-crash.yaml --seed 8
    Every event of one run: zabsim run scenarios/leader-crash.yaml --seed 8 --trace trace.txt"
  `);
});
