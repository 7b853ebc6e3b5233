import { expect, test } from 'vitest';
import { Deadlines } from '../../../src/host/deadlines.ts';

/*
 * The timers of a node in real time.
 */

const now = (): number => Math.floor(performance.now() * 1000);

/** What was due, in its order, once that many were. */
function dueOf(count: number, set: (deadlines: Deadlines) => void): Promise<string[]> {
  return new Promise((resolve) => {
    const due: string[] = [];
    const deadlines = new Deadlines(now, (timer, subject) => {
      due.push(`${timer} ${subject}`);
      if (due.length === count) resolve(due);
    });
    set(deadlines);
  });
}

test('deadlines come in the order of their times, each for its subject', async () => {
  const due = await dueOf(3, (deadlines) => {
    deadlines.set('tick', 30_000, 0);
    deadlines.set('ack', 10_000, 2);
    deadlines.set('ack', 20_000, 1);
  });
  expect(due).toEqual(['ack 2', 'ack 1', 'tick 0']);
});

test('one that is moved comes once, and as late as it was moved', async () => {
  const due = await dueOf(2, (deadlines) => {
    deadlines.set('read', 5_000, 0);
    deadlines.set('read', 30_000, 0);
    deadlines.set('other', 15_000, 0);
  });
  expect(due).toEqual(['other 0', 'read 0']);
});

test('one that is moved to be sooner comes sooner', async () => {
  const due = await dueOf(2, (deadlines) => {
    deadlines.set('read', 3_600_000_000, 0);
    deadlines.set('other', 15_000, 0);
    deadlines.set('read', 5_000, 0);
  });
  expect(due).toEqual(['read 0', 'other 0']);
});

test('one that was cancelled does not come, unless it is set again', async () => {
  const due = await dueOf(2, (deadlines) => {
    deadlines.set('read', 5_000, 0);
    deadlines.cancel('read', 0);
    deadlines.set('again', 5_000, 0);
    deadlines.cancel('again', 0);
    deadlines.set('again', 10_000, 0);
    deadlines.set('last', 20_000, 0);
  });
  expect(due).toEqual(['again 0', 'last 0']);
});

test('nothing is due after the end', async () => {
  const due = await dueOf(1, (deadlines) => {
    const ended = new Deadlines(now, () => {
      throw new Error('it had ended');
    });
    ended.set('read', 5_000, 0);
    ended.stop();
    deadlines.set('last', 20_000, 0);
  });
  expect(due).toEqual(['last 0']);
});
