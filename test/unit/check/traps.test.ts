import { expect, test } from 'vitest';
import { Story, stateOf, z } from './story.ts';

/** Legal stories that look wrong: each cost somebody a day. All monitors watch, and none may speak. */

test('a plain run with three writes is silent', () => {
  const story = Story.running();
  for (const counter of [1, 2, 3]) story.write(3, [1, 2], z(1, counter));
  expect(story.finish()).toEqual([]);
});

test('an old leader that is cut off goes on as leader while a new one is established', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1));
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  story.elect(2, 2, [1], z(1, 1), 1).lead(2, 2, [1], z(1, 1), 1).write(2, [1], z(2, 1));
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  expect(story.finish()).toEqual([]);
});

test('two leaders may offer one epoch when only one of them takes it', () => {
  const story = new Story(5);
  for (const sid of story.voters) story.found(sid, 0, 0).start(sid);
  story.epochFile(5, 'acceptedEpoch', 1).tell({ kind: 'epoch-offered', server: 5, epoch: 1 });
  story.promise(1, 5, 4, 0, 0);
  story.tell({ kind: 'leader-resigned', server: 5, epoch: -1, because: 'timeout' });
  story.lead(1, 3, [1, 2], 0, 0);
  expect(story.finish()).toEqual([]);
});

test('what a dead leader logged alone is committed by the next leader that has it', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1));
  story.propose(3, z(1, 2)).log(2, z(1, 2)).ack(3, 2, z(1, 2)).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.tell({ kind: 'fast-forwarded', server: 2, zxid: z(1, 2), state: stateOf(z(1, 2)) });
  story.looking(2, 2, z(1, 2), 1).looking(1, 2, z(1, 1), 1).vote(1, 2, 2, z(1, 2), 1);
  story.decided(2, 2, 2, z(1, 2), 1).decided(1, 2, 2, z(1, 2), 1);
  story.epochFile(2, 'acceptedEpoch', 2).tell({ kind: 'epoch-offered', server: 2, epoch: 2 });
  story
    .promise(2, 2, 1, z(1, 1), 1)
    .tell({ kind: 'leader-synchronizing', server: 2, epoch: 2, zxid: z(1, 2) });
  story.tell({ kind: 'sync-chosen', server: 2, learner: 1, mode: 'diff', from: z(1, 1), zxid: z(1, 2) });
  story.log(1, z(1, 2)).apply(1, z(1, 2)).join(2, 2, 1).join(2, 2, 2);
  story.tell({ kind: 'leader-established', server: 2, epoch: 2 }).upToDate(2, 2, 1, z(1, 2));
  expect(story.write(2, [1], z(2, 1)).finish()).toEqual([]);
});

test('TRUNC of what a minority logged and acked is legal', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1));
  story.propose(3, z(1, 2)).log(3, z(1, 2)).ack(3, 3, z(1, 2)).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.elect(2, 2, [1], z(1, 1), 1).lead(2, 2, [1], z(1, 1), 1).write(2, [1], z(2, 1));
  story.start(3, z(1, 2)).looking(3, 1, z(1, 2), 1).decided(3, 2, 2, z(1, 1), 1, true);
  story.promise(2, 2, 3, z(1, 2), 1);
  story.tell({ kind: 'sync-chosen', server: 2, learner: 3, mode: 'trunc', from: z(1, 2), zxid: z(1, 1) });
  story
    .cut(3, 1)
    .tell({ kind: 'log-truncated', server: 3, zxid: z(1, 1) })
    .recovered(3, z(1, 1));
  story.log(3, z(2, 1)).apply(3, z(2, 1)).join(2, 2, 3).upToDate(2, 2, 3, z(2, 1));
  expect(story.write(2, [1, 3], z(2, 2)).finish()).toEqual([]);
});

test('acked by a quorum and nowhere delivered: the last ack may come after its sender left', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2));
  story.log(3, z(1, 2)).ack(3, 3, z(1, 2)).log(2, z(1, 2)).ack(3, 2, z(1, 2));
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  story.tell({ kind: 'fast-forwarded', server: 2, zxid: z(1, 2), state: stateOf(z(1, 2)) });
  story.epochFile(2, 'acceptedEpoch', 2).tell({ kind: 'epoch-offered', server: 2, epoch: 2 });
  story
    .promise(2, 2, 1, z(1, 1), 1)
    .tell({ kind: 'leader-synchronizing', server: 2, epoch: 2, zxid: z(1, 2) });
  expect(story.commit(3, z(1, 2)).apply(3, z(1, 2)).finish()).toEqual([]);
});

