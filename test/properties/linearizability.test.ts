import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../src/check/history/linear/operation.ts';
import {
  type RegisterInput,
  type RegisterOutput,
  registerModel,
} from '../../src/check/history/linear/register-model.ts';
import { checkLinearizable } from '../../src/check/history/linear/search.ts';
import type { SequentialModel } from '../../src/check/history/linear/sequential-model.ts';
import { treeModel } from '../../src/check/history/linear/tree-model.ts';
import type { TreeInput, TreeOutput } from '../../src/check/history/linear/tree-operation.ts';

const FOREVER = Number.POSITIVE_INFINITY;

/** Tries every order of every choice of the operations whose end is unknown. */
function bruteForce<S, I, O>(
  model: SequentialModel<S, I, O>,
  operations: readonly Operation<I, O>[],
): boolean {
  const go = (state: S, rest: readonly Operation<I, O>[]): boolean => {
    if (rest.every(({ returned }) => returned === FOREVER)) return true;
    const soonest = Math.min(...rest.map(({ returned }) => returned));
    return rest.some((next) => {
      if (next.invoked > soonest) return false;
      const after = model.step(state, next.input, next.output);
      return (
        after !== undefined &&
        go(
          after,
          rest.filter((other) => other !== next),
        )
      );
    });
  };
  return go(model.init(), operations);
}

/** How long an operation is under way before and after it takes effect, and whether it has an end. */
const interval = fc.record({
  before: fc.nat(30),
  after: fc.nat(30),
  unknown: fc.integer({ min: 0, max: 5 }),
  hint: fc.oneof(fc.constant(FOREVER), fc.nat(9)),
});

function place<I, O>(
  inputs: readonly I[],
  spans: readonly { before: number; after: number; unknown: number; hint: number }[],
  answer: (input: I, happens: boolean) => O,
): Operation<I, O>[] {
  return inputs.map((input, i) => {
    const { before, after, unknown, hint } = spans[i % spans.length] as (typeof spans)[number];
    const at = 10 * (i + 4);
    const known = unknown > 1;
    const output = answer(input, unknown > 0);
    const returned = known ? at + after : FOREVER;
    return { id: i, input, output: known ? output : undefined, invoked: at - before, returned, hint };
  });
}

const registerInput: fc.Arbitrary<RegisterInput> = fc.oneof(
  fc.record({ op: fc.constant('read' as const), key: fc.constantFrom('x', 'y') }),
  fc.record({ op: fc.constant('write' as const), key: fc.constantFrom('x', 'y'), value: fc.nat(2) }),
  fc.record({
    op: fc.constant('cas' as const),
    key: fc.constantFrom('x', 'y'),
    from: fc.nat(2),
    to: fc.nat(2),
  }),
);

function runRegister(): (input: RegisterInput, happens: boolean) => RegisterOutput {
  const values = new Map<string, number>();
  return (input, happens) => {
    const now = values.get(input.key) ?? 0;
    if (input.op === 'read') return now;
    if (happens && (input.op === 'write' || input.from === now))
      values.set(input.key, input.op === 'write' ? input.value : input.to);
    return input.op === 'write' ? null : input.from === now;
  };
}

const path = fc.constantFrom('/a', '/b', '/a/c');
const change = fc.oneof(
  fc.record({ op: fc.constant('create' as const), path, data: fc.constant(''), owner: fc.constant('0x0') }),
  fc.record({
    op: fc.constant('setData' as const),
    path,
    data: fc.constantFrom('x', 'y'),
    version: fc.integer({ min: -1, max: 1 }),
  }),
  fc.record({ op: fc.constant('delete' as const), path, version: fc.constant(-1) }),
);
const treeInput: fc.Arbitrary<TreeInput> = fc.oneof(
  change,
  fc.record({ op: fc.constant('multi' as const), parts: fc.array(change, { minLength: 1, maxLength: 2 }) }),
  fc.record({ op: fc.constant('get' as const), path }),
  fc.record({ op: fc.constant('list' as const), path: fc.constantFrom('/', '/a') }),
);
const tree = treeModel(new Set(['/a']));

