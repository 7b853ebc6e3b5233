import { expect, test } from 'vitest';
import { digestOf, Story, stateOf, z } from './story.ts';

/**
 * For each safety invariant the shortest story that breaks it. Others may break with it; the named one must.
 */

function breaks(invariant: string, story: Story): void {
  expect(story.broken()).toContain(invariant);
}

/** After a write in epoch 1 all leave the leader. */
function afterTerm(): Story {
  const story = Story.running().write(3, [1, 2], z(1, 1));
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  return story;
}

test('one-leader-per-epoch: two servers take one epoch', () => {
  const story = afterTerm().discover(2, 2, [1], z(1, 1), 1);
  breaks('one-leader-per-epoch', story.discover(2, 3, [1], z(1, 1), 1));
});

test('one-leader-per-epoch: a counter runs over into the next epoch', () => {
  breaks('one-leader-per-epoch', Story.running().propose(3, z(2, 0)));
});

test('majority-commit: a commit on the strength of acks before the fsync', () => {
  const story = Story.running().propose(3, z(1, 1)).append(3, z(1, 1)).append(2, z(1, 1)).sync(2);
  breaks('majority-commit', story.commit(3, z(1, 1)));
});

test('majority-commit: an initial history that only the leader has', () => {
  const story = new Story(3).found(3, 0, 0, z(0, 1)).found(2, 0, 0).found(1, 0, 0);
  for (const sid of [1, 2]) story.start(sid);
  story.start(3, z(0, 1)).discover(1, 3, [2], z(0, 1), 0).join(1, 3, 3).join(1, 3, 2);
  breaks('majority-commit', story.tell({ kind: 'leader-established', server: 3, epoch: 1 }));
});

test('no-lost-commit: a leader without a committed transaction', () => {
  const story = Story.running().write(3, [2], z(1, 1)).crash(3);
  breaks('no-lost-commit', story.discover(2, 1, [2], 0, 1));
});

test('no-lost-commit: a committed transaction is cut and its leader does not have it', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).write(3, [2], z(1, 2)).crash(3).crash(1);
  story.tell({ kind: 'leader-left', server: 2, leader: 3, because: 'closed' });
  story.cut(2, 1).tell({ kind: 'log-truncated', server: 2, zxid: z(1, 1) });
  breaks('no-lost-commit', story);
});

test('no-lost-commit: disks are wiped until a quorum lacks it', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1));
  for (const sid of [1, 2]) story.crash(sid).tell({ kind: 'wiped', server: sid });
  breaks('no-lost-commit', story);
});

test('integrity: a delivery of another content', () => {
  const story = Story.running().propose(3, z(1, 1));
  for (const sid of [1, 2, 3]) story.log(sid, z(1, 1));
  story.commit(3, z(1, 1));
  breaks('integrity', story.tell({ kind: 'txn-applied', server: 1, zxid: z(1, 1), digest: 1, state: 1 }));
});

test('integrity: a delivery before anyone committed', () => {
  breaks('integrity', Story.running().propose(3, z(1, 1)).log(1, z(1, 1)).apply(1, z(1, 1)));
});

test('agreement: an old leader commits beside the committed sequence', () => {
  const story = Story.running().propose(3, z(1, 1)).log(3, z(1, 1));
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  story.lead(2, 2, [1], 0, 1).write(2, [1], z(2, 1));
  breaks('agreement', story.commit(3, z(1, 1)));
});

test('agreement: a server begins to serve with a tail that nobody committed', () => {
  const story = afterTerm().discover(2, 2, [1, 3], z(1, 1), 1);
  story.propose(3, z(1, 2)).log(3, z(1, 2)).recovered(3, z(1, 2));
  for (const sid of [1, 2, 3]) story.join(2, 2, sid);
  story.tell({ kind: 'leader-established', server: 2, epoch: 2 });
  breaks('agreement', story.upToDate(2, 2, 3, z(1, 2)));
});

test('total-order: a transaction is delivered twice', () => {
  breaks('total-order', Story.running().write(3, [1, 2], z(1, 1)).apply(1, z(1, 1)));
});

test('local-primary-order: one is left out', () => {
  const story = Story.running();
  for (const counter of [1, 2, 3]) story.write(3, [2], z(1, counter));
  breaks('local-primary-order', story.apply(1, z(1, 1)).apply(1, z(1, 3)));
});

test('local-primary-order: a DIFF that begins one late', () => {
  const story = Story.running().crash(1);
  for (const counter of [1, 2]) story.write(3, [2], z(1, counter));
  story.start(1).promise(1, 3, 1, 0, 1);
  breaks('local-primary-order', story.log(1, z(1, 2)).apply(1, z(1, 2)));
});

