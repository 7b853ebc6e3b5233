import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';

function lostIn(text: string): string[] {
  const { lost } = simulate(parseScenario(`title: losses\n${text}`));
  return lost.map(
    ({ zxid, servers, mayBeCommitted, left }) =>
      `${zxid} of ${servers}${mayBeCommitted ? ', may be committed' : ''}${left.length > 0 ? ', left' : ''}`,
  );
}

const THREE = `
initial:
  1: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
  2: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:4] }
`;

describe('what a start loses of what was on the disks', () => {
  test('is nothing where the longest log leads', () => {
    expect(lostIn(`duration: 5s${THREE}`)).toEqual([]);
  });

  test('is the tail that only a late server has, and the disk of a third may have held it', () => {
    expect(lostIn(`duration: 30s\nensemble: { start: { 2: 8s } }${THREE}`)).toEqual([
      '0x100000003 of 2, may be committed',
      '0x100000004 of 2, may be committed',
    ]);
  });

  test('was never committed where a quorum of whole disks has none of it', () => {
    const third = '  3: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }';
    expect(lostIn(`duration: 30s\nensemble: { start: { 2: 8s } }${THREE}${third}`)).toEqual([
      '0x100000003 of 2',
      '0x100000004 of 2',
    ]);
  });

  test('is still on the disk of a server that has not come back', () => {
    expect(lostIn(`duration: 30s\nensemble: { start: { 2: never } }${THREE}`)).toEqual([
      '0x100000003 of 2, may be committed, left',
      '0x100000004 of 2, may be committed, left',
    ]);
  });

  test('is not decided before somebody leads', () => {
    expect(lostIn(`duration: 30s\nensemble: { start: { 1: never, 2: never } }${THREE}`)).toEqual([]);
  });
});