test('a candidate that fell before a quorum acked NEWLEADER leaves nothing to keep', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2));
  story.log(3, z(1, 2)).tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.tell({ kind: 'fast-forwarded', server: 3, zxid: z(1, 2), state: stateOf(z(1, 2)) });
  story.epochFile(3, 'acceptedEpoch', 2).tell({ kind: 'epoch-offered', server: 3, epoch: 2 });
  story
    .promise(2, 3, 1, z(1, 1), 1)
    .tell({ kind: 'leader-synchronizing', server: 3, epoch: 2, zxid: z(1, 2) });
  story.crash(3).tell({ kind: 'leader-left', server: 1, leader: 3, because: 'closed' });
  expect(story.lead(3, 2, [1], z(1, 1), 1).write(2, [1], z(3, 1)).finish()).toEqual([]);
});

test('a restart puts an uncommitted tail into memory, and its state is not compared', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).append(3, z(1, 2)).crash(3);
  story.start(3, z(1, 2)).looking(3, 1, z(1, 2), 1);
  expect(story.finish()).toEqual([]);
});

test('a fuzzy snapshot equals no state until the replay is past its overlap', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2));
  for (const sid of [1, 3]) story.log(sid, z(1, 2)).ack(3, sid, z(1, 2));
  // 2 applies the second write before it is logged, and a snapshot that began before it takes the change in.
  story
    .commit(3, z(1, 2))
    .apply(3, z(1, 2))
    .apply(1, z(1, 2))
    .apply(2, z(1, 2))
    .snapshot(2, z(1, 1))
    .crash(2);
  story.tell({ kind: 'restarted', server: 2, incarnation: 2 });
  story.tell({ kind: 'recovered', server: 2, snapshot: z(1, 1), zxid: z(1, 1), records: 0, state: 4711 });
  expect(story.finish()).toEqual([]);
});

test('observers deliver without acks, and log after UPTODATE', () => {
  const story = Story.running(3, 1).write(3, [1, 2], z(1, 1));
  story.promise(1, 3, 4, 0, 0);
  story.tell({ kind: 'sync-chosen', server: 3, learner: 4, mode: 'diff', from: 0, zxid: z(1, 1) });
  story.join(1, 3, 4).upToDate(1, 3, 4, 0).apply(4, z(1, 1)).log(4, z(1, 1));
  story.write(3, [1, 2], z(1, 2)).apply(4, z(1, 2)).log(4, z(1, 2));
  expect(story.finish()).toEqual([]);
});

test('a leader commits what two followers made durable, before its own disk does', () => {
  const story = Story.running().propose(3, z(1, 1)).append(3, z(1, 1));
  for (const sid of [1, 2]) story.log(sid, z(1, 1)).ack(3, sid, z(1, 1));
  story.commit(3, z(1, 1)).apply(3, z(1, 1)).sync(3).ack(3, 3, z(1, 1));
  expect(story.finish()).toEqual([]);
});

test('the leader votes and claims ⟨e, 0⟩, which is no transaction', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1));
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.lead(2, 3, [1, 2], z(1, 1), 1);
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 2, because: 'no quorum' });
  story.looking(3, 2, z(2, 0), 2);
  story.epochFile(3, 'acceptedEpoch', 3).tell({ kind: 'epoch-offered', server: 3, epoch: 3 });
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story
    .promise(3, 3, 2, z(1, 1), 2)
    .tell({ kind: 'leader-synchronizing', server: 3, epoch: 3, zxid: z(2, 0) });
  expect(story.finish()).toEqual([]);
});

test('a vote of an earlier process backs a decision', () => {
  const story = new Story(3);
  for (const sid of story.voters) story.found(sid, 0, 0).start(sid).looking(sid, 1, 0, 0);
  story.vote(1, 1, 3, 0, 0).crash(1).start(1).looking(1, 1, 0, 0).decided(3, 1, 3, 0, 0);
  expect(story.finish()).toEqual([]);
});

test('a server that joins an established ensemble takes its lower round', () => {
  const story = Story.running().crash(1).start(1);
  for (const round of [1, 2, 3, 4, 5]) story.looking(1, round, 0, 1);
  expect(story.decided(1, 1, 3, 0, 0, true).looking(1, 2, 0, 1).finish()).toEqual([]);
});