test('global-primary-order: an older epoch after a newer', () => {
  const story = afterTerm().lead(2, 3, [1, 2], z(1, 1), 1).write(3, [1, 2], z(2, 1));
  breaks('global-primary-order', story.apply(1, z(1, 1)));
});

test('primary-integrity: an old transaction is delivered that the new primary lacked', () => {
  const story = Story.running().crash(1).write(3, [2], z(1, 1)).crash(3).crash(2);
  story.start(1).start(3, z(1, 1)).discover(2, 1, [3], 0, 1).propose(1, z(2, 1));
  story.start(2).tell({ kind: 'follower-synced', server: 2, leader: 3, epoch: 1, zxid: 0 });
  breaks('primary-integrity', story.apply(2, z(1, 1)));
});

test('primary-integrity: a primary broadcasts before it delivered its initial history', () => {
  const story = new Story(3);
  for (const sid of [1, 2, 3]) story.found(sid, 0, 0, z(0, 1)).start(sid, sid === 3 ? 0 : z(0, 1));
  breaks('primary-integrity', story.lead(1, 3, [1, 2], z(0, 1), 0).propose(3, z(1, 1)));
});

test('initial-history: an epoch does not begin with an older one', () => {
  const story = Story.running().crash(1).write(3, [2], z(1, 1));
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  story.lead(2, 3, [2], z(1, 1), 1).crash(3).start(1);
  breaks('initial-history', story.discover(3, 1, [2], 0, 1));
});

test('commit-consistency: UPTODATE is processed before the initial history is applied', () => {
  const story = afterTerm().crash(1).start(1);
  story.cut(1, 0).recovered(1, 0).discover(2, 2, [1], z(1, 1), 1).log(1, z(1, 1));
  story.join(2, 2, 2).join(2, 2, 1).tell({ kind: 'leader-established', server: 2, epoch: 2 });
  breaks('commit-consistency', story.upToDate(2, 2, 1, z(1, 1)));
});

test('history-consistency: NEWLEADER is acked over a diverging tail', () => {
  const story = afterTerm()
    .propose(3, z(1, 2))
    .log(3, z(1, 2))
    .lead(2, 2, [1], z(1, 1), 1)
    .write(2, [1], z(2, 1));
  breaks('history-consistency', story.promise(2, 2, 3, z(1, 2), 1).join(2, 2, 3));
});

test('history-consistency: a proposal of an abandoned leader is logged', () => {
  const story = Story.running().propose(3, z(1, 1));
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  breaks('history-consistency', story.lead(2, 2, [1], 0, 1).append(1, z(1, 1)));
});

test('history-consistency: a record that nobody broadcast', () => {
  breaks('history-consistency', Story.running().append(1, z(1, 1)));
});

test('no-bad-state, -ack, -proposal, -commit: what the nodes found', () => {
  const story = Story.running();
  story.tell({ kind: 'message-unexpected', server: 1, from: 3, message: 'diff', state: 'broadcast' });
  story.tell({ kind: 'ack-unmatched', server: 3, from: 1, zxid: z(1, 9) });
  story.tell({ kind: 'proposal-gap', server: 1, after: z(1, 1), zxid: z(1, 3) });
  story.tell({ kind: 'commit-unmatched', server: 1, pending: z(1, 1), zxid: z(1, 2) });
  expect(story.broken()).toEqual(['no-bad-ack', 'no-bad-commit', 'no-bad-proposal', 'no-bad-state']);
});

test('no-bad-ack: acks go backwards', () => {
  const story = Story.running().propose(3, z(1, 1)).propose(3, z(1, 2)).log(1, z(1, 1), z(1, 2));
  expect(story.ack(3, 1, z(1, 2)).ack(3, 1, z(1, 1)).broken()).toEqual(['no-bad-ack']);
});

test('no-bad-proposal: a proposal is left out', () => {
  expect(Story.running().propose(3, z(1, 1)).propose(3, z(1, 3)).broken()).toEqual(['no-bad-proposal']);
});

test('no-bad-proposal: TRUNC beyond the end, and below what is committed', () => {
  const beyond = Story.running().write(3, [1, 2], z(1, 1));
  beyond.tell({ kind: 'sync-chosen', server: 3, learner: 1, mode: 'trunc', from: z(1, 1), zxid: z(1, 2) });
  expect(beyond.broken()).toEqual(['no-bad-proposal']);
  const below = Story.running().write(3, [1, 2], z(1, 1)).write(3, [1, 2], z(1, 2));
  below.tell({ kind: 'sync-chosen', server: 3, learner: 1, mode: 'trunc', from: z(1, 2), zxid: z(1, 1) });
  expect(below.broken()).toEqual(['no-bad-proposal']);
});

