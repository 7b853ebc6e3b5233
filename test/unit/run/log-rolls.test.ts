import { expect, test } from 'vitest';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';

test('a log file holds no more than snapCount, however much is synced at once', () => {
  const plan = parseScenario(`
title: Bursts of writes, and a disk that takes its time
duration: 10s
ensemble: { voters: 3, snapCount: 10 }
disk: { sync: 40ms..60ms }
clients: { count: 4, rate: 400/s, operations: 1000, mix: { create: 1 }, pipeline: 16 }
`);
  const held = new Map<string, number>();
  simulate(plan, {
    witnesses: [
      {
        wants: (kind) => kind === 'appended',
        observe: (event) => {
          if (event.kind !== 'appended' || !event.file.startsWith('log.')) return;
          const key = `${event.server} ${event.file}`;
          held.set(key, (held.get(key) ?? 0) + 1);
        },
      },
    ],
  });
  const counts = [...held.values()];
  expect(counts.length).toBeGreaterThan(100);
  // Half of snapCount and a drawn part of the other half.
  expect(Math.max(...counts)).toBe(10);
});
