import { expect, test } from 'vitest';
import { calibrationMarkdown, causeOf } from '../../../../src/report/calibration-markdown.ts';
import { calibrated } from '../../../../src/run/calibration/calibrate.ts';
import { readSituation } from '../../../../src/run/calibration/calibrate-worker.ts';
import { REAL_ROWS } from '../../../../src/run/calibration/real-rows.ts';
import { SITUATIONS } from '../../../../src/run/calibration/situations.ts';

/** Readings of one run of a situation. */
function readings(name: string, seed = 1) {
  const situation = SITUATIONS.findIndex((one) => one.name === name);
  return readSituation({ situation, from: seed, to: seed });
}

test('every row that was measured has a situation that is simulated, and a reading of it', () => {
  for (const { situation, reading } of REAL_ROWS) {
    const found = SITUATIONS.find(({ name }) => name === situation);
    expect(Object.keys(found?.readings ?? {}), situation).toContain(reading);
  }
});

test('a row that differs has a cause', () => {
  const unexplained = REAL_ROWS.filter((row) => causeOf(row) === 'Not explained yet.');
  // Those that must not differ.
  expect(new Set(unexplained.map(({ situation }) => situation))).toEqual(
    new Set([
      ...['staggered start 1, 2, 3', 'staggered start 3, 2, 1', 'staggered start 1 to 5'],
      ...['leader frozen, 3 servers', 'leader cut off, 3 servers'],
      ...['rejoin, 10 writes missed', 'rejoin, 2 writes too many', 'rejoin, empty disk'],
      ...['rejoin, 700 writes missed', 'rejoin, 700 writes missed, from the log', 'rejoin under load'],
    ]),
  );
});

test('a row is near within 15 % of the median, and inside within the extremes widened by 20 %', () => {
  const row = { situation: 's', reading: 'r', real: { min: 100, median: 200, max: 300 } };
  expect(calibrated(row, [171, 229, 360], true)).toMatchObject({ near: true, inside: true, ratio: 1.15 });
  expect(calibrated(row, [350, 359, 361], false)).toMatchObject({ near: false, inside: true });
  expect(calibrated(row, [361], false)).toMatchObject({ near: false, inside: false });
  const negative = { situation: 's', reading: 'r', real: { min: -90, median: 10, max: 20 } };
  expect(calibrated(negative, [-107], false).inside).toBe(true);
});

test('a frozen leader is missed after syncLimit ticks, and resigns at a whole tick after it wakes up', () => {
  const found = readings('leader frozen, 3 servers');
  expect(found['fault to the first looking']?.[0]).toBeGreaterThan(9990);
  expect(found['fault to the first looking']?.[0]).toBeLessThan(10_015);
  expect(found['resumed to serving as a follower']?.[0]).toBeGreaterThan(1900);
  expect(found['fault to the old leader’s resignation']?.[0]).toBeGreaterThan(11_000);
});

test('a server that is back is timed from its own looking to its own serving', () => {
  const [ms = 0] = readings('rejoin, empty disk')['looking to serving'] ?? [];
  expect(ms).toBeGreaterThan(50);
  expect(ms).toBeLessThan(200);
});

test('writers of a steady ensemble wait for two ways and two syncs', () => {
  const latencies = readings('writes, 3 servers, at the leader')['latency'] ?? [];
  expect(latencies.length).toBeGreaterThan(100);
  expect(Math.min(...latencies)).toBeGreaterThan(0.16);
});

test('the page counts what is as measured, and explains the rest', () => {
  const [row] = REAL_ROWS;
  if (row === undefined) throw new Error('no rows');
  const rows = [calibrated(row, [row.real.median], true), calibrated(row, [row.real.median * 2], false)];
  const page = calibrationMarkdown(rows, { from: 1, to: 1 }, [['sync', '1 ms', 'an fsync']]);
  expect(page).toContain('**1 of 2** rows; 1 of 1 of those that the parameters were fitted with, 0 of 1');
  expect(page).toContain(
    '| cold start, 3 servers | election of the winner | 238 / 424 / 722 | 424 / 424 / 424 |',
  );
  expect(page).toContain('- cold start, 3 servers, election of the winner (× 2): Three to five JVMs');
});
