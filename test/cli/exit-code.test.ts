import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code-of.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { sampleOutcome } from '../unit/report/sample-outcome.ts';

const unmetVerdict = (got: string) => [{ expect: 'verdict', wanted: 'passed', got, atUs: 0 }];
const VIOLATED = sampleOutcome({ expected: false, verdict: 'violated', unmet: unmetVerdict('violated') });
const STALLED = sampleOutcome({ expected: false, verdict: 'stalled', unmet: unmetVerdict('stalled') });

test.each<[string, readonly Outcome[], number]>([
  ['all as expected', [sampleOutcome(), sampleOutcome()], 0],
  ['a violation that the scenario expects', [sampleOutcome({ verdict: 'violated' })], 0],
  ['a stall that the scenario expects', [sampleOutcome({ verdict: 'stalled' })], 0],
  ['a violation', [sampleOutcome(), VIOLATED], 1],
  ['a passed run whose expectations are not met', [sampleOutcome({ expected: false })], 1],
  ['an expected stall with another leader', [sampleOutcome({ verdict: 'stalled', expected: false })], 1],
  ['a stall', [sampleOutcome(), STALLED], 3],
  ['a stall and a violation', [STALLED, VIOLATED], 1],
])('%s', (_name, outcomes, code) => {
  expect(exitCodeOf(outcomes)).toBe(code);
});
