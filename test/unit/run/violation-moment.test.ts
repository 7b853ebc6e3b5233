import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScenario } from '../../../src/run/files.ts';
import { simulate } from '../../../src/run/simulate.ts';

const SCENARIO = fileURLToPath(new URL('../../../scenarios/bugs/zookeeper-1154.yaml', import.meta.url));

test('a violation says when it came up: in an event, or at the end, behind the last one', () => {
  const times = new Map<number, number>();
  const { violations, events, virtualUs } = simulate(readScenario(SCENARIO), {
    trace: (_event, { event, atUs }) => void times.set(event, atUs),
  });
  const atEnd = violations.filter(({ atUs }) => atUs === virtualUs);
  const before = violations.filter(({ atUs }) => atUs < virtualUs);
  expect(atEnd.length).toBeGreaterThan(0);
  for (const { event } of atEnd) expect(event).toBe(events);
  expect(before.length).toBeGreaterThan(0);
  for (const { event, atUs } of before) expect(times.get(event)).toBe(atUs);
});
