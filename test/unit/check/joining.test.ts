import { expect, test } from 'vitest';
import type { EnsembleFacts } from '../../../src/check/monitor.ts';
import { Story, TICK_US, z } from './story.ts';

/** Three servers, elected; 3 has begun to synchronize the others in epoch 1. */
function synchronizing(latenessUs = 0, slowUs = 0): Story {
  const story = new Story(3, 0, ['acked-leader-serves'], latenessUs, undefined, { slowUs });
  for (const sid of [1, 2, 3]) story.found(sid, 0, 0).start(sid);
  return story.elect(1, 3, [1, 2], 0, 0).discover(1, 3, [1, 2], 0, 0);
}

test('acked-leader-serves: a leader that a quorum has acked waits for nothing', () => {
  const story = synchronizing().join(1, 3, 3).join(1, 3, 1);
  expect(story.wait(3).tell({ kind: 'paused', server: 2 }).broken()).toEqual([]);
  expect(story.wait(2).broken()).toEqual(['acked-leader-serves']);
});

test('a leader that lacks acks, that serves, or whose learners have gone, is not accused', () => {
  expect(synchronizing().join(1, 3, 3).wait(50).broken()).toEqual([]);
  expect(synchronizing().join(1, 3, 1).join(1, 3, 2).wait(50).broken()).toEqual([]);
  const serving = synchronizing().join(1, 3, 3).join(1, 3, 1);
  expect(serving.tell({ kind: 'leader-established', server: 3, epoch: 1 }).wait(50).broken()).toEqual([]);
  const alone = synchronizing().join(1, 3, 3).join(1, 3, 1);
  expect(alone.tell({ kind: 'leader-left', server: 1, leader: 3, because: '' }).wait(50).broken()).toEqual(
    [],
  );
});

test('a leader has the time anew whose learners could not reach it, or whose messages were late', () => {
  const cut = synchronizing().join(1, 3, 3).join(1, 3, 1);
  cut.tell({ kind: 'reachable', from: 1, to: 3, reachable: false }).wait(20);
  cut.tell({ kind: 'reachable', from: 1, to: 3, reachable: true });
  expect(cut.wait(3).broken()).toEqual([]);
  const parted = synchronizing().join(1, 3, 3).join(1, 3, 1);
  parted.tell({ kind: 'fault-fired', name: 'p', verb: 'partition', servers: [], effect: true }).wait(8);
  expect(parted.tell({ kind: 'fault-ended', name: 'p', verb: 'partition' }).wait(12).broken()).toEqual([]);
  const slow = synchronizing().join(1, 3, 3).join(1, 3, 1);
  slow.tell({ kind: 'fault-fired', name: 'f', verb: 'slow', servers: [], effect: true }).wait(20);
  slow.tell({ kind: 'fault-ended', name: 'f', verb: 'slow' });
  expect(slow.wait(20).broken()).toEqual([]);
  expect(slow.wait(10).broken()).toEqual(['acked-leader-serves']);
  expect(synchronizing(20_000_000).join(1, 3, 3).join(1, 3, 1).wait(20).broken()).toEqual([]);
});

test('a leader has the time anew when the last message has come that was slowed for a moment', () => {
  const story = synchronizing(0, 20 * TICK_US)
    .join(1, 3, 3)
    .join(1, 3, 1);
  story.tell({ kind: 'fault-fired', name: 'f', verb: 'slow', servers: [], effect: true });
  story.tell({ kind: 'fault-ended', name: 'f', verb: 'slow' });
  expect(story.wait(20).broken()).toEqual([]);
  expect(story.wait(6).broken()).toEqual(['acked-leader-serves']);
});

/** Server 1 leaves the leader before it is in sync with it. */
function thrownBack(story: Story, times: number): Story {
  for (let i = 0; i < times; i++) {
    story.tell({ kind: 'epoch-acked', server: 1, leader: 3, epoch: 1, currentEpoch: 1, lastZxid: 0 });
    story
      .wait(1)
      .tell({ kind: 'leader-left', server: 1, leader: 3, because: 'a commit that nothing waits for' });
  }
  return story;
}

