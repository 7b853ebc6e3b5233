import { expect, test } from 'vitest';
import { Story, z } from './story.ts';

/** 3 leads 1 and 2; the disk of 1 takes `taken` of the transactions that are proposed, and nothing more. */
function hung(taken: number, story = Story.running()): Story {
  for (let n = 1; n <= 6; n++) {
    story.propose(3, z(1, n));
    for (const sid of n <= taken ? [1, 2, 3] : [2, 3]) story.log(sid, z(1, n)).ack(3, sid, z(1, n));
    story.commit(3, z(1, n)).apply(3, z(1, n)).apply(2, z(1, n));
  }
  return story;
}
const ended = (story: Story): readonly string[] => {
  story.panel.finish(story.atUs);
  return story.broken();
};
const fault = (kind: 'fault-fired' | 'fault-ended', verb: string) =>
  ({ kind, name: 'f', verb, servers: [1], effect: true }) as const;
const DROPPED = ['hung-follower-is-dropped'];

test('hung-follower-is-dropped: a follower acks nothing of what it is sent, and goes on following', () => {
  expect(ended(hung(0).wait(8))).toEqual(DROPPED);
  expect(ended(hung(3).wait(8))).toEqual(DROPPED);
  expect(ended(hung(0).wait(7))).toEqual([]);
  expect(ended(hung(6).wait(50))).toEqual([]);
});

test('a follower that is dropped, or whose disk comes on, is not accused', () => {
  const left = { kind: 'leader-left', server: 1, leader: 3, because: '' } as const;
  expect(ended(hung(0).wait(6).tell(left).wait(50))).toEqual([]);
  expect(ended(hung(0).wait(6).log(1, z(1, 1)).wait(6))).toEqual([]);
});

test('a slow disk excuses nothing; where messages may be late nothing is asked', () => {
  const slow = () => Story.running().tell(fault('fault-fired', 'slowDisk'));
  expect(ended(hung(0, slow()).wait(8))).toEqual(DROPPED);
  const cut = () => Story.running().tell(fault('fault-fired', 'cut'));
  expect(ended(hung(0, cut()).wait(50))).toEqual([]);
  const over = hung(0, cut().wait(1).tell(fault('fault-ended', 'cut')));
  expect(ended(over.wait(8))).toEqual([]);
});

test('nothing is asked of who is paused', () => {
  const paused = { kind: 'paused', server: 1 } as const;
  const resumed = { kind: 'resumed', server: 1 } as const;
  expect(ended(hung(0, Story.running().tell(paused)).wait(50))).toEqual([]);
  expect(ended(hung(0).wait(6).tell(paused, resumed).wait(6))).toEqual([]);
});
