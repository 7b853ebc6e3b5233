import { expect, test } from 'vitest';
import { ScenarioErrors } from '../../../../src/core/errors.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { parseSweep, type Sweep, sweptCells } from '../../../../src/run/timing/sweep.ts';

const TEXT = `
title: Three servers # and a comment
ensemble: { voters: 3, tickTime: 2s }
initial: { 1: { log: [0x100000001] } }
faults:
  - { at: 4s, crash: leader }
  - { after: 1s, name: cut, isolate: follower, for: 2s }
`;

const cells = (...sweeps: Sweep[]) => sweptCells('x.yaml', TEXT, sweeps);
const plans = (...sweeps: Sweep[]) => cells(...sweeps).map(({ text }) => parseScenario(text));

/** The lines that a sweep is refused with. */
function refusal(key: string, ...values: string[]): string {
  try {
    cells({ key, values });
  } catch (error) {
    if (error instanceof ScenarioErrors) return error.message;
    throw error;
  }
  return 'accepted';
}

test('a sweep is a key and its values; commas inside braces part nothing', () => {
  expect(parseSweep('tickTime=500ms,1s')).toEqual({ key: 'tickTime', values: ['500ms', '1s'] });
  expect(parseSweep('network.latency={ median: 1ms, p99: 9ms }, 2ms')).toEqual({
    key: 'network.latency',
    values: ['{ median: 1ms, p99: 9ms }', '2ms'],
  });
  for (const text of ['tickTime', '=1', 'a=', 'a=1,,2', 'a=1,1', 'a={1'])
    expect(parseSweep(text)).toBeUndefined();
});

test('a grid holds each combination, the last key changing fastest', () => {
  const grid = cells(
    { key: 'tickTime', values: ['1s', '2s'] },
    { key: 'ensemble.voters', values: ['3', '5'] },
  );
  expect(grid.map(({ labels }) => Object.values(labels).join(' '))).toEqual(['1s 3', '1s 5', '2s 3', '2s 5']);
  const [, second] = grid.map(({ text }) => parseScenario(text).ensemble);
  expect(second?.voters).toHaveLength(5);
  expect(second?.settings.tickTimeUs).toBe(1_000_000);
});

test('a key that the scenario does not have is added; the rest stays as it was written', () => {
  const [plan] = plans({ key: 'network.latency', values: ['{ median: 2ms, p99: 20ms }'] });
  const wanted = parseScenario('{ title: x, network: { latency: { median: 2ms, p99: 20ms } } }').network
    .latency;
  expect(JSON.stringify(plan?.network.latency)).toBe(JSON.stringify(wanted));
  // As a decimal number the zxid would be refused.
  expect(plan?.initial.size).toBe(1);
});

test('a fault is chosen by its number or its name', () => {
  for (const key of ['faults[1].for', 'faults.1.for', 'faults.cut.for']) {
    const [plan] = plans({ key, values: ['700ms'] });
    expect(plan?.faults[1]).toMatchObject({ name: 'cut', forUs: 700_000 });
  }
});

test('what is refused is named in the words of the sweep', () => {
  expect(refusal('tickTime', '1s', 'soon')).toBe(
    'x.yaml with tickTime soon ensemble.tickTime: expected a duration such as 250ms, found "soon"',
  );
  expect(refusal('tickTim', '1s')).toContain('(did you mean "tickTime"?)');
  expect(refusal('network.latenc', '1s')).toContain('(did you mean "latency"?)');
  expect(refusal('faults.cup.for', '1s')).toContain('expected one of the 2 in the list');
  expect(refusal('title.x', '1s')).toContain('expected a key of a map');
  expect(refusal('seed', ...Array.from({ length: 1001 }, (_, i) => String(i)))).toContain(
    'at most 1000 cells',
  );
});
