import type { Violation } from '../check/monitor.ts';
import type { Verdict } from './outcome.ts';

/** The verdict on a run: a violated invariant weighs more than a stall, and a stall more than nothing. */
export function verdictOf(violations: readonly Violation[], stalls: readonly Violation[]): Verdict {
  if (violations.length > 0) return 'violated';
  return stalls.length > 0 ? 'stalled' : 'passed';
}