test('joins-settle: a server is thrown back again and again', () => {
  const story = Story.running();
  story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'the connection ended' });
  expect(thrownBack(story, 5).broken()).toEqual([]);
  expect(thrownBack(story, 1).broken()).toEqual(['joins-settle']);
});

/** Server 1 is in sync, and leaves. */
function leaving(story: Story, times: number): Story {
  for (let i = 0; i < times; i++) {
    story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'nothing was heard from the leader' });
    story.tell({ kind: 'follower-synced', server: 1, leader: 3, epoch: 1, zxid: z(1, 0) });
  }
  return story;
}

test('joins-settle: a server in sync leaves its leader again and again', () => {
  const story = Story.running();
  expect(leaving(story, 5).broken()).toEqual([]);
  story.tell({ kind: 'fault-fired', name: 'f', verb: 'reset', servers: [], effect: true });
  expect(leaving(story, 5).broken()).toEqual([]);
  expect(leaving(story, 1).broken()).toEqual(['joins-settle']);
});

test('servers that are too far apart, or too slow, for their limits are not accused of it', () => {
  const story = (facts: Partial<EnsembleFacts>) =>
    Story.running(3, 0, 0, undefined, { initLimit: 1, syncLimit: 2, ...facts });
  expect(leaving(thrownBack(story({ hopUs: TICK_US / 3 }), 8), 8).broken()).toEqual([]);
  expect(leaving(story({ hopUs: TICK_US / 4 }), 6).broken()).toEqual(['joins-settle']);
  // Fuzzing came upon it: each of four clients waits for a sync of its own, and acks come too late.
  expect(leaving(story({ hopUs: TICK_US / 5, flushUs: TICK_US / 4 }), 8).broken()).toEqual([]);
  expect(leaving(story({ hopUs: TICK_US / 5, flushUs: TICK_US / 5 }), 6).broken()).toEqual(['joins-settle']);
});

test('a server that is locked out is not accused', () => {
  const story = Story.running();
  story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'the connection ended' });
  for (let i = 0; i < 20; i++) story.wait(1).tell({ kind: 'leader-left', server: 1, leader: 3, because: '' });
  expect(story.broken()).toEqual([]);
});

test('an observer that its leader has no time for yet is not accused of it', () => {
  const story = Story.running();
  for (let i = 0; i < 20; i++) {
    story.tell({ kind: 'epoch-acked', server: 1, leader: 3, epoch: 1, currentEpoch: 1, lastZxid: 0 });
    story.tell({ kind: 'sync-refused', server: 3, learner: 1, mode: 'snap' }).wait(1);
    story.tell({ kind: 'leader-left', server: 1, leader: 3, because: 'the connection ended' });
  }
  expect(story.broken()).toEqual([]);
});

test('tries do not count together that a fault, a success or a new leader stands between', () => {
  const disturbed = Story.running();
  thrownBack(disturbed, 5).tell({ kind: 'fault-fired', name: 'f', verb: 'reset', servers: [], effect: true });
  expect(thrownBack(disturbed, 5).broken()).toEqual([]);
  const joined = thrownBack(Story.running(), 5);
  joined.tell({ kind: 'follower-synced', server: 1, leader: 3, epoch: 1, zxid: z(1, 0) });
  expect(thrownBack(joined, 5).broken()).toEqual([]);
  const inForce = Story.running();
  inForce.tell({ kind: 'fault-fired', name: 'f', verb: 'isolate', servers: [2], effect: true });
  expect(thrownBack(inForce, 20).broken()).toEqual([]);
});

