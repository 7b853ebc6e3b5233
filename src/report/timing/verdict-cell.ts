import type { CellResult } from '../../run/timing/timing-report.ts';

/**
 * Whether a cell was safe and live in all of its runs: `100 passed`, or `97 passed, 3 stalled: elects`. Runs
 * that passed and were not as their scenario expects are named, too.
 */
export function verdictCell({ verdicts, broken, unexpected }: CellResult): string {
  const counts = [
    [verdicts.passed, 'passed'],
    [verdicts.violated, 'violated'],
    [verdicts.stalled, 'stalled'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, verdict]) => `${count} ${verdict}`);
  const unmet = broken.length === 0 && unexpected.length > 0 ? `, ${unexpected.length} not as expected` : '';
  return told.join(', ') + (broken.length === 0 ? unmet : `: ${broken.join(', ')}`);
}
