import type { Operation } from './operation.ts';
import type { SequentialModel } from './sequential-model.ts';

/** What a register is asked. */
export type RegisterInput =
  | { readonly op: 'read'; readonly key: string }
  | { readonly op: 'write'; readonly key: string; readonly value: number }
  | { readonly op: 'cas'; readonly key: string; readonly from: number; readonly to: number };

/** A read answers the value, a compare-and-set whether it did; a write nothing. */
export type RegisterOutput = number | boolean | null;

/** Registers by key, 0 at first: reads, writes, compare-and-set. Each is a part of its own. */
export const registerModel: SequentialModel<number, RegisterInput, RegisterOutput> = {
  init: () => 0,
  step(state, input, output) {
    switch (input.op) {
      case 'read':
        return output === undefined || output === state ? state : undefined;
      case 'write':
        return input.value;
      default: {
        const hits = state === input.from;
        if (output !== undefined && output !== hits) return undefined;
        return hits ? input.to : state;
      }
    }
  },
  observes: ({ op }, output) => op === 'read' || output === false,
  equal: (a, b) => a === b,
  hash: (state) => state,
  partition(operations) {
    const parts = new Map<string, Operation<RegisterInput, RegisterOutput>[]>();
    for (const operation of operations) {
      const part = parts.get(operation.input.key);
      if (part === undefined) parts.set(operation.input.key, [operation]);
      else part.push(operation);
    }
    return [...parts.values()];
  },
  footprint: ({ op, key }) => ({ reads: [key], writes: op === 'read' ? [] : [key] }),
};
