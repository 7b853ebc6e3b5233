import { parentOf } from './model/path-parts.ts';
import type { WatchCall } from './model/watch-call.ts';

/** Where a watch may be registered. */
export type WatchTable = 'data' | 'child' | 'recursive';

const NONE: readonly number[] = [];

/** The calls of the watch tables, in the order of the log, found by who would hear them. */
export class WatchIndex {
  readonly calls: readonly WatchCall[];
  readonly #data = new Map<string, number[]>();
  readonly #child = new Map<string, number[]>();
  readonly #below = new Map<string, number[]>();

  /** `bases`: the paths at which recursive watches are ever set. */
  constructor(calls: readonly WatchCall[], bases: ReadonlySet<string>) {
    this.calls = calls;
    for (const base of bases) this.#below.set(base, []);
    for (const [i, { table, path }] of calls.entries()) {
      if (table === 'child') {
        add(this.#child, path, i);
        continue;
      }
      add(this.#data, path, i);
      if (bases.size === 0) continue;
      for (let at = path; ; at = parentOf(at)) {
        this.#below.get(at)?.push(i);
        if (at === '/') break;
      }
    }
  }

  /** The numbers of the calls that a watch of this kind at `path` hears, ascending. */
  heardAt(table: WatchTable, path: string): readonly number[] {
    const lists = table === 'data' ? this.#data : table === 'child' ? this.#child : this.#below;
    return lists.get(path) ?? NONE;
  }
}

function add(lists: Map<string, number[]>, path: string, i: number): void {
  const list = lists.get(path);
  if (list === undefined) lists.set(path, [i]);
  else list.push(i);
}
