import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sentFrom, syncsOf, type Told, tell } from './told.ts';

/*
 * How a returning server catches up, in the scenarios that are about it: `expect` cannot say it, so it is
 * checked here. The modes are those measured on ZooKeeper 3.8.0, November 2026.
 */

function told(scenario: string, seed?: number): Told {
  return tell(
    readFileSync(fileURLToPath(new URL(`../../scenarios/${scenario}`, import.meta.url)), 'utf8'),
    seed,
  );
}

/** How the server caught up last, without the zxid. */
function lastMode(run: Told, learner: number): string | undefined {
  return syncsOf(run, learner).at(-1)?.split(' ')[0];
}

const SEEDS = [1, 2, 3, 4, 5];

test.each(SEEDS)('a few missed writes: DIFF with just those (seed %i)', (seed) => {
  const run = told('recovery/diff.yaml', seed);
  expect(lastMode(run, 1)).toBe('diff');
  const sent = sentFrom(run, 3, 1, 5_000_000);
  const catchUp = sent.slice(
    sent.findIndex((message) => message.startsWith('diff')) + 1,
    sent.indexOf('new-leader epoch=1'),
  );
  expect(catchUp[0]).toBe('proposal 0x100000065');
  expect(catchUp[1]).toBe('commit 0x100000065');
  expect(catchUp.length).toBeGreaterThanOrEqual(20);
});

test.each(SEEDS)('700 missed writes, log on disk allowed: DIFF (seed %i)', (seed) => {
  const run = told('recovery/diff-from-log.yaml', seed);
  expect(lastMode(run, 1)).toBe('diff');
  const sent = sentFrom(run, 3, 1, 18_000_000);
  expect(sent.slice(0, sent.indexOf('new-leader epoch=1')).length).toBeGreaterThan(1000);
});

test.each(SEEDS)(
  'missed writes beyond the memory of the leader, log on disk not allowed: SNAP (seed %i)',
  (seed) => {
    const syncs = syncsOf(told('recovery/snap.yaml', seed), 1);
    expect(syncs.at(-2)?.split(' ')[0]).toBe('snap');
    // The reset connection, later: nothing is missing.
    expect(syncs.at(-1)?.split(' ')[0]).toBe('diff');
  },
);

test.each(SEEDS)(
  'an uncommitted tail, nothing new in the epoch: TRUNC to what all have (seed %i)',
  (seed) => {
    expect(syncsOf(told('recovery/trunc.yaml', seed), 2)).toEqual(['trunc 0x100000002']);
  },
);

test.each(SEEDS)('an uncommitted tail behind a write of the new epoch: SNAP (seed %i)', (seed) => {
  expect(syncsOf(told('recovery/tail-of-old-epoch-snap.yaml', seed), 2)).toEqual(['snap 0x200000005']);
});

test.each(SEEDS)(
  'an uncommitted tail while a write is under way: TRUNC and that proposal (seed %i)',
  (seed) => {
    const run = told('recovery/trunc-then-proposals.yaml', seed);
    expect(syncsOf(run, 2)).toEqual(['trunc 0x100000002']);
    const sent = sentFrom(run, 3, 2).filter((message) => !/^(?:hello|notification)/.test(message));
    expect(sent.slice(0, 5)).toEqual([
      'leader-info epoch=2',
      'trunc 0x100000002',
      'proposal 0x200000001',
      'new-leader epoch=2',
      'up-to-date',
    ]);
  },
);

test.each(SEEDS)('an empty disk: SNAP (seed %i)', (seed) => {
  expect(lastMode(told('recovery/wiped-server.yaml', seed), 3)).toBe('snap');
  expect(lastMode(told('recovery/empty-new-server.yaml', seed), 3)).toBe('snap');
});

test.each(SEEDS)('a later epoch: DIFF across the border of the epochs (seed %i)', (seed) => {
  const run = told('election/later-epoch-wins.yaml', seed);
  expect(syncsOf(run, 3)).toEqual(['diff 0x200000004']);
  const sent = sentFrom(run, 1, 3);
  expect(sent).toContain('proposal 0x200000001');
  expect(sent).not.toContain('proposal 0x100000021');
});

