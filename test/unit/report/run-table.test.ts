import { expect, test } from 'vitest';
import { UNPAINTED } from '../../../src/report/paint.ts';
import { runTable } from '../../../src/report/run-table.ts';
import { sampleOutcome } from './sample-outcome.ts';

/** The cells of the table's last row. */
function lastRow(table: string): readonly string[] {
  const line = table.split('\n').at(-2) ?? '';
  return line
    .split('│')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test('a run is a row: the standing leader, the times of the last term, what clients got', () => {
  expect(lastRow(runTable([sampleOutcome()], UNPAINTED))).toEqual([
    'A leader crashes and a follower takes o…',
    '7',
    '✓ passed',
    '2',
    '2',
    '2',
    '214.0',
    '25.5',
    '240.5',
    '200',
    '198/1/1',
    '60000.0',
  ]);
});

test('a run without a leader says so', () => {
  const cells = lastRow(
    runTable([sampleOutcome({ leaders: [], verdict: 'stalled', expected: false })], UNPAINTED),
  );
  expect(cells.slice(2, 8)).toEqual(['✗ stalled', 'none', '–', '0', '–', '–']);
});

test('all lines are equally long, and fit a wide terminal', () => {
  const widths = new Set(
    runTable([sampleOutcome()], UNPAINTED)
      .split('\n')
      .map((line) => line.length),
  );
  expect(widths.size).toBe(1);
  expect(Math.max(...widths)).toBeLessThanOrEqual(170);
});
