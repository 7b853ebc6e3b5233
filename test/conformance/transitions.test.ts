import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/node/facts.ts';
import { sentFrom, type Told, tell } from './told.ts';

/*
 * The order of what servers do and say, against what was measured on ZooKeeper 3.8.0 (November 2026): logs of
 * state changes and captures of the election and quorum ports. Packets are named as the trace names them;
 * pings and the pieces of a snapshot are left out, the two directions of a pair of servers are compared each
 * for itself. Who dials whom on the election port is a matter of timing, and a new connection there begins
 * with the last vote again: so the greetings are left out, and a vote said twice in a row counts once.
 */

/** Facts that a server's log tells of as well: its states from LOOKING to broadcast. */
const TRANSITIONS = new Set<TraceEvent['kind']>([
  'looking',
  'vote-changed',
  'leader-elected',
  'leader-followed',
  'epoch-offered',
  'epoch-accepted',
  'epoch-acked',
  'leader-synchronizing',
  'sync-chosen',
  'log-truncated',
  'snapshot-installed',
  'epoch-adopted',
  'new-leader-acked',
  'leader-established',
  'up-to-date-sent',
  'follower-synced',
  'leader-left',
  'leader-resigned',
]);

function transitionsOf({ events }: Told, server: number, sinceUs = 0): readonly string[] {
  return events
    .filter(({ told, atUs }) => atUs >= sinceUs && TRANSITIONS.has(told.kind))
    .filter(({ told }) => 'server' in told && told.server === server)
    .map(({ told }) => told.kind);
}

