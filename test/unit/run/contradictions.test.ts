import { expect, test } from 'vitest';
import { contradictionsOf } from '../../../src/run/contradictions.ts';
import { parseScenario } from '../../../src/run/scenario.ts';

function of(one: string, other: string): readonly string[] {
  return contradictionsOf(
    parseScenario(`title: x\nensemble: { voters: 3 }\ninitial: { 1: { ${one} }, 2: { ${other} } }`).initial,
  );
}

const EPOCHS = 'acceptedEpoch: 2, currentEpoch: 2';

test('one transaction has the same one before it on all servers', () => {
  expect(of(`${EPOCHS}, log: [1:1..1:5, 2:1..2:3]`, `${EPOCHS}, log: [1:1..1:9, 2:1..2:3]`)).toEqual([
    'servers 1 and 2 were given histories that contradict each other: before 0x200000001 comes ' +
      '0x100000005 by one, 0x100000009 by the other',
  ]);
});

test('a log that begins behind a hole contradicts one without', () => {
  expect(of(`${EPOCHS}, log: [1:3..1:9]`, `${EPOCHS}, log: [1:1..1:5]`)).toHaveLength(1);
});

test.each([
  ['a tail that nobody else has', 'log: [1:1..1:9]', 'log: [1:1..1:5, 2:1]'],
  ['a log behind a snapshot', 'snapshot: 1:3, log: [1:4..1:9]', 'log: [1:1..1:9]'],
  ['a log that begins within its snapshot', 'snapshot: 1:6, log: [1:4..1:9]', 'log: [1:1..1:9]'],
])('%s is no contradiction', (_, one, other) => {
  expect(of(`${EPOCHS}, ${one}`, `${EPOCHS}, ${other}`)).toEqual([]);
});
