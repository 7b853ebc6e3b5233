import type { Quantiles } from '../../run/timing/quantiles.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { logAxis } from './log-axis.ts';

/** One line of a plot: a distribution, in µs. */
export interface SpreadRow {
  readonly label: string;
  readonly spread: Quantiles;
  /** Of the median, if it is known. */
  readonly low?: number;
  readonly high?: number;
}

const WIDTH = 760;
const LEFT = 250;
const RIGHT = 36;
const TOP = 34;
const ROW = 20;

/**
 * Distributions as lines on a logarithmic axis in ms: thin from the least to the greatest value, thick from
 * the median to the 90th percentile, a dot at the median, a tick at the 99th percentile. An SVG document,
 * which takes its colour from where it stands.
 */
export function spreadPlot(title: string, rows: readonly SpreadRow[]): string {
  const height = TOP + ROW * rows.length + 26;
  const values = rows.flatMap(({ spread }) => [spread.min / 1000, spread.max / 1000]);
  const { at, ticks } = logAxis(values, LEFT, WIDTH - RIGHT);
  const bottom = height - 22;
  const axis = ticks.map((tick) => {
    const x = at(tick);
    const place = `x1="${x}" y1="${TOP - 4}" x2="${x}" y2="${bottom}"`;
    const grid = `<line ${place} stroke="currentColor" opacity=".15"/>`;
    return `${grid}<text x="${x}" y="${height - 8}" text-anchor="middle" opacity=".7">${short(tick)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-size="12"`,
    ' font-family="system-ui, sans-serif" fill="currentColor">',
    `<title>${escapeHtml(title)}</title>`,
    `<text x="4" y="16" font-weight="600">${escapeHtml(title)}</text>`,
    ...axis,
    ...rows.map((row, index) => line(row, TOP + ROW * index + ROW / 2, at)),
    '</svg>',
    '',
  ].join('\n');
}

function line({ label, spread, low, high }: SpreadRow, y: number, at: (ms: number) => number): string {
  const { min, p50, p90, p99, max } = spread;
  const x = (us: number): number => at(us / 1000);
  const stroke = (from: number, to: number, width: number, opacity: number): string =>
    `<line x1="${x(from)}" y1="${y}" x2="${x(to)}" y2="${y}" stroke="currentColor" stroke-width="${width}" ` +
    `opacity="${opacity}"/>`;
  const interval = low === undefined || high === undefined ? '' : `, median within ${ms(low)} to ${ms(high)}`;
  const tail = `90 % ${ms(p90)}, 99 % ${ms(p99)}, at most ${ms(max)}`;
  const words = `${label}: median ${ms(p50)}, ${tail}${interval}`;
  return [
    `<g><title>${escapeHtml(words)}</title>`,
    `<text x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${escapeHtml(label)}</text>`,
    stroke(min, max, 1, 0.5),
    stroke(p50, p90, 6, 0.35),
    `<line x1="${x(p99)}" y1="${y - 5}" x2="${x(p99)}" y2="${y + 5}" stroke="currentColor"/>`,
    `<circle cx="${x(p50)}" cy="${y}" r="3.5"/>`,
    '</g>',
  ].join('');
}

function short(tickMs: number): string {
  return tickMs >= 1000 ? `${tickMs / 1000} s` : `${tickMs} ms`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}