test('log-keeps-up: a server delivers, and its disk has it not', () => {
  const story = Story.running();
  story.propose(3, z(1, 1));
  for (const sid of [1, 2]) story.log(sid, z(1, 1)).ack(3, sid, z(1, 1));
  story.append(3, z(1, 1)).commit(3, z(1, 1)).apply(3, z(1, 1)).apply(1, z(1, 1));
  const quick = story.wait(4);
  expect(quick.broken()).toEqual([]);
  quick.wait(3).panel.finish(quick.atUs);
  expect(quick.broken()).toEqual(['log-keeps-up']);
});

test('a disk that is slow on purpose, or comes to it late, is not accused', () => {
  const lagging = (story = Story.running()) => {
    story.propose(3, z(1, 1));
    for (const sid of [1, 2]) story.log(sid, z(1, 1)).ack(3, sid, z(1, 1));
    return story.append(3, z(1, 1)).commit(3, z(1, 1)).apply(3, z(1, 1)).apply(1, z(1, 1));
  };
  const late = lagging().wait(4).sync(3).wait(20);
  late.panel.finish(late.atUs);
  expect(late.broken()).toEqual([]);
  const slow = lagging().tell({
    kind: 'fault-fired',
    name: 'f',
    verb: 'slowDisk',
    servers: [3],
    effect: true,
  });
  slow.wait(50).panel.finish(slow.atUs);
  expect(slow.broken()).toEqual([]);
  // What was begun before the fault was over is slow as well.
  const facts = { slowSyncUs: 20_000_000 };
  const ended = (story: Story) =>
    lagging(story)
      .tell({ kind: 'fault-fired', name: 'f', verb: 'slowDisk', servers: [3], effect: true })
      .tell({ kind: 'fault-ended', name: 'f', verb: 'slowDisk', servers: [3] })
      .wait(15);
  const begun = ended(Story.running(3, 0, 0, undefined, facts));
  begun.panel.finish(begun.atUs);
  expect(begun.broken()).toEqual([]);
  begun.wait(2).panel.finish(begun.atUs);
  expect(begun.broken()).toEqual(['log-keeps-up']);
  const over = lagging()
    .tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'disk error' })
    .tell({ kind: 'leader-left', server: 1, leader: 3, because: '' })
    .tell({ kind: 'leader-left', server: 2, leader: 3, because: '' })
    .wait(50);
  over.panel.finish(over.atUs);
  expect(over.broken()).toEqual([]);
});

test('a disk that has much to catch up with, and comes on, is not accused; one that stops is', () => {
  const story = Story.running().roll(3);
  const deliver = (n: number): void => {
    story.propose(3, z(1, n));
    for (const sid of [1, 2]) story.log(sid, z(1, n)).ack(3, sid, z(1, n));
    story.append(3, z(1, n)).commit(3, z(1, n)).apply(3, z(1, n)).apply(1, z(1, n));
  };
  let synced = 0;
  const syncOne = () => story.tell({ kind: 'synced', server: 3, file: story.file(3), count: ++synced });
  for (let n = 1; n <= 9; n++) deliver(n);
  syncOne();
  // From here on the ninth and more are awaited, and come in their turn.
  for (let n = 10; n <= 15; n++) {
    deliver(n);
    syncOne();
    story.wait(4);
  }
  expect(story.broken()).toEqual([]);
  deliver(16);
  story.wait(7);
  deliver(17);
  expect(story.broken()).toEqual(['log-keeps-up']);
});

test('a disk that refuses the first write of a log file is not taken for one that comes on', () => {
  const story = Story.running();
  const deliver = (n: number, disk: () => void): void => {
    story.propose(3, z(1, n));
    disk();
    for (const sid of [1, 2]) story.log(sid, z(1, n)).ack(3, sid, z(1, n));
    story.commit(3, z(1, n)).apply(3, z(1, n)).apply(1, z(1, n));
  };
  deliver(1, () => story.log(3, z(1, 1)));
  deliver(2, () => story.roll(3).append(3, z(1, 2)).cut(3, 0, false));
  story.wait(7);
  deliver(3, () => undefined);
  expect(story.broken()).toEqual(['log-keeps-up']);
});

