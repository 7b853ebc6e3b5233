import type { Zxid } from '../core/zxid.ts';

/** Watches a path until the watch is removed. Opcode 106. */
export interface AddWatch {
  readonly kind: 'addWatch';
  readonly path: string;
  readonly mode: 'persistent' | 'persistent-recursive';
}

/** Which of the connection's watches is meant. Source: Watcher.WatcherType. */
export type WatcherType = 'children' | 'data' | 'any' | 'persistent' | 'persistent-recursive';

/** Asks for a watch, or takes it away; NOWATCHER when there is none. Opcodes 17 and 18. */
export interface WatchesByType {
  readonly kind: 'checkWatches' | 'removeWatches';
  readonly path: string;
  readonly type: WatcherType;
}

/** Arms the watches of an earlier connection again, and tells what happened since. Opcodes 101 and 105. */
export interface SetWatches {
  readonly kind: 'setWatches';
  /** The last zxid that the client has seen. */
  readonly since: Zxid;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
  readonly persistent: readonly string[];
  readonly recursive: readonly string[];
}

/** What concerns the watches of one connection, and no transaction. */
export type WatchOperation = AddWatch | WatchesByType | SetWatches;
