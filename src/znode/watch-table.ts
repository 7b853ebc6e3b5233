import type { EventType } from './client-messages.ts';
import type { Connection } from './connection.ts';
import { parentOf } from './path.ts';
import type { WatcherType } from './watch-requests.ts';

/** How a watch stays: gone after one event, until it is removed, or that for everything below as well. */
export const WATCH_MODES = Object.freeze({ STANDARD: 1, PERSISTENT: 2, RECURSIVE: 4 } as const);

/** Which of the two tables: what a node is and holds, or which children it has. */
export type WatchKind = 'data' | 'child';

/** Modes of one connection at one path, a sum of `WATCH_MODES`. */
type Watchers = Map<Connection, number>;

const { STANDARD, PERSISTENT, RECURSIVE } = WATCH_MODES;

/**
 * The watches of a server's connections. They live as long as the connection; one trigger sends a connection
 * one event at most, whatever its modes. Source: WatchManager, WatcherMode.
 */
export class WatchTable {
  readonly #tables: Readonly<Record<WatchKind, Map<string, Watchers>>> = {
    data: new Map(),
    child: new Map(),
  };
  /** How many recursive watches there are: without one, no ancestor is looked at. */
  #recursive = 0;

  add(kind: WatchKind, path: string, connection: Connection, mode: number): void {
    const table = this.#tables[kind];
    let watchers = table.get(path);
    if (watchers === undefined) {
      watchers = new Map();
      table.set(path, watchers);
    }
    const modes = watchers.get(connection) ?? 0;
    if ((mode & RECURSIVE) > (modes & RECURSIVE)) this.#recursive++;
    watchers.set(connection, modes | mode);
  }

  /** Whether the connection has a watch of this type at the path. */
  has(type: WatcherType, path: string, connection: Connection): boolean {
    return TARGETS[type].some(
      ([kind, modes]) => ((this.#tables[kind].get(path)?.get(connection) ?? 0) & modes) !== 0,
    );
  }

  /** Removes the connection's watches of this type; whether there were any. */
  remove(type: WatcherType, path: string, connection: Connection): boolean {
    const found = this.has(type, path, connection);
    for (const [kind, modes] of TARGETS[type]) this.#drop(kind, path, connection, modes);
    return found;
  }

  /** The connection ended. */
  forget(connection: Connection): void {
    for (const kind of ['data', 'child'] as const) {
      const paths = [...this.#tables[kind]].filter(([, watchers]) => watchers.has(connection));
      for (const [path] of paths) this.#drop(kind, path, connection, STANDARD | PERSISTENT | RECURSIVE);
    }
  }

  clear(): void {
    this.#tables.data.clear();
    this.#tables.child.clear();
    this.#recursive = 0;
  }

  /**
   * Whom an event concerns, by ascending link; their one-shot watches at the path are used up. Those in
   * `served` are passed over.
   */
  trigger(path: string, type: EventType, served?: readonly Connection[]): Connection[] {
    const concerned = new Set<Connection>();
    const kind = type === 'children-changed' ? 'child' : 'data';
    this.#fire(kind, path, concerned);
    if (kind === 'data') this.#addRecursive(path, concerned);
    return sorted(concerned, served);
  }

  /** Whom the end of a node concerns as one whose children were watched. */
  triggerChildless(path: string, served: readonly Connection[]): Connection[] {
    const concerned = new Set<Connection>();
    this.#fire('child', path, concerned);
    return sorted(concerned, served);
  }

  #fire(kind: WatchKind, path: string, concerned: Set<Connection>): void {
    for (const [connection, modes] of [...(this.#tables[kind].get(path) ?? [])]) {
      concerned.add(connection);
      if ((modes & STANDARD) !== 0) this.#drop(kind, path, connection, STANDARD);
    }
  }

  #addRecursive(path: string, concerned: Set<Connection>): void {
    if (this.#recursive === 0) return;
    for (let at = parentOf(path); at !== undefined; at = at === '/' || at === '' ? undefined : parentOf(at)) {
      for (const [connection, modes] of this.#tables.data.get(at === '' ? '/' : at) ?? []) {
        if ((modes & RECURSIVE) !== 0) concerned.add(connection);
      }
    }
  }

  #drop(kind: WatchKind, path: string, connection: Connection, modes: number): void {
    const watchers = this.#tables[kind].get(path);
    const present = watchers?.get(connection);
    if (watchers === undefined || present === undefined) return;
    if ((present & modes & RECURSIVE) !== 0) this.#recursive--;
    const left = present & ~modes;
    if (left !== 0) watchers.set(connection, left);
    else watchers.delete(connection);
    if (watchers.size === 0) this.#tables[kind].delete(path);
  }
}

/** What each type of removal names. Source: DataTree.removeWatch. */
const TARGETS: Readonly<Record<WatcherType, readonly (readonly [WatchKind, number])[]>> = {
  children: [['child', STANDARD]],
  data: [['data', STANDARD]],
  any: [
    ['data', STANDARD | PERSISTENT | RECURSIVE],
    ['child', STANDARD | PERSISTENT],
  ],
  persistent: [
    ['data', PERSISTENT],
    ['child', PERSISTENT],
  ],
  'persistent-recursive': [['data', RECURSIVE]],
};

function sorted(connections: ReadonlySet<Connection>, served: readonly Connection[] = []): Connection[] {
  return [...connections]
    .filter((connection) => !served.includes(connection))
    .sort((a, b) => a.link - b.link);
}
