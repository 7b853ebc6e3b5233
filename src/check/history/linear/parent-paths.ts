import { parentOf } from '../model/path-parts.ts';
import type { Operation } from './operation.ts';
import type { TreeChange, TreeInput, TreeOutput } from './tree-operation.ts';

type TreeOp = Operation<TreeInput, TreeOutput>;

interface Parent {
  /** When its first creation was answered. */
  madeBy: number;
  /** When the first create below it was sent. */
  neededFrom: number;
  goes: boolean;
  known: boolean;
}

/**
 * Which parents may be missing when something is created below them: `volatile`. One that was made before it
 * was ever needed and never goes is simply there, and joins nothing.
 */
export class ParentPaths {
  readonly volatile: ReadonlySet<string>;
  readonly #parents = new Map<string, Parent>();

  constructor(operations: readonly TreeOp[]) {
    for (const { input, invoked } of operations) {
      for (const part of changesIn(input)) {
        if (part.op !== 'create') continue;
        const parent = this.#of(parentOf(part.path));
        parent.neededFrom = Math.min(parent.neededFrom, invoked);
      }
    }
    for (const { input, output, returned } of operations) {
      if (output !== undefined && output.error !== 0) {
        // A multi that fails may have deleted a parent before it missed it.
        for (const part of changesIn(input)) if (part.op === 'delete') this.#goes(part.path);
        continue;
      }
      for (const part of changesIn(input)) {
        const parent = this.#parents.get(part.path);
        if (parent === undefined) continue;
        if (part.op === 'delete' || (part.op === 'create' && part.owner !== '0x0')) this.#goes(part.path);
        if (part.op !== 'create') continue;
        parent.known = true;
        parent.madeBy = Math.min(parent.madeBy, returned);
      }
    }
    const volatile = new Set<string>();
    for (const [path, parent] of this.#parents) {
      if (parent.known && (parent.goes || parent.madeBy >= parent.neededFrom)) volatile.add(path);
    }
    this.volatile = volatile;
  }

  /** Whether it is known why an operation failed: not when it missed a parent that nobody made. */
  knows({ input, output }: TreeOp): boolean {
    if (output?.error !== -101) return true;
    return changesIn(input).every(
      (part) => part.op !== 'create' || (this.#parents.get(parentOf(part.path))?.known ?? false),
    );
  }

  #goes(path: string): void {
    const parent = this.#parents.get(path);
    if (parent !== undefined) parent.goes = true;
  }

  #of(path: string): Parent {
    let parent = this.#parents.get(path);
    if (parent === undefined) {
      parent = {
        madeBy: Number.POSITIVE_INFINITY,
        neededFrom: Number.POSITIVE_INFINITY,
        goes: false,
        known: false,
      };
      this.#parents.set(path, parent);
    }
    return parent;
  }
}

function changesIn(input: TreeInput): readonly TreeChange[] {
  switch (input.op) {
    case 'multi':
      return input.parts;
    case 'create':
    case 'delete':
    case 'setData':
    case 'check':
      return [input];
    default:
      return [];
  }
}