function packetsOf(told: Told, from: number, to: number): readonly string[] {
  const sent = sentFrom(told, from, to).filter((message) => !/^(?:hello|snapshot-piece)/.test(message));
  return sent.filter((message, index) => !message.startsWith('notification') || message !== sent[index - 1]);
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.each(SEEDS)(
  'three fresh servers in order, an observer, one write through a follower (seed %i)',
  (seed) => {
    const told = tell(
      `
title: What was captured of a fresh ensemble
duration: 14s
ensemble: { voters: 3, observers: 1, start: { 1: 0s, 2: 3s, 3: 6s, 4: 8s } }
clients: { count: 1, operations: 1, connect: [1], start: 10s }`,
      seed,
    );
    const packets = (from: number, to: number) => packetsOf(told, from, to);

    test('the leader: elected, discovery, synchronization, its own ack, established, UPTODATE', () => {
      expect(transitionsOf(told, 2)).toEqual([
        'looking',
        'leader-elected',
        'epoch-accepted',
        'epoch-offered',
        'leader-synchronizing',
        'sync-chosen',
        'epoch-adopted',
        'new-leader-acked',
        'leader-established',
        'up-to-date-sent',
        // The late joiner, then the observer.
        'sync-chosen',
        'up-to-date-sent',
        'sync-chosen',
        'up-to-date-sent',
      ]);
    });

    test('the first follower: changes its vote, discovery, an empty DIFF, broadcast', () => {
      expect(transitionsOf(told, 1)).toEqual([
        'looking',
        'vote-changed',
        'leader-followed',
        'epoch-accepted',
        'epoch-acked',
        'epoch-adopted',
        'new-leader-acked',
        'follower-synced',
      ]);
    });

    test.each([3, 4])('late joiner %i: the same without a change of vote, by SNAP', (joiner) => {
      expect(transitionsOf(told, joiner)).toEqual([
        'looking',
        'leader-followed',
        'epoch-accepted',
        'epoch-acked',
        'snapshot-installed',
        'epoch-adopted',
        'new-leader-acked',
        'follower-synced',
      ]);
    });

    test('first follower and leader: two votes and one, discovery to UPTODATE, two ACKs of e<<32', () => {
      expect(packets(1, 2)).toEqual([
        'notification looking leader=1 zxid=0x0 round=1 peerEpoch=0',
        'notification looking leader=2 zxid=0x0 round=1 peerEpoch=0',
        'follower-info sid=1 acceptedEpoch=0',
        'ack-epoch lastZxid=0x0 currentEpoch=0',
        'ack 0x100000000',
        'ack 0x100000000',
        'add of 00000000000003e9, number 1',
        'ack 0x100000001',
      ]);
      expect(packets(2, 1)).toEqual([
        'notification looking leader=2 zxid=0x0 round=1 peerEpoch=0',
        'leader-info epoch=1',
        'diff 0x0',
        'new-leader epoch=1',
        'up-to-date',
        'proposal 0x100000001',
        'commit 0x100000001',
      ]);
    });

    test('a late joiner hears the old vote first, then that of an established ensemble; SNAP', () => {
      expect(packets(1, 3)).toEqual([
        'notification looking leader=2 zxid=0x0 round=1 peerEpoch=0',
        'notification following leader=2 zxid=0x0 round=1 peerEpoch=1',
      ]);
      expect(packets(3, 2)).toEqual([
        'notification looking leader=3 zxid=0x0 round=1 peerEpoch=0',
        'follower-info sid=3 acceptedEpoch=0',
        'ack-epoch lastZxid=0x0 currentEpoch=0',
        'ack 0x100000000',
        'ack 0x100000000',
        'ack 0x100000001',
      ]);
      expect(packets(2, 3)).toEqual([
        'notification looking leader=2 zxid=0x0 round=1 peerEpoch=0',
        'notification leading leader=2 zxid=0x0 round=1 peerEpoch=1',
        'leader-info epoch=1',
        'snap 0x100000000',
        'snapshot-end',
        'new-leader epoch=1',
        'up-to-date',
        'proposal 0x100000001',
        'commit 0x100000001',
      ]);
    });

    test('an observer is answered at once, and gets INFORM instead of PROPOSAL and COMMIT', () => {
      expect(packets(1, 4)).toEqual(['notification following leader=2 zxid=0x0 round=1 peerEpoch=1']);
      expect(packets(3, 4)).toEqual(['notification following leader=2 zxid=0x0 round=1 peerEpoch=1']);
      expect(packets(2, 4)).toEqual([
        'notification leading leader=2 zxid=0x0 round=1 peerEpoch=1',
        'leader-info epoch=1',
        'snap 0x100000000',
        'snapshot-end',
        'new-leader epoch=1',
        'up-to-date',
        'inform 0x100000001',
      ]);
      expect(packets(4, 2).slice(1)).toEqual([
        'observer-info sid=4 acceptedEpoch=0',
        'ack-epoch lastZxid=0x0 currentEpoch=0',
        'ack 0x100000000',
        'ack 0x100000000',
      ]);
    });
  },
);

describe.each(SEEDS)('a tail of two transactions, truncated (seed %i)', (seed) => {
  const told = tell(
    `
title: What was captured of a true TRUNC
duration: 14s
ensemble: { voters: 3, start: { 1: 0s, 3: 0s, 2: 6s } }
initial:
  1: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
  2: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:4] }
  3: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
clients: { count: 1, operations: 1, connect: [2], start: 10s }`,
    seed,
  );

  test('the server with the tail: a vote with its zxid, then TRUNC before the new epoch', () => {
    expect(transitionsOf(told, 2)).toEqual([
      'looking',
      'leader-followed',
      'epoch-accepted',
      'epoch-acked',
      'log-truncated',
      'epoch-adopted',
      'new-leader-acked',
      'follower-synced',
    ]);
  });

  test('the packets of leader and truncated server', () => {
    expect(packetsOf(told, 2, 3)).toEqual([
      'notification looking leader=2 zxid=0x100000004 round=1 peerEpoch=1',
      'follower-info sid=2 acceptedEpoch=1',
      'ack-epoch lastZxid=0x100000004 currentEpoch=1',
      'ack 0x200000000',
      'ack 0x200000000',
      'add of 00000000000003e9, number 1',
      'ack 0x200000001',
    ]);
    expect(packetsOf(told, 3, 2)).toEqual([
      'notification looking leader=3 zxid=0x100000002 round=1 peerEpoch=1',
      'notification leading leader=3 zxid=0x100000002 round=1 peerEpoch=2',
      'leader-info epoch=2',
      'trunc 0x100000002',
      'new-leader epoch=2',
      'up-to-date',
      'proposal 0x200000001',
      'commit 0x200000001',
    ]);
  });

  test('a follower without a tail gets an empty DIFF of its own zxid', () => {
    expect(
      packetsOf(told, 3, 1).filter((message) => /^(?:diff|trunc|snap|new-leader)/.test(message)),
    ).toEqual(['diff 0x100000002', 'new-leader epoch=2']);
  });
});

test.each(SEEDS)(
  'a survivor of a crash that becomes leader goes through the same states (seed %i)',
  (seed) => {
    const told = tell(
      `
title: The leader dies
duration: 14s
ensemble: { voters: 3 }
clients: { count: 1, operations: 6, rate: 10/s, connect: [1], start: 2s }
faults: [{ at: 5s, crash: 3 }]`,
      seed,
    );
    expect(transitionsOf(told, 2, 5_000_000)).toEqual([
      'leader-left',
      'looking',
      'leader-elected',
      'epoch-accepted',
      'epoch-offered',
      'leader-synchronizing',
      'sync-chosen',
      'epoch-adopted',
      'new-leader-acked',
      'leader-established',
      'up-to-date-sent',
    ]);
    const established = told.outcome.leaders.at(-1);
    // Measured: 0.2 s of election (finalizeWait), under 0.5 s until a quorum supports the new leader.
    expect(established).toMatchObject({ server: 2, epoch: 2 });
    expect(established?.electedAtUs).toBeGreaterThan(5_200_000);
    expect(established?.establishedAtUs).toBeLessThan(5_750_000);
  },
);
