import { describe, expect, test } from 'vitest';
import { MOVED } from '../../../src/node/client-facts.ts';
import type { TraceEvent } from '../../../src/node/facts.ts';
import { nodeId } from '../../../src/node/ids.ts';
import { majority } from '../../../src/node/quorum.ts';
import { Figures } from '../../../src/run/figures.ts';
import * as t from './testimony.ts';

function figures(story: readonly t.Told[], voters = t.sids(1, 2, 3)): Figures {
  const result = new Figures(majority(voters), 2_000_000);
  t.tell(result, story);
  return result;
}

const END_US = 10_000_000;

describe('terms of leaders', () => {
  test('a term has the times of its phases', () => {
    expect(figures(t.ELECT_3).terms.terms).toEqual([
      {
        server: 3,
        epoch: 1,
        lookingAtUs: 0,
        electedAtUs: 210_000,
        establishedAtUs: 400_000,
        endedAtUs: -1,
        ended: '',
      },
    ]);
  });

  test.each([
    ['resigns', t.resigned(3, 1), 'resigned: no quorum'],
    ['is killed', t.crashed(3), 'crashed'],
    ['loses power', t.crashed(3, 'power-cut'), 'lost power'],
    ['looks again', t.looking(3), 'looked for a leader'],
  ])('a term ends when its leader %s', (_how, event, ended) => {
    const { terms } = figures([...t.ELECT_3, [900, event]]);
    expect(terms.terms).toMatchObject([{ endedAtUs: 900_000, ended }]);
    expect(terms.current()).toBeUndefined();
  });

  test('an elected leader that is never established has no epoch and is not counted', () => {
    const { terms } = figures([
      [0, t.looking(2)],
      [200, t.elected(2)],
      [900, t.looking(2)],
    ]);
    expect(terms.terms).toMatchObject([{ epoch: -1, establishedAtUs: -1, endedAtUs: 900_000 }]);
    expect(terms.established).toBe(0);
  });

  test('of two established leaders the one of the higher epoch counts, and then the other', () => {
    const story: t.Told[] = [...t.ELECT_3, [3000, t.elected(2)], [3100, t.established(2, 2)]];
    expect(figures(story).terms.current()).toMatchObject({ server: 2, epoch: 2 });
    expect(figures([...story, [3200, t.crashed(2)]]).terms.current()).toMatchObject({ server: 3, epoch: 1 });
  });
});

describe('unavailability', () => {
  test.each<[string, readonly t.Told[], number]>([
    ['a run without an established leader is unavailable throughout', [[0, t.looking(1)]], END_US],
    ['the time before the first establishment does not count', t.ELECT_3, 0],
    ['a minority that is down changes nothing', [...t.ELECT_3, [1000, t.crashed(1)]], 0],
    [
      'from the death of the leader to the next establishment',
      [
        ...t.ELECT_3,
        [1000, t.crashed(3)],
        [1001, t.left(1, 3)],
        [1001, t.left(2, 3)],
        [1200, t.elected(2)],
        [1390, t.acked(2, 2, 2)],
        [1395, t.acked(1, 2, 2)],
        [1400, t.established(2, 2)],
      ],
      400_000,
    ],
    [
      'a leader without a quorum, until the end',
      [...t.ELECT_3, [2000, t.crashed(1)], [3000, t.crashed(2)]],
      7_000_000,
    ],
    ['a paused leader commits nothing', [...t.ELECT_3, [2000, t.paused(3)], [2500, t.resumed(3)]], 500_000],
    [
      'a leader that hands over takes no requests until it gives that up',
      [...t.ELECT_3, [2000, t.handingOver(3, 1, 2)], [2700, t.keptOn(3, 1, 2)]],
      700_000,
    ],
    [
      'with four voters two are not enough, with two again',
      [
        ...t.ELECT_3,
        [1000, t.adopted(3, 1, 1, 2, 3, 4)],
        [1000, t.acked(4, 3, 1)],
        [2000, t.crashed(1)],
        [3000, t.crashed(2)],
        [3400, t.adopted(3, 2, 3, 4)],
      ],
      400_000,
    ],
    [
      'one direction that is cut is enough',
      [...t.ELECT_3, [2000, t.crashed(1)], [3000, t.reachable(2, 3, false)], [3250, t.reachable(2, 3, true)]],
      250_000,
    ],
    [
      'a cut between two followers hurts nobody',
      [...t.ELECT_3, [2000, t.reachable(1, 2, false)], [2000, t.reachable(2, 1, false)]],
      0,
    ],
    [
      'of several spans the longest',
      [
        ...t.ELECT_3,
        [2000, t.paused(3)],
        [2100, t.resumed(3)],
        [3000, t.paused(3)],
        [3300, t.resumed(3)],
        [4000, t.paused(3)],
        [4200, t.resumed(3)],
      ],
      300_000,
    ],
    ['what lasts no time is no span', [...t.ELECT_3, [2000, t.paused(3)], [2000, t.resumed(3)]], 0],
    [
      'a follower that restarted is not in sync until it has acked again',
      [
        ...t.ELECT_3,
        [1000, t.crashed(1)],
        [2000, t.crashed(2)],
        [2100, t.restarted(2)],
        [2600, t.acked(2, 3, 1)],
      ],
      600_000,
    ],
  ])('%s', (_name, story, wanted) => {
    expect(figures(story).unavailableUs(END_US)).toBe(wanted);
  });
});

