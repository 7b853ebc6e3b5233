import type { TimingReport } from '../../run/timing/timing-report.ts';
import type { Paint } from '../paint.ts';

const SHOWN_SEEDS = 5;

/**
 * The last lines of `report`: how many runs there were, which were not as expected, where all figures stand.
 * `wallMs` is the time it all took.
 */
export function timingSummary(
  { cells }: TimingReport,
  files: readonly string[],
  wallMs: number,
  paint: Paint,
): string {
  const runs = cells.reduce((sum, cell) => sum + cell.runs, 0);
  const amiss = cells.filter((cell) => cell.unexpected.length > 0);
  const count = amiss.reduce((sum, cell) => sum + cell.unexpected.length, 0);
  const told =
    count === 0
      ? paint.green(`All ${runs} runs as expected`)
      : paint.red(`${count} of ${runs} not as expected`);
  const lines = [`${told}: ${cells.length} cells in ${(wallMs / 1000).toFixed(1)} s.`];
  for (const { labels, unexpected, broken, unmet } of amiss) {
    const why = [...broken, ...unmet];
    const name = Object.values(labels).join(', ');
    const seeds =
      unexpected.slice(0, SHOWN_SEEDS).join(', ') + (unexpected.length > SHOWN_SEEDS ? ', …' : '');
    lines.push(`  ${name}: seeds ${seeds}${why.length === 0 ? '' : ` (${why.join(', ')})`}`);
  }
  const [plots, others] = [
    files.filter((file) => file.endsWith('.svg')),
    files.filter((file) => !file.endsWith('.svg')),
  ];
  const drawn = plots.length === 0 ? '' : `; ${plots.length} plots beside them`;
  if (others.length > 0) lines.push(paint.dim(`All figures: ${others.join(', ')}${drawn}`));
  return lines.join('\n');
}
