import fc from 'fast-check';
import TinyQueue from 'tinyqueue';
import { describe, expect, it } from 'vitest';
import { CalendarQueue } from '../../../src/core/calendar.ts';
import { EventQueue } from '../../../src/core/heap.ts';

interface Entry {
  readonly time: number;
  readonly seq: number;
  readonly slot: number;
}

const inOrder = (a: Entry, b: Entry) => a.time - b.time || a.seq - b.seq;

type Queue = EventQueue | CalendarQueue;

/** A calendar looks for its first event when it is asked to. */
function bring(queue: Queue): void {
  if (queue instanceof CalendarQueue) expect(queue.bring()).toBe(true);
}

/** Pushes a number that is a time, pops for `undefined`; says what came out. */
function drive(queue: Queue, steps: readonly (number | undefined)[]): [Entry[], Entry[]] {
  const oracle = new TinyQueue<Entry>([], inOrder);
  const got: Entry[] = [];
  const wanted: Entry[] = [];
  const take = () => {
    bring(queue);
    got.push({ time: queue.firstTime, seq: queue.firstSeq, slot: queue.firstSlot });
    wanted.push(oracle.pop() as Entry);
    queue.pop();
  };
  steps.forEach((time, i) => {
    if (time !== undefined) {
      queue.push(time, i, i * 3);
      oracle.push({ time, seq: i, slot: i * 3 });
    } else if (queue.size > 0) {
      take();
    }
  });
  while (queue.size > 0) take();
  expect(oracle.length).toBe(0);
  return [got, wanted];
}

// At one moment, on one day of a calendar, within its year, and long after it.
const times = fc.oneof(fc.nat(20), fc.nat(8000), fc.nat(60_000_000));
const steps = fc.array(fc.option(times, { nil: undefined, freq: 2 }), { maxLength: 400 });

describe.each([EventQueue, CalendarQueue])('%o', (Kind) => {
  it('gives events in the order of time and seq, as a queue of objects does', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const [got, wanted] = drive(new Kind(), plan);
        expect(got).toEqual(wanted);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('grows, and serves another run after clear', () => {
    const queue = new Kind();
    const plan = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 1009);
    const [first] = drive(queue, plan);
    queue.push(1, 1, 1);
    queue.clear();
    const [second] = drive(queue, plan);
    expect(second).toEqual(first);
    expect(first.map((e) => e.time)).toEqual(plan.slice().sort((a, b) => a - b));
  });

  it('keeps times and seqs beyond 32 bits', () => {
    const queue = new Kind();
    queue.push(2 ** 52, 2 ** 40, 1);
    queue.push(2 ** 52, 2 ** 40 - 1, 2);
    bring(queue);
    expect(queue.firstSlot).toBe(2);
  });
});
