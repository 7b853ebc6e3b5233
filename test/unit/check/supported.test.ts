import { expect, test } from 'vitest';
import { LOST_QUORUM, SUPPORTER_LOOKS } from '../../../src/node/facts.ts';
import { Story, TICK_US } from './story.ts';

/** 3 leads, 2 has died, and 1, which was away, comes back and is brought up to date. */
function comingBack(): Story {
  const story = Story.running().crash(1).start(1).looking(1, 2, 0, 1).decided(1, 2, 3, 0, 1, true);
  story.tell({ kind: 'sync-chosen', server: 3, learner: 1, mode: 'snap', from: 0, zxid: 0 });
  return story.crash(2);
}

function resigns(story: Story, because = LOST_QUORUM): readonly string[] {
  return story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because }).broken();
}

test('supported-leader-stays: a leader gives up that is bringing a quorum up to date', () => {
  expect(resigns(comingBack())).toEqual(['supported-leader-stays']);
  expect(resigns(comingBack().wait(3))).toEqual(['supported-leader-stays']);
});

test('a leader that gives up for another reason is not accused', () => {
  expect(resigns(comingBack(), 'disk error')).toEqual([]);
});

test('supported-leader-stays: a leader that is established gives up since a supporter looks', () => {
  expect(resigns(Story.running(), SUPPORTER_LOOKS)).toEqual(['supported-leader-stays']);
  const waiting = new Story(3).start(3);
  expect(resigns(waiting, SUPPORTER_LOOKS)).toEqual([]);
});

test('a learner that came long ago, that has left, or that the leader does not know does not count', () => {
  expect(resigns(comingBack().wait(4))).toEqual([]);
  expect(resigns(comingBack().crash(1))).toEqual([]);
  expect(resigns(comingBack().tell({ kind: 'leader-left', server: 1, leader: 3, because: '' }))).toEqual([]);
  const story = Story.running().crash(1).start(1).looking(1, 2, 0, 1).decided(1, 2, 3, 0, 1, true).crash(2);
  expect(resigns(story)).toEqual([]);
});

test('a learner does not count whose connection a fault may have broken', () => {
  const reset = { name: 'r', verb: 'reset', servers: [], effect: true };
  expect(resigns(comingBack().tell({ kind: 'fault-fired', ...reset }))).toEqual([]);
  const crash = { name: 'c', verb: 'crash', servers: [2], effect: true };
  expect(resigns(comingBack().tell({ kind: 'fault-fired', ...crash }))).toEqual(['supported-leader-stays']);
});

test('a cut that lasts and began before forbids the question', () => {
  const story = Story.running();
  story.tell({ kind: 'fault-fired', name: 'p', verb: 'partition', servers: [], effect: true }).wait(1);
  story.crash(1).start(1).looking(1, 2, 0, 1).decided(1, 2, 3, 0, 1, true);
  story.tell({ kind: 'sync-chosen', server: 3, learner: 1, mode: 'snap', from: 0, zxid: 0 });
  expect(story.atUs).toBeGreaterThan(TICK_US);
  expect(resigns(story.crash(2))).toEqual([]);
});
