import { expect, test } from 'vitest';
import type { LivenessCase } from '../../../src/check/liveness.ts';
import { Story, TICK_US, z } from './story.ts';

const CALM = {
  lastDisturbanceUs: 0,
  longestDisturbanceUs: 0,
  faultsInForce: false,
  quorumConnected: true,
  writesPending: false,
};

function stalls(story: Story, given: Partial<LivenessCase> = {}): readonly string[] {
  story.wait(1000);
  const verdict = story.panel.judge({ ...CALM, ...given, atUs: story.atUs });
  expect(verdict.judged).toBe(true);
  return verdict.stalls.map((stall) => stall.invariant);
}

const cutOff = (story: Story, sid: number, others: readonly number[], reachable: boolean): void => {
  for (const other of others) {
    story.tell({ kind: 'reachable', from: sid, to: other, reachable });
    story.tell({ kind: 'reachable', from: other, to: sid, reachable });
  }
};

test('a calm run is live', () => {
  const story = Story.running();
  for (const counter of [1, 2, 3]) story.write(3, [1, 2], z(1, counter));
  expect(stalls(story)).toEqual([]);
});

test('liveness is not judged under faults, without a quorum, or too early', () => {
  const story = Story.running().wait(1000);
  const judge = (given: Partial<typeof CALM>): string =>
    story.panel.judge({ ...CALM, ...given, atUs: story.atUs }).reason;
  expect(judge({ faultsInForce: true })).toBe('a fault is in force');
  expect(judge({ quorumConnected: false })).toBe('no quorum runs connected');
  expect(judge({ lastDisturbanceUs: story.atUs })).toContain('after the last disturbance');
});

test('quorumless-leader-resigns: a leader that is cut off stays', () => {
  const story = Story.running();
  cutOff(story, 3, [1, 2], false);
  expect(story.wait(6).broken()).toEqual([]);
  expect(story.wait(6).broken()).toEqual(['quorumless-leader-resigns']);
});

test('a cut-off leader has more time where timers and messages are late on purpose', () => {
  const story = Story.running(3, 0, 3 * TICK_US);
  cutOff(story, 3, [1, 2], false);
  expect(story.wait(12).broken()).toEqual([]);
  expect(story.wait(6).broken()).toEqual(['quorumless-leader-resigns']);
});

test('a cut-off leader that resigns in time, is healed in time, or is paused, is not accused', () => {
  const resigned = Story.running();
  cutOff(resigned, 3, [1, 2], false);
  resigned.wait(6).tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  expect(resigned.wait(50).broken()).toEqual([]);
  const healed = Story.running();
  cutOff(healed, 3, [1, 2], false);
  cutOff(healed.wait(6), 3, [1, 2], true);
  expect(healed.wait(50).broken()).toEqual([]);
  const paused = Story.running().tell(
    { kind: 'paused', server: 3 },
    { kind: 'leader-left', server: 1, leader: 3 },
  );
  paused.tell({ kind: 'leader-left', server: 2, leader: 3 }).wait(50).tell({ kind: 'resumed', server: 3 });
  expect(paused.wait(5).broken()).toEqual([]);
  expect(paused.wait(50).broken()).toEqual(['quorumless-leader-resigns']);
});

test('who left a leader unsynced while it was paused counts from when it goes on', () => {
  const story = Story.running().crash(1).crash(2).start(1).looking(1, 2, 0, 1).decided(1, 2, 3, 0, 1, true);
  story
    .tell({ kind: 'paused', server: 3 })
    .crash(1, 'power-cut')
    .wait(50)
    .tell({ kind: 'resumed', server: 3 });
  expect(story.wait(15).broken()).toEqual([]);
  expect(story.wait(6).broken()).toEqual(['quorumless-leader-resigns']);
});

test('a cut-off leader may hear late what lossy links held up, for as long as they were lossy', () => {
  const story = Story.running();
  const loss = { name: 'loss', verb: 'loss', servers: [1, 2, 3] };
  story.tell({ kind: 'fault-fired', ...loss, effect: true }).wait(10);
  cutOff(story, 3, [1, 2], false);
  story.wait(10).tell({ kind: 'fault-ended', name: 'loss', verb: 'loss' });
  expect(story.wait(20).broken()).toEqual([]);
  expect(story.wait(12).broken()).toEqual(['quorumless-leader-resigns']);
});

test('a leader may take those together that it has heard one after the other', () => {
  const story = Story.running(4);
  // The leader is 4; a majority is three. One supporter comes as soon as another goes, and none stays.
  const absent = (sid: number): void => {
    story.tell({ kind: 'crashed', server: sid, how: 'crash', reason: '' });
  };
  absent(1);
  absent(2);
  const back = (sid: number): void => {
    story.start(sid).tell({ kind: 'follower-synced', server: sid, leader: 4, epoch: 1, zxid: 0 });
  };
  story.wait(4);
  absent(3);
  back(1);
  story.wait(4);
  absent(1);
  back(2);
  expect(story.wait(4).broken()).toEqual([]);
  expect(story.wait(20).broken()).toEqual(['quorumless-leader-resigns']);
});

test('a leader is not accused for the time in which followers that it no longer reaches send to it', () => {
  const story = Story.running();
  for (const sid of [1, 2]) story.tell({ kind: 'reachable', from: 3, to: sid, reachable: false });
  story.wait(6);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: 'timeout' });
  expect(story.wait(6).broken()).toEqual([]);
  expect(story.wait(6).broken()).toEqual(['quorumless-leader-resigns']);
});