test('no-bad-commit: a commit overtakes another', () => {
  const story = Story.running().propose(3, z(1, 1)).propose(3, z(1, 2));
  for (const sid of [1, 2, 3]) story.log(sid, z(1, 1), z(1, 2));
  breaks('no-bad-commit', story.commit(3, z(1, 2)));
});

test('decision-backed: a leader that too few voted for', () => {
  const story = new Story(3);
  for (const sid of [1, 2, 3]) story.start(sid).looking(sid, 1, 0, 0);
  expect(story.decided(3, 1, 3, 0, 0).broken()).toEqual(['decision-backed']);
});

test('decision-backed: a settled leader that never led', () => {
  const story = new Story(3);
  for (const sid of [1, 2, 3]) story.start(sid).looking(sid, 1, 0, 0);
  for (const sid of [1, 2]) story.vote(sid, 1, 3, 0, 0);
  story.decided(1, 1, 3, 0, 0).decided(2, 1, 3, 0, 0, true);
  expect(story.broken()).toEqual(['decision-backed']);
});

test('round-never-regresses: a running server goes back', () => {
  expect(new Story(3).start(1).looking(1, 3, 0, 0).looking(1, 2, 0, 0).broken()).toEqual([
    'round-never-regresses',
  ]);
});

test('vote-only-improves: a worse vote in the same round', () => {
  const story = new Story(3).start(1).looking(1, 1, 0, 0).vote(1, 1, 3, 0, 0).vote(1, 1, 2, 0, 0);
  expect(story.broken()).toEqual(['vote-only-improves']);
  expect(new Story(3).start(1).looking(1, 1, 0, 0).vote(1, 1, 3, 0, 0).vote(1, 2, 2, 0, 0).broken()).toEqual(
    [],
  );
});

test('self-lead: a server leads that votes for another', () => {
  const story = new Story(3);
  for (const sid of [1, 2, 3]) story.start(sid).looking(sid, 1, 0, 0);
  for (const sid of [1, 3]) story.vote(sid, 1, 2, 0, 0);
  story.vote(2, 1, 3, 0, 0);
  expect(story.decided(2, 1, 2, 0, 0).broken()).toContain('self-lead');
});

test('non-voter-never-counts: observers make up the quorum of an epoch', () => {
  const story = new Story(3, 2);
  for (const sid of [3, 4, 5]) story.found(sid, 0, 0).start(sid);
  expect(story.discover(1, 3, [4, 5], 0, 0).broken()).toEqual(['non-voter-never-counts']);
});

test('non-voter-never-counts: an observer is elected', () => {
  const story = new Story(3, 1);
  for (const sid of [1, 2, 4]) story.start(sid).looking(sid, 1, 0, 0);
  for (const sid of [1, 2]) story.vote(sid, 1, 4, 0, 0);
  expect(story.decided(1, 1, 4, 0, 0).broken()).toEqual(['non-voter-never-counts']);
});

test('epoch-never-reused: a restarted leader offers the same epoch', () => {
  const story = new Story(3).found(3, 0, 0).start(3).epochFile(3, 'acceptedEpoch', 1);
  story.tell({ kind: 'epoch-offered', server: 3, epoch: 1 }).crash(3).start(3);
  expect(story.tell({ kind: 'epoch-offered', server: 3, epoch: 1 }).broken()).toEqual(['epoch-never-reused']);
});

test('epoch-never-reused: a voter promises one epoch twice', () => {
  const story = new Story(5);
  for (const sid of story.voters) story.found(sid, 0, 0).start(sid);
  expect(story.promise(1, 5, 1, 0, 0).promise(1, 4, 1, 0, 0).broken()).toEqual(['epoch-never-reused']);
});

test('vote-truthful: a vote ahead of the disk, behind it, and of another epoch', () => {
  expect(afterTerm().propose(3, z(1, 2)).looking(1, 2, z(1, 2), 1).broken()).toEqual(['vote-truthful']);
  expect(afterTerm().looking(1, 2, 0, 1).broken()).toEqual(['vote-truthful']);
  expect(afterTerm().looking(1, 2, z(1, 1), 2).broken()).toEqual(['vote-truthful']);
  expect(afterTerm().looking(1, 2, z(1, 1), 1).broken()).toEqual([]);
});