test.each(SEEDS)('a tail of a minority, in flight when its leader died: gone or kept (seed %i)', (seed) => {
  const away = told('in-flight/seen-by-one-that-is-away.yaml', seed);
  expect([lastMode(away, 1), lastMode(away, 5)]).toEqual(['snap', 'snap']);
  const elected = told('in-flight/seen-by-one.yaml', seed);
  expect([lastMode(elected, 2), lastMode(elected, 3)]).toEqual(['diff', 'diff']);
  // All of the client's operations are in the history: the one in flight, too, though nobody was told.
  const majority = told('in-flight/seen-by-majority.yaml', seed);
  expect(majority.outcome.clients.unknown).toBe(1);
  expect(majority.outcome.servers.map((server) => server.lastZxid)).toEqual(
    Array(3).fill('0x20000004a'), // 26 of epoch 1, 74 of epoch 2
  );
});

test.each(SEEDS)(
  'split brain: two leaders at once, and the old one commits nothing in that time (seed %i)',
  (seed) => {
    const { events, outcome } = told('split-brain.yaml', seed);
    const [old, next] = outcome.leaders;
    expect([old?.server, old?.epoch, next?.server, next?.epoch]).toEqual([5, 1, 4, 2]);
    const cutAtUs = 5_000_000;
    const late = events.filter(
      ({ told: event, atUs }) =>
        event.kind === 'txn-committed' && event.server === 5 && atUs > cutAtUs + 5_000,
    );
    expect(late).toEqual([]);
    expect(old?.endedAtUs).toBeGreaterThan(cutAtUs + 9_000_000);
  },
);

/** What the leader does with a learner that asks to be brought up to date, in order. */
function receptions({ events }: Told, learner: number, sinceUs: number): readonly string[] {
  return events
    .filter(({ atUs }) => atUs >= sinceUs)
    .flatMap(({ told: event }) =>
      (event.kind === 'sync-chosen' || event.kind === 'sync-refused') && event.learner === learner
        ? [event.kind]
        : [],
    );
}

test.each(SEEDS)('one snapshot at a time: observers wait, voters do not (seed %i)', (seed) => {
  const run = told('observers/snapshots-one-at-a-time.yaml', seed);
  expect(receptions(run, 1, 10_000_000)).toEqual(['sync-chosen']);
  const [first, second] = [4, 5].map((sid) => receptions(run, sid, 10_000_000));
  for (const seen of [first, second]) expect(seen?.at(-1)).toBe('sync-chosen');
  expect([...(first ?? []), ...(second ?? [])]).toContain('sync-refused');
  // Who is refused is told nothing: its connection just ends (LearnerHandler.run, SyncThrottleException).
  const refused = run.events.find(({ told: event }) => event.kind === 'sync-refused');
  const sid = refused?.told.kind === 'sync-refused' ? refused.told.learner : 0;
  const after = sentFrom(run, 3, sid, refused?.atUs).filter((sent) => !sent.startsWith('notification'));
  expect(after[0]).toMatch(/^leader-info/);
});

test.each(SEEDS)('what is begun counts until NEWLEADER is acked, a DIFF as well (seed %i)', (seed) => {
  const run = tell(
    `
title: Two observers at once, one DIFF at a time
duration: 20s
ensemble:
  { voters: 3, observers: 2, tickTime: 200ms, maxConcurrentDiffSyncs: 1, start: { 4: 6s, 5: 6s } }
initial:
${[1, 2, 3, 4, 5].map((sid) => `  ${sid}: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:6] }`).join('\n')}
disk: { sync: 100ms..200ms }`,
    seed,
  );
  const [first, second] = [4, 5].map((sid) => receptions(run, sid, 0));
  expect(first?.at(-1)).toBe('sync-chosen');
  expect(second?.at(-1)).toBe('sync-chosen');
  const all = [...(first ?? []), ...(second ?? [])];
  expect(all.filter((kind) => kind === 'sync-chosen')).toHaveLength(2);
  expect(all).toContain('sync-refused');
  expect(run.outcome.verdict).toBe('passed');
});
