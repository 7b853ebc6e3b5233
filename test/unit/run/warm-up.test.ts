import { expect, test } from 'vitest';
import { record } from '../../../src/run/explain/record.ts';
import type { Happening } from '../../../src/run/explain/recording.ts';
import { parseScenario } from '../../../src/run/scenario.ts';

const STORY = `
title: A process meets things for the first time
duration: 20s
ensemble: { voters: 3, start: { 3: 3s } }
network: { latency: 1ms..1ms }
disk: { sync: 1ms..1ms }
stages: 0ms..0ms
faults: [{ at: 6s, crash: 3 }, { at: 8s, restart: 3 }]
`;

/**
 * How long each notification to server 1 or 3 took, in ms, in the order of their arrivals in a span of ms.
 */
function delays(happenings: readonly Happening[], to: number, fromMs: number, toMs: number): number[] {
  return happenings.flatMap(({ event, atUs, cause }) => {
    if (event.kind !== 'delivered' || event.to !== to || !event.message.startsWith('notification')) return [];
    const sentUs = happenings[cause]?.atUs ?? atUs;
    return atUs >= fromMs * 1000 && atUs < toMs * 1000 ? [(atUs - sentUs) / 1000] : [];
  });
}

test('a process takes its time over what it meets for the first time, and again after a restart', () => {
  const warm = record(parseScenario(STORY), 1).happenings;
  const cold = record(parseScenario(`${STORY}warmUp: 10ms..10ms\n`), 1).happenings;
  expect(Math.max(...delays(warm, 3, 0, 20_000))).toBeLessThan(1.1);
  const [first, ...others] = delays(cold, 1, 0, 3000);
  expect(first).toBeGreaterThanOrEqual(11);
  expect(others.length).toBeGreaterThan(0);
  // Server 1 knows what a notification is when server 3 comes.
  expect(Math.max(...delays(cold, 1, 3000, 6000))).toBeLessThan(11);
  for (const [fromMs, toMs] of [
    [3000, 6000],
    [8000, 20_000],
  ] as const) {
    expect(delays(cold, 3, fromMs, toMs)[0]).toBeGreaterThanOrEqual(11);
  }
});

test('a frozen process that was loading goes on where it was', () => {
  const text = STORY.replace('faults: [', 'faults: [{ at: 3.03s, pause: 3, for: 500ms }, ');
  const { outcome } = record(parseScenario(`${text}warmUp: 40ms..60ms\n`), 1);
  expect(outcome.servers.map(({ state }) => state)).toEqual(['following', 'leading', 'following']);
  expect(outcome.violations).toEqual([]);
});