function runTree(): (input: TreeInput, happens: boolean) => TreeOutput {
  let state = tree.init();
  const names = (parent: string) => new Set(state.below.get(parent)?.keys());
  return (input, happens) => {
    if (input.op === 'list') {
      const there = input.path === '/' || names('/').has('a');
      return { error: there ? 0 : -101, children: names(input.path) };
    }
    if (input.op === 'get') {
      const slash = input.path.lastIndexOf('/');
      const leaf = state.below.get(input.path.slice(0, slash) || '/')?.get(input.path.slice(slash + 1));
      return leaf === undefined ? { error: -101 } : { error: 0, data: leaf.data, version: leaf.version };
    }
    const error = [0, -101, -110, -103, -111].find(
      (code) => tree.step(state, input, { error: code }) !== undefined,
    );
    if (happens) state = tree.step(state, input, undefined) ?? state;
    return { error: error ?? 0 };
  };
}

const SETTINGS = { seed: 11, numRuns: 400 };

test('executions of correct registers are accepted, and spoilt ones as trial of all orders has it', () => {
  const spoil = fc.record({ at: fc.nat(6), value: fc.nat(2) });
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(
      fc.array(registerInput, { maxLength: 7 }),
      fc.array(interval, { minLength: 3, maxLength: 7 }),
      spoil,
      (inputs, spans, { at, value }) => {
        const operations = place(inputs, spans, runRegister());
        expect(checkLinearizable(registerModel, operations).verdict).toBe('linearizable');
        const spoilt = operations.map((op, i): Operation<RegisterInput, RegisterOutput> => {
          if (i !== at || op.output === undefined || op.output === null) return op;
          return { ...op, output: typeof op.output === 'number' ? value : !op.output };
        });
        const right = ['x', 'y'].every((key) =>
          bruteForce(
            registerModel,
            spoilt.filter((op) => op.input.key === key),
          ),
        );
        verdicts.add(right);
        expect(checkLinearizable(registerModel, spoilt).verdict).toBe(
          right ? 'linearizable' : 'not-linearizable',
        );
      },
    ),
    SETTINGS,
  );
  expect(verdicts.size).toBe(2);
});

test('executions of a correct tree are accepted, and spoilt ones as trial of all orders has it', () => {
  const spoil = fc.record({ at: fc.nat(6), error: fc.constantFrom(0, -101, -110) });
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(
      fc.array(treeInput, { maxLength: 7 }),
      fc.array(interval, { minLength: 3, maxLength: 7 }),
      spoil,
      (inputs, spans, { at, error }) => {
        const operations = place(inputs, spans, runTree());
        expect(checkLinearizable(tree, operations).verdict).toBe('linearizable');
        const spoilt = operations.map((op, i) =>
          i === at && op.output !== undefined ? { ...op, output: { ...op.output, error } } : op,
        );
        const right = bruteForce(tree, spoilt);
        verdicts.add(right);
        expect(checkLinearizable(tree, spoilt).verdict).toBe(right ? 'linearizable' : 'not-linearizable');
      },
    ),
    SETTINGS,
  );
  expect(verdicts.size).toBe(2);
});

test('hints change the way, never the verdict', () => {
  fc.assert(
    fc.property(
      fc.array(registerInput, { maxLength: 8 }),
      fc.array(interval, { minLength: 3 }),
      fc.array(fc.nat(9), { minLength: 1 }),
      (inputs, spans, hints) => {
        const wrong = place(inputs, spans, (input) =>
          input.op === 'read' ? 1 : input.op === 'cas' ? true : null,
        );
        const hinted = wrong.map((op, i) => ({ ...op, hint: hints[i % hints.length] ?? 0 }));
        expect(checkLinearizable(registerModel, hinted).verdict).toBe(
          checkLinearizable(registerModel, wrong).verdict,
        );
      },
    ),
    SETTINGS,
  );
});