test('a tail that SNAP removed may come back from a leader', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(3, z(1, 2)).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.lead(2, 2, [1], z(1, 1), 1).write(2, [1], z(2, 1)).start(3, z(1, 2)).promise(2, 2, 3, z(1, 2), 1);
  story.tell({ kind: 'sync-chosen', server: 2, learner: 3, mode: 'snap', from: z(1, 2), zxid: z(2, 1) });
  story.tell({ kind: 'snapshot-installed', server: 3, leader: 2, zxid: z(2, 1) }).snapshot(3, z(2, 1));
  story.tell({ kind: 'removed', server: 3, file: story.file(3) }).roll(3);
  story.join(2, 2, 3).upToDate(2, 2, 3, z(2, 1)).write(2, [1, 3], z(2, 2)).crash(3);
  story.start(3, z(2, 2), z(2, 1));
  expect(story.finish()).toEqual([]);
});

test('proposals that follow a snapshot which holds them may be applied again', () => {
  const story = Story.running().write(3, [2], z(1, 1)).write(3, [2], z(1, 2));
  story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'timeout' }).promise(1, 3, 1, 0, 1);
  story.tell({ kind: 'snapshot-installed', server: 1, leader: 3, zxid: z(1, 2) });
  story.apply(1, z(1, 2)).snapshot(1, z(1, 2)).join(1, 3, 1).upToDate(1, 3, 1, z(1, 2));
  expect(story.write(3, [1, 2], z(1, 3)).finish()).toEqual([]);
});

test('what a snapshot lacked may come back behind it, and is saved in it', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(1, z(1, 2));
  story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'reset' });
  story.log(2, z(1, 2)).ack(3, 2, z(1, 2)).log(3, z(1, 2)).promise(1, 3, 1, z(1, 2), 1);
  story.tell({ kind: 'snapshot-installed', server: 1, leader: 3, zxid: z(1, 1) });
  story.commit(3, z(1, 2));
  for (const sid of [3, 2, 1]) story.apply(sid, z(1, 2));
  story.snapshot(1, z(1, 2));
  story.tell({ kind: 'removed', server: 1, file: story.file(1) }).roll(1);
  story.join(1, 3, 1).upToDate(1, 3, 1, z(1, 2)).write(3, [1, 2], z(1, 3));
  story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'timeout' });
  story.tell({ kind: 'fast-forwarded', server: 1, zxid: z(1, 3), state: stateOf(z(1, 3)) });
  expect(story.finish()).toEqual([]);
});

test('a power cut that undoes an unsynced TRUNC brings the tail back legally', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(3, z(1, 2)).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.lead(2, 2, [1], z(1, 1), 1).start(3, z(1, 2)).promise(2, 2, 3, z(1, 2), 1);
  story.tell({ kind: 'sync-chosen', server: 2, learner: 3, mode: 'trunc', from: z(1, 2), zxid: z(1, 1) });
  story
    .cut(3, 1, false)
    .tell({ kind: 'log-truncated', server: 3, zxid: z(1, 1) })
    .recovered(3, z(1, 1));
  story.tell({ kind: 'lost', server: 3, file: story.file(3), count: 2, position: z(1, 2), torn: false });
  expect(story.crash(3, 'power-cut').start(3, z(1, 2)).finish()).toEqual([]);
});

test('logs that a snapshot covers may be purged', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).write(3, [1, 2], z(1, 2));
  for (const sid of story.voters) {
    const old = story.snapshot(sid, z(1, 2)).file(sid);
    story.roll(sid).tell({ kind: 'removed', server: sid, file: old });
  }
  story.write(3, [1, 2], z(1, 3)).crash(1).start(1, z(1, 3), z(1, 2));
  expect(story.finish()).toEqual([]);
});

test('a power cut takes what was not synced, and no more', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).append(1, z(1, 2));
  story.tell({ kind: 'lost', server: 1, file: story.file(1), count: 1, position: z(1, 1), torn: true });
  expect(story.crash(1, 'power-cut').start(1, z(1, 1)).finish()).toEqual([]);
});

test('a follower answers with the epoch that it serves in, and so backs a vote of the same round', () => {
  const story = Story.running().crash(3).start(3).looking(3, 1, 0, 1);
  expect(story.decided(3, 1, 3, 0, 1).finish()).toEqual([]);
});

test('an observer is answered with the last decision, under the round of now, and may be misled', () => {
  const story = Story.running(3, 1).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  for (const sid of [1, 2, 4]) story.looking(sid, 2, 0, sid === 4 ? -1 : 1);
  expect(story.vote(4, 2, 3, 0, 1).decided(4, 2, 3, 0, 1).finish()).toEqual([]);
});

