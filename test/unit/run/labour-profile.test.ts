import { expect, test } from 'vitest';
import { busyUs } from '../../../src/run/labour-profile.ts';
import { parseScenario } from '../../../src/run/scenario.ts';

const SCENARIO = 'title: Servers take their time\nensemble: { voters: 3 }\nduration: 10s\n';

test('a server may be busy with its longest piece of work, and with what it loads for it', () => {
  const work = 'work: { connection: 10ms..100ms, dial: 2ms }\n';
  expect(busyUs(parseScenario(SCENARIO + work))).toBe(100_000);
  expect(busyUs(parseScenario(`${SCENARIO}${work}warmUp: 1ms..4ms\n`))).toBe(104_000);
});

test('a server whose work takes no time is never busy', () => {
  expect(busyUs(parseScenario(SCENARIO))).toBe(0);
});
