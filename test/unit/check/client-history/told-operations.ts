import type { Operation } from '../../../../src/check/history/linear/operation.ts';
import type { QueueInput, QueueOutput } from '../../../../src/check/history/linear/queue-model.ts';
import type { RegisterInput, RegisterOutput } from '../../../../src/check/history/linear/register-model.ts';

const FOREVER = Number.POSITIVE_INFINITY;

type Register = Operation<RegisterInput, RegisterOutput>;

/** A read that answered `value`, from a time to a time. */
export const read = (value: number, from: number, to: number, key = 'x'): Register => ({
  id: from,
  input: { op: 'read', key },
  output: value,
  invoked: from,
  returned: to,
  hint: FOREVER,
});

/** A write; without an end nobody knows whether it took effect. */
export const write = (value: number, from: number, to = FOREVER, key = 'x'): Register => ({
  id: from,
  input: { op: 'write', key, value },
  output: to === FOREVER ? undefined : null,
  invoked: from,
  returned: to,
  hint: FOREVER,
});

/** A compare-and-set, and whether it did. */
export const cas = (was: number, becomes: number, did: boolean, from: number, to: number): Register => ({
  id: from,
  input: { op: 'cas', key: 'x', from: was, to: becomes },
  output: did,
  invoked: from,
  returned: to,
  hint: FOREVER,
});

/** Puts `value` into a queue. */
export const enqueue = (value: string, from: number, to = FOREVER): Operation<QueueInput, QueueOutput> => ({
  id: from,
  input: { op: 'enqueue', value },
  output: to === FOREVER ? undefined : null,
  invoked: from,
  returned: to,
  hint: FOREVER,
});

/** Takes `value` out of a queue. */
export const dequeue = (
  value: string | null,
  from: number,
  to: number,
): Operation<QueueInput, QueueOutput> => ({
  id: from,
  input: { op: 'dequeue' },
  output: value,
  invoked: from,
  returned: to,
  hint: FOREVER,
});
