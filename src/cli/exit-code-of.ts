import type { Outcome } from '../run/outcome.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/**
 * The exit code for runs: whatever was not as expected decides, and a broken expectation weighs more than a
 * stall.
 */
export function exitCodeOf(outcomes: readonly Outcome[]): ExitCode {
  const amiss = outcomes.filter((outcome) => !outcome.expected);
  if (amiss.length === 0) return EXIT.expected;
  return amiss.every(isUnexpectedStall) ? EXIT.stalled : EXIT.unexpected;
}

function isUnexpectedStall(outcome: Outcome): boolean {
  return outcome.verdict === 'stalled' && outcome.unmet.some((unmet) => unmet.expect === 'verdict');
}