describe('counts', () => {
  test('a zxid that two leaders commit counts once', () => {
    expect(
      figures([
        [1, t.committed(3, 1, 1)],
        [2, t.committed(3, 1, 2)],
        [3, t.committed(2, 1, 2)],
      ]).commits,
    ).toBe(2);
  });

  test('clients are counted by how their operations ended', () => {
    const client = nodeId(1001);
    const zxid = 0 as never;
    const result = figures([
      [1, { kind: 'returned', server: client, cxid: 1, outcome: 'ok', zxid }],
      [2, { kind: 'returned', server: client, cxid: 2, outcome: 'unknown', zxid }],
      [3, { kind: 'returned', server: client, cxid: 3, outcome: 'ok', zxid }],
    ]);
    expect(result.clients).toEqual({ ok: 2, failed: 0, unknown: 1 });
  });

  test('what nobody answered counts by when it began, if it was waited for long', () => {
    const server = nodeId(1001);
    const zxid = 0 as never;
    const via = nodeId(1);
    const result = figures([
      [1000, { kind: 'invoked', server, cxid: 1, via, operation: 'set' }],
      [2000, { kind: 'invoked', server, cxid: 2, via, operation: 'set' }],
      [2100, { kind: 'returned', server, cxid: 2, outcome: 'unknown', zxid }],
      [3000, { kind: 'returned', server, cxid: 1, outcome: 'unknown', zxid }],
      [4000, { kind: 'invoked', server, cxid: 3, via, operation: 'set' }],
      [4500, { kind: 'returned', server, cxid: 3, outcome: 'failed', zxid }],
    ]);
    expect(result.askedSince(1_000_000)).toEqual({ unanswered: 1, answered: true });
    expect(result.askedSince(1_000_001)).toEqual({ unanswered: 0, answered: true });
    expect(result.askedSince(4_000_001)).toEqual({ unanswered: 0, answered: false });
  });

  test('who leaves of his own accord is not left without an answer, until he is back', () => {
    const server = nodeId(1001);
    const link = 1 as never;
    const session = '0' as never;
    const asks = (atMs: number, cxid: number) =>
      [atMs, { kind: 'invoked', server, cxid, via: nodeId(1), operation: 'set' }] as const;
    const gives = (atMs: number, cxid: number) =>
      [atMs, { kind: 'returned', server, cxid, outcome: 'unknown', zxid: 0 as never }] as const;
    const leaves = (atMs: number) =>
      [atMs, { kind: 'client-disconnected', server, link, because: MOVED }] as const;
    const back = {
      kind: 'client-connected',
      server,
      link,
      session,
      timeoutMs: 4000,
      readOnly: false,
      password: '',
    } as const;
    const unanswered = (...steps: Parameters<typeof figures>[0]) => figures(steps).askedSince(0).unanswered;
    expect(unanswered(asks(1000, 1), leaves(3000), gives(3000, 1))).toBe(0);
    expect(unanswered(leaves(1000), asks(1500, 1), gives(4000, 1))).toBe(0);
    const returned = [2000, { ...back, outcome: 'accepted' }] as const;
    expect(unanswered(leaves(1000), returned, asks(2500, 1), gives(5000, 1))).toBe(1);
  });
});

describe('assumptions', () => {
  test('a crash of a majority breaks none, loss of its power at once does', () => {
    expect(
      figures([
        [1, t.crashed(1)],
        [2, t.crashed(2)],
      ]).assumptions,
    ).toEqual([]);
    expect(
      figures([
        [1, t.crashed(1, 'power-cut')],
        [2, t.crashed(2, 'power-cut')],
      ]).assumptions,
    ).toEqual(['voters 1, 2 were without power at once: no quorum kept running']);
    expect(
      figures([
        [1, t.crashed(1, 'power-cut')],
        [2, t.restarted(1)],
        [3, t.crashed(2, 'power-cut')],
      ]).assumptions,
    ).toEqual([]);
  });

  test('a wiped voter breaks one, a wiped observer or one that never ran does not', () => {
    const wiped = (server: number, ...before: TraceEvent[]) =>
      figures([...before, { kind: 'wiped', server: nodeId(server) } as const].map((event) => [1, event]))
        .assumptions;
    const ran = (server: number) => ({ kind: 'restarted', server: nodeId(server), incarnation: 1 }) as const;
    expect(wiped(2, ran(2))).toEqual(['the disk of voter 2 was wiped']);
    expect(wiped(4, ran(4))).toEqual([]);
    expect(wiped(2)).toEqual([]);
  });

  test('damage to the files of any server breaks one', () => {
    const damaged = (server: number) =>
      figures([
        [1, { kind: 'corrupted', server: nodeId(server), file: 'log.1', index: 0, how: 'torn', position: 0 }],
      ]).assumptions;
    expect(damaged(2)).toEqual(['a record of log.1 on voter 2 was damaged']);
    expect(damaged(4)).toEqual(['a record of log.1 on observer 4 was damaged']);
  });
});
