import { expect, test } from 'vitest';
import { markdownTable } from '../../../../src/report/markdown-table.ts';
import { UNPAINTED } from '../../../../src/report/paint.ts';
import { spreadPlot } from '../../../../src/report/plots/spread-plot.ts';
import { timingCsv } from '../../../../src/report/timing/timing-csv.ts';
import { timingMarkdown } from '../../../../src/report/timing/timing-markdown.ts';
import { timingPage } from '../../../../src/report/timing/timing-page.ts';
import { timingPlots } from '../../../../src/report/timing/timing-plots.ts';
import { timingSummary } from '../../../../src/report/timing/timing-summary.ts';
import { timingTables } from '../../../../src/report/timing/timing-tables.ts';
import type { MeasuredRun } from '../../../../src/run/timing/measure-worker.ts';
import { type CellResult, resultOf, type TimingReport } from '../../../../src/run/timing/timing-report.ts';

const run = (seed: number, failoverUs: number): MeasuredRun => ({
  seed,
  verdict: 'passed',
  expected: true,
  broken: [],
  unmet: [],
  values: { failover: [failoverUs], leaders: [2], overlap: [0] },
});

function cell(labels: Record<string, string>, runs: readonly MeasuredRun[]): CellResult {
  return resultOf({ labels, text: '', file: '' }, runs);
}

const REPORT: TimingReport = {
  title: 'A report',
  dimensions: ['story', 'voters'],
  seeds: { from: 1, to: 3 },
  cells: [
    cell({ story: 'crash', voters: '3' }, [run(1, 210_000), run(2, 220_000), run(3, 310_400)]),
    cell({ story: 'pause, "long"', voters: '5' }, [
      run(1, 1_000_000),
      { ...run(2, 1_000_000), verdict: 'violated', expected: false, broken: ['agreement'] },
      { ...run(3, 1_000_000), verdict: 'stalled', expected: false, broken: ['elects'] },
    ]),
  ],
};

test('CSV has a row for each cell and measure, and quotes what holds a comma or a quote', () => {
  const rows = timingCsv(REPORT).split('\r\n');
  expect(rows[0]).toBe(
    'story,voters,runs,passed,violated,stalled,measure,unit,count,min,p50,low,high,p90,p99,max',
  );
  expect(rows[1]).toBe('crash,3,3,3,0,0,failover,us,3,210000,220000,210000,310400,310400,310400,310400');
  expect(rows[4]).toMatch(/^"pause, ""long""",5,3,1,1,1,failover,us,3,1000000,/);
  expect(rows).toHaveLength(8);
});

test('Markdown has a section for each story, with ms', () => {
  const page = timingMarkdown(REPORT);
  expect(page).toContain('# A report\n\n6 runs: 2 cells, each with the seeds 1 to 3.');
  expect(page).toContain('## crash\n');
  expect(page).toContain('| 3 | failover ms | 3 | 210.0 | 220.0 | [210.0, 310.4] | 310.4 | 310.4 | 310.4 |');
  expect(page).toContain('1 passed, 1 violated, 1 stalled: agreement, elects');
});

test('what would be markup in a cell is text', () => {
  expect(markdownTable(['a'], [['<b>|*']])).toBe('| a |\n| --- |\n| \\<b\\>\\|\\* |');
});

test('the terminal shows median and 99th percentile, and leaves out what is nothing everywhere', () => {
  const text = timingTables(REPORT, UNPAINTED);
  expect(text).toContain('220.0 / 310.4');
  expect(text).not.toContain('overlap');
  expect(text).toContain('✗ 1 passed, 1 violated, 1 stalled: agreement, elects');
});

test('the summary names the seeds that were not as expected', () => {
  expect(timingSummary(REPORT, ['r/timing.md'], 1500, UNPAINTED)).toBe(
    [
      '2 of 6 not as expected: 2 cells in 1.5 s.',
      '  pause, "long", 5: seeds 2, 3 (agreement, elects)',
      'All figures: r/timing.md',
    ].join('\n'),
  );
});

test('a page and its plots hold every story, escaped, and ask nobody for anything', () => {
  const spiked = { ...REPORT, title: '</title><script>alert(1)</script>' };
  const html = timingPage(spiked);
  expect(html).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>');
  expect(html).not.toContain('<script>');
  expect(html).toContain('<h2 id="s1">pause, &quot;long&quot;</h2>');
  expect(html).toContain('2 of 6 runs were not as expected.');
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|url\(|@import/);
  const plots = timingPlots(REPORT);
  expect(plots.map(({ name }) => name)).toEqual(['crash', 'pause-long-']);
  expect(plots[0]?.svg).toContain('voters 3: median 220.0 ms, 90 % 310.4 ms');
});

test('a plot sets values apart by their order of magnitude', () => {
  const spread = { min: 1000, p50: 10_000, p90: 100_000, p99: 1_000_000, max: 1_000_000 };
  const svg = spreadPlot('x', [{ label: 'y', spread }]);
  const [, median] = /<circle cx="([\d.]+)"/.exec(svg) ?? [];
  // From 1 to 1000 ms: the median, 10 ms, stands at a third of the axis.
  expect(Number(median)).toBeCloseTo(250 + (760 - 36 - 250) / 3, 0);
});
