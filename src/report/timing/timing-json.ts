import type { TimingReport } from '../../run/timing/timing-report.ts';

/** A report as a JSON value: what `report --json` prints and `--baseline` reads. Times are virtual µs. */
export function timingJson({ title, dimensions, seeds, cells }: TimingReport): Record<string, unknown> {
  return {
    version: 1,
    title,
    dimensions,
    seeds,
    cells: cells.map(({ labels, runs, verdicts, unexpected, broken, unmet, measures }) => ({
      labels,
      runs,
      verdicts,
      unexpected,
      broken,
      unmet,
      measures,
    })),
  };
}
