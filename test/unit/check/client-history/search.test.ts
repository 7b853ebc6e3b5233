import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../../src/check/history/linear/operation.ts';
import { queueModel } from '../../../../src/check/history/linear/queue-model.ts';
import {
  type RegisterInput,
  type RegisterOutput,
  registerModel,
} from '../../../../src/check/history/linear/register-model.ts';
import { checkLinearizable } from '../../../../src/check/history/linear/search.ts';
import { cas, dequeue, enqueue, read, write } from './told-operations.ts';

type Registers = Operation<RegisterInput, RegisterOutput>[];

/** Shapes of histories that are published with their verdicts, written anew. */
describe('registers', () => {
  const yes: [string, Registers][] = [
    ['nothing at all', []],
    ['a read of the first value', [read(0, 0, 1)]],
    // After the register histories of Herlihy & Wing, 1990.
    ['the overlapping write takes effect between two reads', [write(1, 0, 9), read(0, 1, 2), read(1, 3, 4)]],
    ['two writes side by side, in the order of the reads', [write(1, 0, 5), write(2, 1, 6), read(1, 7, 8)]],
    ['two writes side by side, the other way', [write(1, 0, 5), write(2, 1, 6), read(2, 7, 8)]],
    // Porcupine's register test: put 100, get 100 beside it, get 0 beside both.
    [
      'an old read that began before the new one ended',
      [write(100, 0, 100), read(100, 25, 75), read(0, 10, 60)],
    ],
    // Knossos: a write that crashed may be seen much later.
    ['a write without an answer, seen late', [write(1, 0), read(0, 1, 2), read(0, 3, 4), read(1, 5, 6)]],
    ['a write without an answer, never seen', [write(1, 0), read(0, 1, 2), read(0, 3, 4)]],
    [
      'compare-and-set in a row',
      [cas(0, 1, true, 0, 3), cas(1, 2, true, 1, 4), cas(5, 6, false, 2, 5), read(2, 6, 7)],
    ],
    // A write of what is there already changes nothing yet, and is needed after the other.
    [
      'a write of the old value, beside one of a new value and after it',
      [write(1, 0, 1), write(1, 2, 9), write(2, 3, 4), read(1, 5, 6)],
    ],
    ['touching intervals count as beside', [write(1, 0, 5), read(0, 5, 6)]],
    ['two keys, each well', [write(1, 0, 1, 'a'), read(0, 2, 3, 'b'), read(1, 2, 3, 'a')]],
  ];
  const no: [string, Registers][] = [
    ['a value that nobody wrote', [read(7, 0, 1)]],
    ['a write that is not seen after its end', [write(1, 0, 1), read(0, 2, 3)]],
    // Herlihy & Wing, 1990: once the new value was read, the old one may not be.
    ['new and old inverted', [write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)]],
    // Porcupine: put 200, get 200, then get 0 after it, both beside the put.
    ['new and old inverted for another reader', [write(200, 0, 100), read(200, 10, 30), read(0, 40, 90)]],
    [
      'two readers that see two writes in two orders',
      [write(1, 0, 9), write(2, 0, 9), read(1, 1, 2), read(2, 3, 4), read(1, 5, 6)],
    ],
    [
      'a write without an answer that took effect twice',
      [write(1, 0), read(1, 1, 2), write(2, 3, 4), read(1, 5, 6)],
    ],
    ['a write that is seen before it was sent', [read(1, 0, 1), write(1, 2, 3)]],
    ['two compare-and-sets from one value', [cas(0, 1, true, 0, 5), cas(0, 2, true, 1, 6)]],
    ['one key of two is wrong', [write(1, 0, 1, 'a'), read(0, 2, 3, 'b'), read(0, 2, 3, 'a')]],
  ];

  test.each(yes)('linearizable: %s', (_name, operations) => {
    expect(checkLinearizable(registerModel, operations).verdict).toBe('linearizable');
  });

  test.each(no)('not linearizable: %s', (_name, operations) => {
    expect(checkLinearizable(registerModel, operations).verdict).toBe('not-linearizable');
  });

  test('says where it was stuck, and what was under way', () => {
    const found = checkLinearizable(registerModel, [write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)]);
    expect(found).toMatchObject({ stuck: 3, beside: [0] });
  });
});

describe('queues: the FIFO examples of Herlihy and Wing, section 1', () => {
  test('q1: two enqueues side by side come out in either order', () => {
    const operations = [enqueue('x', 0, 5), enqueue('y', 1, 4), dequeue('y', 6, 7), dequeue('x', 8, 9)];
    expect(checkLinearizable(queueModel, operations).verdict).toBe('linearizable');
  });

  test('q2: an enqueue that was over before the other began comes out first', () => {
    const operations = [enqueue('x', 0, 1), enqueue('y', 2, 3), dequeue('y', 4, 5)];
    expect(checkLinearizable(queueModel, operations).verdict).toBe('not-linearizable');
  });

  test('q3: an enqueue whose end is not known may have taken effect', () => {
    expect(checkLinearizable(queueModel, [enqueue('x', 0), dequeue('x', 1, 2)]).verdict).toBe('linearizable');
  });

  test('q4: one item does not come out twice', () => {
    const operations = [enqueue('x', 0, 3), enqueue('y', 1, 9), dequeue('y', 4, 7), dequeue('y', 5, 8)];
    expect(checkLinearizable(queueModel, operations).verdict).toBe('not-linearizable');
  });
});

describe('the cost, in states', () => {
  /** Twelve writers and readers at a time on ten keys; one write in twenty has no answer. */
  function busy(count: number): Registers {
    const operations: Registers = [];
    const values = new Map<string, number>();
    let state = 1;
    const below = (n: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 4294967296) * n);
    };
    for (let i = 0; i < count; i++) {
      const key = `k${below(10)}`;
      const point = 10 * i;
      const from = point - below(60);
      const to = point + below(60);
      if (below(2) === 0) {
        operations.push({ ...read(values.get(key) ?? 0, from, to, key), id: i });
        continue;
      }
      const happens = below(20) > 0;
      if (happens || below(2) === 0) values.set(key, i);
      operations.push({ ...(happens ? write(i, from, to, key) : write(i, from, undefined, key)), id: i });
    }
    return operations;
  }

  test('10,000 operations take a few states each', () => {
    const found = checkLinearizable(registerModel, busy(10_000));
    expect(found.verdict).toBe('linearizable');
    expect(found.visited).toBeLessThan(30_000);
  });

  test('while nothing changes, thousands of reads under way at once take a few states together', () => {
    const reads = Array.from({ length: 15_000 }, (_, i) => ({ ...read(7, 2, 10 + i), id: 1 + i }));
    const found = checkLinearizable(registerModel, [{ ...write(7, 0, 1), id: 0 }, ...reads]);
    expect(found.verdict).toBe('linearizable');
    expect(found.visited).toBeLessThan(10);
    const wrong = checkLinearizable(registerModel, [...reads, { ...read(8, 2, 20_000), id: 20_000 }]);
    expect(wrong.verdict).toBe('not-linearizable');
  });

  test('a limit makes it undecided, not wrong', () => {
    expect(checkLinearizable(registerModel, busy(1000), 100).verdict).toBe('undecided');
  });
});