/** Server 3 has gone and come back; it looks for a leader, and the others follow it in its round. */
function cameBack(epochs: readonly [number, number] = [0, 0], cnxTimeoutUs = 5_000_000): Story {
  const story = new Story(3, 0, ['chosen-leader-leads'], 0, undefined, { cnxTimeoutUs });
  for (const sid of [1, 2, 3]) story.found(sid, 0, 0).start(sid);
  const vote = { electionEpoch: 1, leader: 3, zxid: 0 };
  story.tell({ kind: 'looking', server: 3, ...vote, zxid: 7, peerEpoch: 0 });
  for (const sid of [1, 2]) {
    story.tell({ kind: 'looking', server: sid, ...vote, peerEpoch: 0 });
    story.tell({ kind: 'leader-followed', server: sid, ...vote, peerEpoch: epochs[sid - 1], settled: false });
  }
  return story;
}

test('chosen-leader-leads: a server asks, and is told by a quorum that they follow it', () => {
  expect(cameBack().wait(0.4).tell({ kind: 'paused', server: 1 }).broken()).toEqual([]);
  expect(cameBack().wait(0.6).tell({ kind: 'paused', server: 1 }).broken()).toEqual(['chosen-leader-leads']);
});

test('a server that an old leader answers, too, whom nobody follows, may have to wait anew each time', () => {
  const chosen = (old: boolean) => {
    const story = new Story(5, 0, ['chosen-leader-leads']);
    for (const sid of [1, 2, 3, 4, 5]) story.found(sid, 0, 0).start(sid);
    const vote = { electionEpoch: 2, leader: 5, zxid: 0, peerEpoch: 0 };
    if (old) story.tell({ kind: 'leader-elected', server: 4, ...vote, leader: 4, zxid: 9, settled: false });
    story.tell({ kind: 'looking', server: 5, ...vote });
    for (const sid of [1, 2, 3])
      story.tell({ kind: 'leader-followed', server: sid, ...vote, settled: false });
    return story.wait(50).tell({ kind: 'paused', server: 1 }).broken();
  };
  expect(chosen(false)).toEqual(['chosen-leader-leads']);
  expect(chosen(true)).toEqual([]);
});

test('a server that leads, that is followed in other epochs, or no longer, is not accused', () => {
  const vote = { electionEpoch: 1, leader: 3, zxid: 0, peerEpoch: 0, settled: false };
  const leads = cameBack().tell({ kind: 'leader-elected', server: 3, ...vote });
  const divided = cameBack([1, 2]);
  const left = cameBack().tell({ kind: 'leader-left', server: 1, leader: 3, because: '' });
  const cut = cameBack().tell({ kind: 'reachable', from: 1, to: 3, reachable: false });
  for (const story of [leads, divided, left, cut]) {
    expect(story.wait(50).tell({ kind: 'paused', server: 1 }).broken()).toEqual([]);
  }
});

test('a server that cannot be asked, or has to wait for better votes, is not accused', () => {
  const refused = cameBack();
  refused.tell({ kind: 'fault-fired', name: 'f', verb: 'refuse', servers: [1], effect: true });
  const asked = new Story(4, 0, ['chosen-leader-leads']);
  for (const sid of [1, 2, 3, 4]) asked.found(sid, 0, 0).start(sid);
  const vote = { electionEpoch: 1, leader: 3, zxid: 0, peerEpoch: 0 };
  for (const sid of [3, 4]) asked.tell({ kind: 'looking', server: sid, ...vote });
  for (const sid of [1, 2]) asked.tell({ kind: 'leader-followed', server: sid, ...vote, settled: false });
  // Only together with its own vote, which is another now, would one follower be a quorum.
  const other = cameBack().tell({ kind: 'leader-left', server: 2, leader: 3, because: '' });
  for (const story of [refused, asked, other]) {
    expect(story.wait(50).tell({ kind: 'paused', server: 1 }).broken()).toEqual([]);
  }
});

