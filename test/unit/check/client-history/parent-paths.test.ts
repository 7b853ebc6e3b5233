import { expect, test } from 'vitest';
import type { Operation } from '../../../../src/check/history/linear/operation.ts';
import { ParentPaths } from '../../../../src/check/history/linear/parent-paths.ts';
import { checkLinearizable } from '../../../../src/check/history/linear/search.ts';
import { treeModel } from '../../../../src/check/history/linear/tree-model.ts';
import type {
  TreeChange,
  TreeInput,
  TreeOutput,
} from '../../../../src/check/history/linear/tree-operation.ts';

const create = (path: string): TreeChange => ({ op: 'create', path, data: '', owner: '0x0' });
const remove = (path: string): TreeChange => ({ op: 'delete', path, version: -1 });

/** Operations one after the other. */
function inTurn(
  ...told: readonly (readonly [TreeInput, number])[]
): readonly Operation<TreeInput, TreeOutput>[] {
  return told.map(([input, error], i) => ({
    id: i,
    input,
    output: { error },
    invoked: 10 * i,
    returned: 10 * i + 5,
    hint: i,
  }));
}

function verdictOf(operations: readonly Operation<TreeInput, TreeOutput>[]): string {
  return checkLinearizable(treeModel(new ParentPaths(operations).volatile), operations).verdict;
}

test('a multi that fails may miss a parent that it has deleted itself', () => {
  const multi: TreeInput = { op: 'multi', parts: [remove('/a'), create('/a/b')] };
  expect(verdictOf(inTurn([create('/a'), 0], [multi, -101]))).toBe('linearizable');
});

test('and nothing of it took place: the parent is there', () => {
  const multi: TreeInput = { op: 'multi', parts: [remove('/a'), create('/a/b')] };
  const operations = inTurn([create('/a'), 0], [multi, -101], [create('/a/c'), -101]);
  expect(verdictOf(operations)).toBe('not-linearizable');
});
