import { nameIn, parentOf } from '../model/path-parts.ts';
import { nextVersion } from '../model/write-verdict.ts';
import type { Bytes } from '../request.ts';
import type { Operation } from './operation.ts';
import { partitionByPath, pathsOf } from './partition-by-path.ts';
import type { Footprint, SequentialModel } from './sequential-model.ts';
import type { TreeChange, TreeInput, TreeOutput } from './tree-operation.ts';

interface Leaf {
  readonly data: Bytes;
  readonly version: number;
  readonly owner: string;
}

type Leaves = ReadonlyMap<string, Leaf>;

/** Some paths of a tree, and what they hold, by parent and name; `hash` is kept along. */
export interface TreeState {
  /** No parent without children. */
  readonly below: ReadonlyMap<string, Leaves>;
  readonly hash: number;
}

const EMPTY: Leaves = new Map();

/** The tree model, over those paths. */
export type TreeModel = SequentialModel<TreeState, TreeInput, TreeOutput>;

/**
 * The tree as the search knows it: data, version and owner by path, no zxids. Whether a parent exists counts
 * only if it is in `volatile`, the paths that somebody creates or deletes.
 */
export function treeModel(volatile: ReadonlySet<string>): TreeModel {
  return {
    init: () => ({ below: new Map(), hash: 0 }),
    step: (state, input, output) => step(volatile, state, input, output),
    observes: (input, output) =>
      footprint(input).writes.length === 0 || (output !== undefined && output.error !== 0),
    equal,
    hash: (state) => state.hash,
    partition: (operations: readonly Operation<TreeInput, TreeOutput>[]) =>
      partitionByPath(operations, volatile),
    footprint,
  };
}

/**
 * By path; `path/` stands for the set of names below a path, to which different names are added in any
 * order.
 */
function footprint(input: TreeInput): Footprint {
  switch (input.op) {
    case 'get':
    case 'getMany':
      return { reads: pathsOf(input), writes: [] };
    case 'list':
      return { reads: [input.path, `${input.path}/`], writes: [] };
    default: {
      const reads: string[] = [];
      const writes: string[] = [];
      for (const path of pathsOf(input)) {
        // A create needs its parent; a parent is not deleted while it has children.
        reads.push(path, parentOf(path));
        writes.push(path, `${parentOf(path)}/`);
      }
      return { reads, writes };
    }
  }
}

function step(
  volatile: ReadonlySet<string>,
  state: TreeState,
  input: TreeInput,
  output: TreeOutput | undefined,
): TreeState | undefined {
  switch (input.op) {
    case 'get':
      return output === undefined || fits(state, input.path, output) ? state : undefined;
    case 'getMany':
      return input.paths.every((path, i) => {
        const part = output?.many?.[i];
        return part === undefined || fits(state, path, part);
      })
        ? state
        : undefined;
    case 'list':
      return output === undefined || fitsList(state, input.path, output) ? state : undefined;
    case 'vanish':
      return input.paths.reduce(
        (left, path) => (leafAt(left, path)?.owner === input.owner ? replaced(left, path, undefined) : left),
        state,
      );
    case 'multi':
      return stepMulti(volatile, state, input.parts, output);
    default: {
      const after = change(volatile, state, input);
      const error = typeof after === 'number' ? after : 0;
      if (output !== undefined && output.error !== error) return undefined;
      if (typeof after === 'number') return state;
      const wanted = output?.version;
      return wanted === undefined || leafAt(after, input.path)?.version === wanted ? after : undefined;
    }
  }
}

function stepMulti(
  volatile: ReadonlySet<string>,
  state: TreeState,
  parts: readonly TreeChange[],
  output: TreeOutput | undefined,
): TreeState | undefined {
  let after = state;
  for (const part of parts) {
    const next = change(volatile, after, part);
    if (typeof next === 'number') return output === undefined || output.error === next ? state : undefined;
    after = next;
  }
  return output === undefined || output.error === 0 ? after : undefined;
}

/** The state after a change, or the code with which it fails. */
function change(volatile: ReadonlySet<string>, state: TreeState, input: TreeChange): TreeState | number {
  const leaf = leafAt(state, input.path);
  if (input.op === 'create') {
    const parent = parentOf(input.path);
    if (volatile.has(parent) && leafAt(state, parent) === undefined) return -101;
    if (leaf !== undefined) return -110;
    return replaced(state, input.path, { data: input.data, version: 0, owner: input.owner });
  }
  if (leaf === undefined) return -101;
  if (input.version !== -1 && input.version !== leaf.version) return -103;
  if (input.op === 'check') return state;
  if (input.op === 'delete' && volatile.has(input.path) && state.below.has(input.path)) return -111;
  if (input.op === 'delete') return replaced(state, input.path, undefined);
  const version = nextVersion(leaf.version);
  return replaced(state, input.path, { data: input.data, version, owner: leaf.owner });
}

function leafAt(state: TreeState, path: string): Leaf | undefined {
  return state.below.get(parentOf(path))?.get(nameIn(path));
}

function fits(state: TreeState, path: string, output: TreeOutput): boolean {
  const leaf = leafAt(state, path);
  if (leaf === undefined) return output.error === -101;
  return (
    output.error === 0 &&
    (output.data === undefined || output.data === leaf.data) &&
    (output.version === undefined || output.version === leaf.version)
  );
}

function fitsList(state: TreeState, path: string, output: TreeOutput): boolean {
  if (output.error !== 0) return leafAt(state, path) === undefined;
  const wanted = output.children ?? new Set();
  const leaves = state.below.get(path) ?? EMPTY;
  if (leaves.size !== wanted.size) return false;
  for (const name of wanted) if (!leaves.has(name)) return false;
  return true;
}

function replaced(state: TreeState, path: string, leaf: Leaf | undefined): TreeState {
  const parent = parentOf(path);
  const name = nameIn(path);
  const below = new Map(state.below);
  const leaves = new Map(below.get(parent));
  const old = leaves.get(name);
  let hash = state.hash;
  if (old !== undefined) hash ^= hashOf(path, old);
  if (leaf === undefined) leaves.delete(name);
  else {
    leaves.set(name, leaf);
    hash ^= hashOf(path, leaf);
  }
  if (leaves.size === 0) below.delete(parent);
  else below.set(parent, leaves);
  return { below, hash };
}

function hashOf(path: string, leaf: Leaf): number {
  let hash = leaf.version;
  for (const text of [path, leaf.data ?? '', leaf.owner]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ text.length, 0x85ebca6b);
  }
  return hash ^ (hash >>> 15);
}

function equal(a: TreeState, b: TreeState): boolean {
  if (a === b) return true;
  if (a.hash !== b.hash || a.below.size !== b.below.size) return false;
  for (const [parent, leaves] of a.below) {
    const others = b.below.get(parent);
    if (others === leaves) continue;
    if (others === undefined || others.size !== leaves.size) return false;
    for (const [name, leaf] of leaves) if (!sameLeaf(leaf, others.get(name))) return false;
  }
  return true;
}

function sameLeaf(a: Leaf, b: Leaf | undefined): boolean {
  return b !== undefined && a.data === b.data && a.version === b.version && a.owner === b.owner;
}