test('an observer is answered with itself by one that has never decided, and may be misled', () => {
  const story = new Story(3, 1);
  for (const sid of [1, 2, 3, 4]) story.found(sid, 0, 0).start(sid);
  for (const sid of [1, 2, 3]) story.looking(sid, 1, 0, 0);
  for (const sid of [1, 2]) story.vote(sid, 1, 3, 0, 0);
  story.decided(1, 1, 3, 0, 0).tell({ kind: 'leader-left', server: 1, leader: 3, because: 'too long' });
  story.looking(1, 2, 0, 0).looking(4, 2, 0, -1).vote(4, 2, 3, 0, 0);
  expect(story.decided(4, 2, 3, 0, 0).finish()).toEqual([]);
});

test('a snapshot that fell with its transfer replaced nothing: the own tail is restored', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(3, z(1, 2)).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.lead(2, 2, [1], z(1, 1), 1).start(3, z(1, 2)).promise(2, 2, 3, z(1, 2), 1);
  story.tell({ kind: 'sync-chosen', server: 2, learner: 3, mode: 'snap', from: z(1, 2), zxid: z(2, 0) });
  story.tell({ kind: 'snapshot-installed', server: 3, leader: 2, zxid: z(2, 0) });
  story.tell({ kind: 'leader-left', server: 3, leader: 2, because: 'timeout' });
  expect(story.recovered(3, z(1, 2)).looking(3, 2, z(1, 2), 1).finish()).toEqual([]);
});

test('a snapshot of a leader that has died since holds what that leader had in memory', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(3, z(1, 2));
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  story.tell({ kind: 'fast-forwarded', server: 3, zxid: z(1, 2), state: stateOf(z(1, 2)) });
  for (const sid of [1, 2, 3]) story.looking(sid, 2, sid === 3 ? z(1, 2) : z(1, 1), 1);
  for (const sid of [1, 2]) story.vote(sid, 2, 3, z(1, 2), 1);
  for (const sid of [3, 2, 1]) story.decided(sid, 2, 3, z(1, 2), 1);
  story.epochFile(3, 'acceptedEpoch', 2).tell({ kind: 'epoch-offered', server: 3, epoch: 2 });
  story.promise(2, 3, 2, z(1, 1), 1);
  story.tell({ kind: 'leader-synchronizing', server: 3, epoch: 2, zxid: z(1, 2) });
  story.tell({ kind: 'sync-chosen', server: 3, learner: 2, mode: 'snap', from: z(1, 1), zxid: z(1, 2) });
  story.crash(3).tell({ kind: 'snapshot-installed', server: 2, leader: 3, zxid: z(1, 2) });
  story
    .snapshot(2, z(1, 2))
    .tell({ kind: 'removed', server: 2, file: story.file(2) })
    .roll(2);
  story.join(2, 3, 2).tell({ kind: 'leader-left', server: 2, leader: 3, because: 'closed' });
  // The next leader has nothing but that snapshot: its epoch commits what it stands for.
  story.looking(2, 3, z(1, 2), 2).looking(1, 3, z(1, 1), 1).vote(1, 3, 2, z(1, 2), 2);
  story.decided(2, 3, 2, z(1, 2), 2).decided(1, 3, 2, z(1, 2), 2);
  story.epochFile(2, 'acceptedEpoch', 3).tell({ kind: 'epoch-offered', server: 2, epoch: 3 });
  story.promise(3, 2, 1, z(1, 1), 1);
  story.tell({ kind: 'leader-synchronizing', server: 2, epoch: 3, zxid: z(1, 2) });
  story.tell({ kind: 'sync-chosen', server: 2, learner: 1, mode: 'snap', from: z(1, 1), zxid: z(1, 2) });
  story.tell({ kind: 'snapshot-installed', server: 1, leader: 2, zxid: z(1, 2) }).snapshot(1, z(1, 2));
  story.tell({ kind: 'removed', server: 1, file: story.file(1) }).roll(1);
  story.join(3, 2, 1).join(3, 2, 2).tell({ kind: 'leader-established', server: 2, epoch: 3 });
  story.start(3, z(1, 2)).looking(3, 1, z(1, 2), 1).decided(3, 1, 2, z(1, 2), 2, true);
  story.promise(3, 2, 3, z(1, 2), 1);
  story.tell({ kind: 'sync-chosen', server: 2, learner: 3, mode: 'diff', from: z(1, 2), zxid: z(1, 2) });
  expect(story.join(3, 2, 3).upToDate(3, 2, 3, z(1, 2)).finish()).toEqual([]);
});

