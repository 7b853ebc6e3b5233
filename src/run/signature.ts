import type { Violation } from '../check/monitor.ts';

/** What makes two violations the same finding: the invariant and the monitor's rule, without numbers. */
export function signatureOf(violation: Pick<Violation, 'invariant' | 'rule'>): string {
  return `${violation.invariant}: ${violation.rule}`;
}
