import { expect, test } from 'vitest';
import type { Violation } from '../../../src/check/monitor.ts';
import { verdictOf } from '../../../src/run/judge.ts';

const FINDING: Violation = {
  invariant: 'agreement',
  tier: 2,
  atUs: 1,
  event: 1,
  servers: [],
  rule: 'a rule',
  message: 'a message',
};

test('a violation weighs more than a stall, and a stall more than nothing', () => {
  expect(verdictOf([], [])).toBe('passed');
  expect(verdictOf([], [FINDING])).toBe('stalled');
  expect(verdictOf([FINDING], [FINDING])).toBe('violated');
});