test('epochs-never-regress: a promise is taken back, or is below the epoch led under', () => {
  expect(Story.running().epochFile(1, 'acceptedEpoch', 0).broken()).toContain('epochs-never-regress');
  expect(Story.running().epochFile(1, 'currentEpoch', 2).broken()).toContain('epochs-never-regress');
  const wiped = Story.running().crash(1).tell({ kind: 'wiped', server: 1 });
  expect(wiped.epochFile(1, 'currentEpoch', 0).epochFile(1, 'acceptedEpoch', 0).broken()).toEqual([]);
});

test('restartable: a start ends itself', () => {
  const story = Story.running().crash(1, 'crash').crash(1, 'exit', 'recovery: epoch of the log is ahead');
  expect(story.broken()).toEqual(['restartable']);
  expect(Story.running().crash(1, 'exit', 'truncation failed').broken()).toEqual([]);
  const damage = { file: 'snapshot.0', index: 0, how: 'torn', position: 0 } as const;
  const damaged = Story.running()
    .crash(1, 'crash')
    .tell({ kind: 'corrupted', server: 1, ...damage });
  expect(damaged.crash(1, 'exit', 'recovery: no snapshot found').broken()).toEqual([]);
});

test('claims-are-durable: ACKEPOCH claims what is only in memory', () => {
  const story = afterTerm().propose(3, z(1, 2)).append(1, z(1, 2)).promise(2, 3, 1, z(1, 2), 1);
  expect(story.broken()).toEqual(['claims-are-durable']);
});

test('acks-are-durable: an ack before the fsync', () => {
  const story = Story.running().propose(3, z(1, 1)).append(1, z(1, 1)).ack(3, 1, z(1, 1));
  expect(story.broken()).toEqual(['acks-are-durable']);
});

test('acks-are-durable: NEWLEADER is acked before what was synced is durable', () => {
  const story = Story.running().crash(1).write(3, [2], z(1, 1)).start(1).promise(1, 3, 1, 0, 1);
  story.tell({ kind: 'sync-chosen', server: 3, learner: 1, mode: 'diff', from: 0, zxid: z(1, 1) });
  expect(story.append(1, z(1, 1)).apply(1, z(1, 1)).join(1, 3, 1).broken()).toEqual(['acks-are-durable']);
});

test('log-contiguous: a hole, and a record twice', () => {
  const hole = Story.running();
  for (const counter of [1, 2]) hole.propose(3, z(1, counter));
  expect(hole.append(1, z(1, 2)).broken()).toEqual(['log-contiguous']);
  const twice = Story.running().propose(3, z(1, 1)).append(1, z(1, 1)).append(1, z(1, 1));
  expect(twice.broken()).toEqual(['log-contiguous']);
});

test('replay-equals-claim: another state, and another end', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).crash(1);
  story.tell({ kind: 'restarted', server: 1, incarnation: 2 });
  story.tell({ kind: 'recovered', server: 1, snapshot: 0, zxid: z(1, 1), records: 1, state: 4711 });
  expect(story.broken()).toEqual(['replay-equals-claim']);
  expect(afterTerm().crash(1).start(1, 0).broken()).toEqual(['replay-equals-claim']);
});

test('no-resurrection: a newer snapshot brings back what TRUNC cut', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(3, z(1, 2)).crash(3);
  story.start(3, z(1, 2)).snapshot(3, z(1, 2));
  story
    .cut(3, 1)
    .tell({ kind: 'log-truncated', server: 3, zxid: z(1, 1) })
    .recovered(3, z(1, 2), z(1, 2));
  breaks('no-resurrection', story);
});

test('new-leader-ack-durable: NEWLEADER is acked before currentEpoch is durable', () => {
  const story = afterTerm().discover(2, 2, [1], z(1, 1), 1);
  story.tell({ kind: 'replaced', server: 1, file: 'currentEpoch', record: 'epoch', position: 2, digest: 2 });
  story.tell({ kind: 'new-leader-acked', server: 1, leader: 2, epoch: 2 });
  expect(story.broken()).toEqual(['new-leader-ack-durable']);
});

test('epoch-held-by-quorum: a leader begins, and its epoch is on its own disk alone', () => {
  const story = afterTerm().discover(2, 2, [1, 3], z(1, 1), 1).join(2, 2, 2);
  story.tell({ kind: 'replaced', server: 1, file: 'currentEpoch', record: 'epoch', position: 2, digest: 2 });
  story.tell({ kind: 'new-leader-acked', server: 1, leader: 2, epoch: 2 });
  story.tell({ kind: 'leader-established', server: 2, epoch: 2 });
  expect(story.broken()).toEqual(['epoch-held-by-quorum', 'new-leader-ack-durable']);
});

