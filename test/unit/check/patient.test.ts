import { expect, test } from 'vitest';
import { LOST_QUORUM } from '../../../src/node/facts.ts';
import { Story, TICK_US } from './story.ts';

/** 3 leads, and has not heard 1 and 2 for so many ticks, for they are paused. */
function silent(ticks: number, story = Story.running()): Story {
  return story.tell({ kind: 'paused', server: 1 }, { kind: 'paused', server: 2 }).wait(ticks);
}

function resigns(story: Story, because = LOST_QUORUM): readonly string[] {
  return story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because }).broken();
}

test('supported-leader-stays: a leader gives up that heard a quorum within syncLimit', () => {
  expect(resigns(silent(2))).toEqual(['supported-leader-stays']);
  expect(resigns(silent(5))).toEqual([]);
});

test('one that is heard is a quorum with the leader', () => {
  const story = Story.running().tell({ kind: 'paused', server: 1 }).wait(9);
  expect(resigns(story)).toEqual(['supported-leader-stays']);
});

test('a leader that does not reach its followers has not heard them since then', () => {
  const cut = (ticks: number) => {
    const story = Story.running();
    for (const to of [1, 2]) story.tell({ kind: 'reachable', from: 3, to, reachable: false });
    return story.wait(ticks);
  };
  expect(resigns(cut(2))).toEqual(['supported-leader-stays']);
  expect(resigns(cut(5))).toEqual([]);
});

test('who has left, is back, or may have lost its connection is not counted', () => {
  const left = Story.running();
  for (const server of [1, 2]) left.tell({ kind: 'leader-left', server, leader: 3, because: '' });
  expect(resigns(left)).toEqual([]);
  const back = silent(1).tell({ kind: 'resumed', server: 1 }, { kind: 'resumed', server: 2 });
  expect(resigns(back)).toEqual([]);
  const lossy = Story.running();
  lossy.tell({ kind: 'fault-fired', name: 'l', verb: 'loss', servers: [], effect: true });
  expect(resigns(silent(1, lossy))).toEqual([]);
  expect(resigns(silent(1).tell({ kind: 'paused', server: 3 }))).toEqual([]);
});

test('a learner that was cut off when it came to be in sync was heard nobody knows when', () => {
  const story = new Story(3);
  for (const sid of story.servers) {
    story.start(sid).epochFile(sid, 'currentEpoch', 0).epochFile(sid, 'acceptedEpoch', 0);
  }
  story.elect(1, 3, [1, 2], 0, 0);
  for (const from of [1, 2]) story.tell({ kind: 'reachable', from, to: 3, reachable: false });
  expect(resigns(story.lead(1, 3, [1, 2], 0, 0))).toEqual([]);
});

test('a learner that has only just come to be in sync has not been heard since', () => {
  const near = (ticks: number) => Story.running(3, 0, TICK_US / 2).wait(ticks);
  expect(resigns(near(0))).toEqual([]);
  expect(resigns(near(1))).toEqual(['supported-leader-stays']);
});

test('where messages may be late for long nothing is judged', () => {
  expect(resigns(silent(2, Story.running(3, 0, 10_000_000)))).toEqual([]);
});

test('a leader that gives up for another reason is not accused', () => {
  expect(resigns(silent(2), 'disk error')).toEqual([]);
});
