import { expect, test } from 'vitest';
import { Story } from './story.ts';

/** 3 leads 1 and 2, and resigns, though it hears them. */
function resigned(story = Story.running(3, 0, 0, undefined, { hopUs: 1000, flushUs: 5000 })): Story {
  return story.tell({ kind: 'leader-resigned', server: 3, epoch: 1, because: 'disk error' });
}

const left = (server: number) => ({ kind: 'leader-left', server, leader: 3, because: '' }) as const;
const fault = (verb: string, name = 'f') =>
  ({ kind: 'fault-fired', name, verb, servers: [], effect: true }) as const;

test('resigned-leader-lets-go: a learner goes on following', () => {
  expect(resigned().tell(left(1)).wait(1).broken()).toEqual(['resigned-leader-lets-go']);
  expect(resigned().tell(left(1), left(2)).wait(1).broken()).toEqual([]);
});

test('who leaves soon, goes down, or was down is not waited for', () => {
  expect(resigned().tell(left(1)).crash(2).wait(1).broken()).toEqual([]);
  const story = Story.running(3, 0, 0, undefined, { hopUs: 1000, flushUs: 5000 }).crash(2);
  expect(resigned(story).tell(left(1)).wait(1).broken()).toEqual([]);
});

test('nothing is asked where a fault is in the way, or comes in the way', () => {
  const cut = Story.running(3, 0, 0, undefined, { hopUs: 1000, flushUs: 5000 }).tell(fault('cut'));
  expect(resigned(cut).wait(1).broken()).toEqual([]);
  expect(resigned().tell(fault('pause')).wait(1).broken()).toEqual([]);
  const refused = Story.running(3, 0, 0, undefined, { hopUs: 1000, flushUs: 5000 }).tell(fault('failSync'));
  expect(resigned(refused).wait(1).broken()).toEqual(['resigned-leader-lets-go']);
});
