import { parentOf } from '../model/path-parts.ts';
import type { Operation } from './operation.ts';
import type { TreeInput, TreeOutput } from './tree-operation.ts';

type TreeOp = Operation<TreeInput, TreeOutput>;

/**
 * The operations by the paths that they depend on together: a multi joins its paths, a list its parent and
 * the children, a create its parent if that is in `volatile`.
 */
export function partitionByPath(operations: readonly TreeOp[], volatile: ReadonlySet<string>): TreeOp[][] {
  const joined = new Joined();
  const listed = new Set<string>();
  for (const { input } of operations) if (input.op === 'list') listed.add(input.path);
  for (const { input } of operations) {
    const paths = pathsOf(input);
    for (const path of paths) {
      joined.join(paths[0] as string, path);
      const parent = parentOf(path);
      if (path !== '/' && listed.has(parent)) joined.join(parent, path);
    }
    for (const path of createdBy(input)) if (volatile.has(parentOf(path))) joined.join(path, parentOf(path));
  }
  const parts = new Map<string, TreeOp[]>();
  for (const operation of operations) {
    const [first] = pathsOf(operation.input);
    if (first === undefined) continue;
    const root = joined.find(first);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [operation]);
    else part.push(operation);
  }
  return [...parts.values()];
}

/** The paths that an operation touches. */
export function pathsOf(input: TreeInput): readonly string[] {
  if (input.op === 'multi') return input.parts.map((part) => part.path);
  return 'paths' in input ? input.paths : [input.path];
}

function createdBy(input: TreeInput): string[] {
  if (input.op === 'create') return [input.path];
  if (input.op !== 'multi') return [];
  return input.parts.filter((part) => part.op === 'create').map((part) => part.path);
}

/** Sets of paths that grow together. */
class Joined {
  readonly #up = new Map<string, string>();

  find(path: string): string {
    let root = path;
    for (let up = this.#up.get(root); up !== undefined; up = this.#up.get(root)) root = up;
    let at = path;
    while (at !== root) {
      const next = this.#up.get(at) as string;
      this.#up.set(at, root);
      at = next;
    }
    return root;
  }

  join(a: string, b: string): void {
    const left = this.find(a);
    const right = this.find(b);
    if (left !== right) this.#up.set(right, left);
  }
}
