import type { SequentialModel } from './sequential-model.ts';

/** What a FIFO queue is asked. */
export type QueueInput = { readonly op: 'enqueue'; readonly value: string } | { readonly op: 'dequeue' };

/** A dequeue answers the value, `null` for an empty queue; an enqueue `null`. */
export type QueueOutput = string | null;

/** One FIFO queue, the object of Herlihy and Wing's examples. */
export const queueModel: SequentialModel<readonly string[], QueueInput, QueueOutput> = {
  init: () => [],
  step(state, input, output) {
    if (input.op === 'enqueue') return [...state, input.value];
    const front = state[0] ?? null;
    if (output !== undefined && output !== front) return undefined;
    return state.length === 0 ? state : state.slice(1);
  },
  observes: ({ op }, output) => op === 'dequeue' && output === null,
  equal: (a, b) => a.length === b.length && a.every((value, i) => value === b[i]),
  hash: (state) => state.length,
  partition: (operations) => [operations],
  footprint: () => ({ reads: ['queue'], writes: ['queue'] }),
};