test('an epoch that is durable by when its leader begins is held, also if a disk is wiped afterwards', () => {
  const late = afterTerm().discover(2, 2, [1, 3], z(1, 1), 1).join(2, 2, 2);
  late.tell({ kind: 'replaced', server: 1, file: 'currentEpoch', record: 'epoch', position: 2, digest: 2 });
  late.tell({ kind: 'new-leader-acked', server: 1, leader: 2, epoch: 2 });
  late.tell({ kind: 'synced', server: 1, file: 'currentEpoch', count: 1 });
  late.tell({ kind: 'leader-established', server: 2, epoch: 2 });
  expect(late.broken()).not.toContain('epoch-held-by-quorum');
  const wiped = afterTerm().discover(2, 2, [1, 3], z(1, 1), 1).join(2, 2, 2).join(2, 2, 1);
  wiped.tell({ kind: 'crashed', server: 1, how: 'crash', reason: '' }, { kind: 'wiped', server: 1 });
  wiped.tell({ kind: 'leader-established', server: 2, epoch: 2 });
  expect(wiped.broken()).not.toContain('epoch-held-by-quorum');
});

test('epoch-ack-durable and leader-info-durable: a promise that is only in memory', () => {
  const ack = {
    kind: 'epoch-acked',
    server: 1,
    leader: 2,
    epoch: 2,
    currentEpoch: 1,
    lastZxid: z(1, 1),
  } as const;
  expect(afterTerm().tell(ack).broken()).toEqual(['epoch-ack-durable']);
  const offer = { kind: 'epoch-offered', server: 2, epoch: 2 } as const;
  expect(afterTerm().tell(offer).broken()).toEqual(['leader-info-durable']);
});

test('up-to-date-backed: UPTODATE before a quorum acked NEWLEADER', () => {
  const story = afterTerm().discover(2, 2, [1, 3], z(1, 1), 1).join(2, 2, 2);
  expect(story.tell({ kind: 'up-to-date-sent', server: 2, learner: 1, epoch: 2 }).broken()).toEqual([
    'up-to-date-backed',
  ]);
});

test('history-before-epoch: currentEpoch is durable before the initial history', () => {
  const story = Story.running().crash(1).write(3, [2], z(1, 1)).crash(3).start(1);
  story.tell({ kind: 'leader-left', server: 2, leader: 3, because: 'closed' });
  story.epochFile(2, 'acceptedEpoch', 2).tell({ kind: 'epoch-offered', server: 2, epoch: 2 });
  story.promise(2, 2, 1, 0, 1).tell({ kind: 'leader-synchronizing', server: 2, epoch: 2, zxid: z(1, 1) });
  expect(story.epochFile(1, 'currentEpoch', 2).broken()).toEqual(['history-before-epoch']);
});

test('digests-agree: two states after one transaction', () => {
  const story = Story.running().propose(3, z(1, 1));
  for (const sid of [1, 2, 3]) story.log(sid, z(1, 1));
  story
    .commit(3, z(1, 1))
    .apply(3, z(1, 1))
    .apply(1, z(1, 1), stateOf(z(1, 1)) + 1);
  expect(story.broken()).toEqual(['digests-agree']);
});

test('a violation carries the place, the servers and a rule without numbers, and is kept once', () => {
  const story = Story.running().propose(3, z(1, 1)).append(1, z(1, 1)).ack(3, 1, z(1, 1)).propose(3, z(1, 2));
  story.append(1, z(1, 2), digestOf(z(1, 2))).ack(3, 1, z(1, 2));
  expect(story.panel.counted).toMatchObject([
    {
      violation: {
        invariant: 'acks-are-durable',
        tier: 3,
        servers: [1],
        rule: 'a transaction was acked that is not durable',
        message: '1: 0x100000001',
      },
      again: 1,
    },
  ]);
  expect(story.panel.violations[0]?.event).toBeGreaterThan(0);
});

test('a panel judges a subset, with the ledger that it needs', () => {
  const story = new Story(3, 0, ['vote-truthful']);
  expect(story.panel.invariants).toEqual(['vote-truthful']);
  expect(story.panel.wants('txn-acked')).toBe(false);
  story.found(1, 0, 0, z(0, 1)).start(1, z(0, 1)).looking(1, 1, 0, 0).looking(1, 1, 0, 0);
  expect(story.broken()).toEqual(['vote-truthful']);
});
