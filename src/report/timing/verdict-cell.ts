import type { CellResult } from '../../run/timing/timing-report.ts';

/**
 * Whether a cell was safe and live in all of its runs, and what its scenario expects: `100 passed`, or
 * `97 passed, 3 stalled: elects`, or `100 passed, 12 not as expected: leader`.
 */
export function verdictCell({ verdicts, broken, unmet, unexpected }: CellResult): string {
  const counts = [
    [verdicts.passed, 'passed'],
    [verdicts.violated, 'violated'],
    [verdicts.stalled, 'stalled'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, verdict]) => `${count} ${verdict}`);
  if (unmet.length > 0) told.push(`${unexpected.length} not as expected`);
  const why = [...broken, ...unmet];
  return told.join(', ') + (why.length === 0 ? '' : `: ${why.join(', ')}`);
}
