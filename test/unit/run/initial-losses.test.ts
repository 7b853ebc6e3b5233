import { describe, expect, test } from 'vitest';
import { makeZxid } from '../../../src/core/zxid.ts';
import { NO_SESSION, nodeId } from '../../../src/node/ids.ts';
import { majority } from '../../../src/node/quorum.ts';
import type { TxnRecord } from '../../../src/protocols/zab/messages.ts';
import { InitialLosses } from '../../../src/run/initial-losses.ts';
import type { InitialDisk } from '../../../src/run/plan.ts';
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

test('a long log of a real server is told in one walk, each change with it', () => {
  const nothing = { acceptedEpoch: 1, currentEpoch: 1, log: [], snapshot: undefined };
  const records = Array.from({ length: 30_000 }, (_, i): TxnRecord => {
    const txn = { kind: 'delete', path: `/n${i}`, digest: i } as TxnRecord['txn'];
    const header = { session: NO_SESSION, cxid: 0, timeMs: 0 };
    return { kind: 'txn', position: makeZxid(1, i + 1), digest: i, txn, ...header };
  });
  const files = new Map([['log.100000001', records]]);
  const long: InitialDisk = { ...nothing, dataDir: { path: '/a', logPath: undefined, files } };
  const empty: InitialDisk = { ...nothing, dataDir: undefined };
  const [one, two, three] = [nodeId(1), nodeId(2), nodeId(3)];
  const disks = new Map([
    [one, empty],
    [two, empty],
    [three, long],
  ]);
  const losses = new InitialLosses(majority([one, two, three]), disks);
  losses.observe({ kind: 'leader-established', server: two, epoch: 2 });
  const lost = losses.lost();
  expect(lost).toHaveLength(30_000);
  expect(lost[29_999]).toMatchObject({ change: 'delete /n29999', servers: [three], mayBeCommitted: false });
});
