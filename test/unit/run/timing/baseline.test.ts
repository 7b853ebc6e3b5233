import { expect, test } from 'vitest';
import { UNPAINTED } from '../../../../src/report/paint.ts';
import { comparisonText } from '../../../../src/report/timing/comparison-text.ts';
import { timingJson } from '../../../../src/report/timing/timing-json.ts';
import { type Baseline, compare, readBaseline } from '../../../../src/run/timing/baseline.ts';
import type { MeasuredRun } from '../../../../src/run/timing/measure-worker.ts';
import { resultOf, type TimingReport } from '../../../../src/run/timing/timing-report.ts';

/** A report of one cell over a hundred seeds: failovers spread over 100 ms from a value on. */
function report(failoverMs: number, perSecond = 500, violated = 0): TimingReport {
  const runs = Array.from({ length: 100 }, (_, index): MeasuredRun => {
    const bad = index < violated;
    return {
      seed: index + 1,
      verdict: bad ? 'violated' : 'passed',
      expected: !bad,
      broken: bad ? ['agreement'] : [],
      unmet: [],
      values: { failover: [failoverMs * 1000 + ((index * 37) % 100) * 1000], throughput: [perSecond] },
    };
  });
  const cell = resultOf({ labels: { voters: '3' }, text: '', file: '' }, runs);
  return { title: 'x', dimensions: ['voters'], seeds: { from: 1, to: 100 }, cells: [cell] };
}

function baseline(of: TimingReport): Baseline {
  const read = readBaseline(JSON.stringify(timingJson(of)));
  if (typeof read === 'string') throw new Error(read);
  return read;
}

test('a report does not differ from itself, nor by what chance makes of it', () => {
  expect(compare(report(200), baseline(report(200)))).toEqual({ compared: 1, changes: [] });
  // The medians differ by 20 ms, the values by 100: each could have come from the other.
  expect(compare(report(220), baseline(report(200))).changes).toEqual([]);
});

test('a slower failover, a lower throughput and a violation are worse; the contrary is better', () => {
  const worse = compare(report(300, 400, 3), baseline(report(200)));
  expect(worse.changes.map(({ what, worse: is }) => `${what} ${is}`)).toEqual([
    'verdict true',
    'failover true',
    'throughput true',
  ]);
  const better = compare(report(200), baseline(report(300, 400, 3)));
  expect(better.changes.map(({ worse: is }) => is)).toEqual([false, false, false]);
  const text = comparisonText(worse, 'old.json', UNPAINTED);
  expect(text).toContain('Against old.json: 1 cells compared; beyond noise, 3 worse, 0 better.');
  expect(text).toMatch(/✗ worse │ voters 3 │ failover ms\s+│\s+249\.0 │\s+349\.0 │ \+40\.2 %/);
  expect(text).toMatch(/failed runs\s+│\s+0\.0 % │\s+3\.0 %/);
});

test('a change that is sure and small matters to nobody', () => {
  expect(compare(report(200, 504), baseline(report(200, 500))).changes).toEqual([]);
});

test('what is no report is refused with the reason', () => {
  expect(readBaseline('{')).toMatch(/^no JSON: /);
  expect(readBaseline('{"version":1,"cells":[{}]}')).toMatch(/^no report of zabsim: cells\.0\.labels/);
});
