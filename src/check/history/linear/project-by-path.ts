import type { Operation } from './operation.ts';
import type { TreeChange, TreeInput, TreeOutput } from './tree-operation.ts';

type TreeOp = Operation<TreeInput, TreeOutput>;

/**
 * The same operations as each path sees them alone: a multi that succeeded becomes one operation a path, a
 * multi that failed, a list, and a create that missed its parent are left out. What is linearizable is so
 * path by path too; this finds most faults much sooner, for its parts are small.
 */
export function projectByPath(operations: readonly TreeOp[]): TreeOp[] {
  return operations.flatMap((operation): TreeOp[] => {
    const { input, output } = operation;
    switch (input.op) {
      case 'list':
        return [];
      case 'getMany':
        return input.paths.map((path, i) => ({
          ...operation,
          input: { op: 'get', path },
          output: output?.many?.[i],
        }));
      case 'vanish':
        return input.paths.map((path) => ({ ...operation, input: { ...input, paths: [path] } }));
      case 'multi':
        return output !== undefined && output.error !== 0 ? [] : multiByPath(operation, input.parts);
      case 'create':
        return output?.error === -101 ? [] : [operation];
      default:
        return [operation];
    }
  });
}

function multiByPath(operation: TreeOp, parts: readonly TreeChange[]): TreeOp[] {
  const byPath = new Map<string, TreeChange[]>();
  for (const part of parts) {
    const own = byPath.get(part.path);
    if (own === undefined) byPath.set(part.path, [part]);
    else own.push(part);
  }
  return [...byPath.values()].map((own) => ({ ...operation, input: { op: 'multi', parts: own } }));
}