test('elects: nobody leads', () => {
  const story = Story.running().tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  expect(stalls(story)).toEqual(['elects']);
});

test('a counter that ran over disturbs like a fault: time for a new epoch is given from then on', () => {
  const story = Story.running().wait(1000);
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'zxid rollover' }).wait(3);
  const { judged, reason } = story.panel.judge({ ...CALM, atUs: story.atUs });
  expect(judged).toBe(false);
  expect(reason).toContain('after the last disturbance');
  expect(stalls(story)).toEqual(['elects']);
});

test('all-join: a server that reaches the leader keeps looking; one that is cut off may', () => {
  const story = Story.running().tell({ kind: 'leader-left', server: 1, leader: 3 });
  cutOff(story, 1, [2, 3], false);
  expect(stalls(story)).toEqual([]);
  cutOff(story, 1, [2, 3], true);
  expect(stalls(story.looking(1, 2, 0, 1))).toEqual(['all-join', 'actors-live']);
});

test('all-join: a server lags', () => {
  expect(stalls(Story.running().write(3, [2], z(1, 1)))).toEqual(['all-join']);
});

test('all-join: one that looks and is told over and over whom somebody who is locked out would elect', () => {
  const story = Story.running().epochFile(2, 'acceptedEpoch', 7);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3, because: '' });
  story.looking(1, 2, 0, 1).wait(1000).looking(2, 2, 0, 1);
  const judge = () => story.panel.judge({ ...CALM, atUs: story.atUs }).stalls.map((stall) => stall.invariant);
  expect(judge()).toEqual([]);
  // Once that is silent, nothing keeps the other from asking.
  expect(stalls(story)).toEqual(['all-join', 'actors-live']);
});

test('a server whose accepted epoch is ahead of the leader is excused', () => {
  const story = Story.running().epochFile(1, 'acceptedEpoch', 7);
  story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'leader epoch 1 is below 7' });
  expect(stalls(story)).toEqual([]);
});

test('so is one whose power cut took what had put its older promise back', () => {
  const told = (position: number) => {
    const story = Story.running().epochFile(1, 'acceptedEpoch', 7).epochFile(1, 'acceptedEpoch', 1);
    story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'leader epoch 1 is below 7' });
    return story.tell({ kind: 'lost', server: 1, file: 'acceptedEpoch', count: 1, position, torn: false });
  };
  expect(stalls(told(7))).toEqual([]);
  expect(stalls(told(1))).toContain('all-join');
});

test('restarts-serve: a started server never looks, or cannot start', () => {
  const story = Story.running().crash(1).start(1);
  expect(stalls(story)).toContain('restarts-serve');
  expect(stalls(Story.running().crash(1, 'exit', 'recovery: no snapshot'))).toEqual(['restarts-serve']);
});

test('writes-commit and queues-drain: a write waits', () => {
  expect(stalls(Story.running(), { writesPending: true })).toEqual(['writes-commit']);
  expect(stalls(Story.running().propose(3, z(1, 1)))).toEqual(['queues-drain']);
});

test('writes-commit: requests go unanswered though everything is well', () => {
  const boundUs = Story.running().panel.boundUs(0);
  /** Requests that began at these times were given up; others, at those, were answered. */
  const asked = (givenUp: readonly number[], answered: readonly number[] = []) => ({
    asked: (fromUs: number) => ({
      unanswered: givenUp.filter((atUs) => atUs >= fromUs).length,
      answered: answered.some((atUs) => atUs >= fromUs),
    }),
  });
  const late = [boundUs, boundUs + 1, boundUs + 2];
  expect(stalls(Story.running(), asked(late, late))).toEqual(['writes-commit']);
  expect(stalls(Story.running(), asked(late.slice(1)))).toEqual([]);
  // Who has accepted a later epoch than the leader's serves nobody, and a client may know no other server.
  expect(stalls(Story.running().epochFile(1, 'acceptedEpoch', 7), asked(late, late))).toEqual([]);
  // Before the bound some may be lost to what the faults left behind, but not all.
  const early = late.map((atUs) => atUs - boundUs / 3);
  expect(stalls(Story.running(), asked(early))).toEqual(['writes-commit']);
  expect(stalls(Story.running(), asked(early, [boundUs]))).toEqual([]);
  expect(stalls(Story.running(), asked(late.map((atUs) => atUs - boundUs)))).toEqual([]);
});

test('queues-drain: what a leader proposes waits since it leads, not since before', () => {
  const story = Story.running().propose(3, z(1, 1)).wait(1000);
  story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'no quorum' });
  for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3 });
  story.lead(2, 3, [1, 2], z(1, 1), 1).propose(3, z(2, 1)).wait(1);
  const judge = () => story.panel.judge({ ...CALM, atUs: story.atUs }).stalls.map((stall) => stall.invariant);
  expect(judge()).not.toContain('queues-drain');
  story.wait(20);
  expect(judge()).toContain('queues-drain');
});

test('elections-settle: epochs follow each other without end', () => {
  const story = Story.running();
  for (let epoch = 2; epoch < 10; epoch++) {
    story.tell({ kind: 'leader-resigned', server: 3, epoch: epoch - 1, because: 'no quorum' });
    for (const sid of [1, 2]) story.tell({ kind: 'leader-left', server: sid, leader: 3 });
    story.lead(epoch, 3, [1, 2], 0, epoch - 1);
  }
  expect(stalls(story)).toEqual(['elections-settle']);
});