test('a snapshot of no transaction, of a leader that has died since, makes no hole in the next log', () => {
  const story = Story.running().roll(3);
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  story.looking(1, 2, z(1, 0), 1).looking(2, 2, 0, 1).vote(2, 2, 1, z(1, 0), 1);
  story.decided(1, 2, 1, z(1, 0), 1).decided(2, 2, 1, z(1, 0), 1).discover(2, 1, [2], 0, 1);
  story.tell({ kind: 'leader-synchronizing', server: 1, epoch: 2, zxid: z(1, 0) });
  story.tell({ kind: 'sync-chosen', server: 1, learner: 2, mode: 'snap', from: 0, zxid: z(1, 0) });
  story.crash(1).tell({ kind: 'snapshot-installed', server: 2, leader: 1, zxid: z(1, 0) });
  story.snapshot(2, z(1, 0)).join(2, 1, 2);
  story.tell({ kind: 'leader-left', server: 2, leader: 1, because: 'closed' });
  story.looking(2, 3, z(1, 0), 2).looking(3, 3, z(1, 0), 1).vote(3, 3, 2, z(1, 0), 2);
  story.decided(2, 3, 2, z(1, 0), 2).decided(3, 3, 2, z(1, 0), 2).lead(3, 2, [3], z(1, 0), 1);
  expect(story.write(2, [3], z(3, 1)).finish()).toEqual([]);
});

test('a start completes an installed snapshot that a crash left beside the old log', () => {
  const story = Story.running().write(3, [1, 2], z(1, 1)).propose(3, z(1, 2)).log(3, z(1, 2)).crash(3);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'closed' });
  story.lead(2, 2, [1], z(1, 1), 1).start(3, z(1, 2)).promise(2, 2, 3, z(1, 2), 1);
  story.tell({ kind: 'snapshot-installed', server: 3, leader: 2, zxid: z(1, 1) });
  const file = `install.${z(1, 1).toString(16)}`;
  story.tell({ kind: 'appended', server: 3, file, record: 'seal', position: z(1, 1), digest: 1 });
  story.tell({ kind: 'synced', server: 3, file, count: 1 }).crash(3);
  expect(story.start(3, z(1, 1), z(1, 1)).looking(3, 1, z(1, 1), 1).finish()).toEqual([]);
});

test('a paused candidate takes its old epoch when a newer one has long committed', () => {
  const story = new Story(3);
  for (const sid of story.voters) story.found(sid, 0, 0).start(sid);
  story
    .epochFile(3, 'acceptedEpoch', 1)
    .tell({ kind: 'epoch-offered', server: 3, epoch: 1 })
    .promise(1, 3, 1, 0, 0);
  story.tell(
    { kind: 'paused', server: 3 },
    { kind: 'leader-left', server: 1, leader: 3, because: 'timeout' },
  );
  story.lead(2, 2, [1], 0, 0).write(2, [1], z(2, 1)).tell({ kind: 'resumed', server: 3 });
  expect(story.tell({ kind: 'leader-synchronizing', server: 3, epoch: 1, zxid: 0 }).finish()).toEqual([]);
});

test('a learner may apply what its leader has under a snapshot that nobody saw being made', () => {
  const story = new Story(3).found(1, 1, 1, z(1, 1), z(1, 2)).found(2, 1, 1);
  const file = `snapshot.${z(1, 2).toString(16)}`;
  for (const record of ['chunk', 'seal']) {
    story.tell({ kind: 'found', server: 2, file, record, position: z(1, 2), digest: 1 });
  }
  story.tell({ kind: 'synced', server: 2, file, count: 2 });
  story.start(1, z(1, 1)).start(2, z(1, 2), z(1, 2));
  story.elect(2, 2, [1], z(1, 2), 1).discover(2, 2, [1], z(1, 2), 1);
  // Its memory stands before the end of its log: not as ZooKeeper's, which replays all of it.
  expect(story.apply(1, z(1, 2)).broken()).not.toContain('local-primary-order');
});

test('a server that does not vote begins a round with a vote for nobody', () => {
  const nobody = { leader: -(2 ** 63), zxid: -(2 ** 63), peerEpoch: -(2 ** 63) };
  const story = new Story(3, 1, ['vote-only-improves']);
  story.tell({ kind: 'looking', server: 4, electionEpoch: 1, ...nobody });
  story.tell({ kind: 'vote-changed', server: 4, electionEpoch: 1, leader: 2, zxid: 0, peerEpoch: 1 });
  story.tell({ kind: 'vote-changed', server: 4, electionEpoch: 2, ...nobody });
  expect(story.broken()).toEqual([]);
});