test('a server whose own vote is a quorum is not accused for that alone', () => {
  const alone = new Story(1, 0, ['chosen-leader-leads']).found(1, 0, 0).start(1);
  alone.tell({ kind: 'looking', server: 1, electionEpoch: 1, leader: 1, zxid: 0, peerEpoch: 0 });
  expect(alone.wait(50).broken()).toEqual([]);
});

test('not after a power cut, whose old connections end later, nor while others come and go', () => {
  const unplugged = cameBack();
  unplugged.crash(3, 'power-cut').start(3);
  unplugged.tell({ kind: 'looking', server: 3, electionEpoch: 1, leader: 3, zxid: 7, peerEpoch: 0 });
  const five = cameBack().start(4);
  for (const story of [unplugged, five]) {
    expect(story.wait(50).tell({ kind: 'paused', server: 1 }).broken()).toEqual([]);
  }
  const killed = cameBack();
  killed.crash(3).start(3);
  killed.tell({ kind: 'looking', server: 3, electionEpoch: 1, leader: 3, zxid: 7, peerEpoch: 0 });
  expect(killed.wait(1).tell({ kind: 'paused', server: 1 }).broken()).toEqual(['chosen-leader-leads']);
});

test('nor soon after one, though it was killed again: others may still be connecting to it', () => {
  const vote = { electionEpoch: 1, leader: 3, zxid: 0, peerEpoch: 0 };
  const again = (ticks: number, cnxTimeoutUs?: number) => {
    const story = cameBack([0, 0], cnxTimeoutUs).crash(3, 'power-cut').start(3).wait(ticks).crash(3).start(3);
    return story
      .tell({ kind: 'looking', server: 3, ...vote })
      .wait(0.6)
      .tell({ kind: 'paused', server: 1 });
  };
  expect(again(4).broken()).toEqual([]);
  expect(again(5).broken()).toEqual(['chosen-leader-leads']);
  expect(again(5, 20_000_000).broken()).toEqual([]);
});

test('nor soon after a power cut that it was down in', () => {
  const cut = { kind: 'fault-fired', name: 'p', verb: 'powerCut', servers: [3], effect: true } as const;
  const vote = { electionEpoch: 1, leader: 3, zxid: 0, peerEpoch: 0 };
  const story = cameBack().crash(3).tell(cut).start(3).crash(3).start(3);
  story.tell({ kind: 'looking', server: 3, ...vote });
  expect(story.wait(1).tell({ kind: 'paused', server: 1 }).broken()).toEqual([]);
});

test('a server whose question a fault may have lost asks again', () => {
  const reset = { kind: 'fault-fired', name: 'r', verb: 'reset', servers: [1, 2, 3], effect: true } as const;
  expect(cameBack().tell(reset).wait(0.65).tell({ kind: 'paused', server: 1 }).broken()).toEqual([]);
  expect(cameBack().tell(reset).wait(0.75).tell({ kind: 'paused', server: 1 }).broken()).toEqual([
    'chosen-leader-leads',
  ]);
});

test('a server that has looked for long asks seldom', () => {
  const story = new Story(3, 0, ['chosen-leader-leads']);
  for (const sid of [1, 2, 3]) story.found(sid, 0, 0).start(sid);
  const vote = { electionEpoch: 1, leader: 3, zxid: 0, peerEpoch: 0 };
  story.tell({ kind: 'looking', server: 3, ...vote }).wait(5);
  for (const sid of [1, 2]) story.tell({ kind: 'leader-followed', server: sid, ...vote, settled: false });
  expect(story.wait(15).broken()).toEqual([]);
  expect(story.wait(1).broken()).toEqual(['chosen-leader-leads']);
});
