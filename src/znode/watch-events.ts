import { type Acl, OPEN_ACL } from './acl.ts';
import type { EventType } from './client-messages.ts';
import type { Connection } from './connection.ts';
import { parentOf, ROOT } from './path.ts';
import type { ChangeResult, ZnodeResult } from './results.ts';
import type { Tree } from './tree.ts';
import type { SetWatches } from './watch-requests.ts';
import { WATCH_MODES, type WatchTable } from './watch-table.ts';

/** An event that is due to connections. */
export interface DueEvent {
  readonly type: EventType;
  readonly path: string;
  /** Who may read this hears of it. */
  readonly acl: Acl;
  /** By ascending link. */
  readonly to: readonly Connection[];
}

/**
 * The events that an applied transaction makes due, in the order of its changes: of a node itself, then of
 * its parent. Source: DataTree.createNode, deleteNode, setData.
 */
export function eventsOf(result: ZnodeResult, tree: Tree, watches: WatchTable): DueEvent[] {
  const events: DueEvent[] = [];
  const gone = new Map<string, Acl>();
  const aclOf = (path: string): Acl => {
    const node = tree.get(path);
    return node === undefined ? (gone.get(path) ?? OPEN_ACL) : tree.aclOf(node);
  };
  const due = (type: EventType, path: string, acl: Acl, to: readonly Connection[]): void => {
    if (to.length > 0) events.push({ type, path, acl, to });
  };
  const childrenChanged = (path: string): void => {
    const parent = parentOf(path) || ROOT;
    due('children-changed', parent, aclOf(parent), watches.trigger(parent, 'children-changed'));
  };
  const deleted = (path: string, acl: Acl): void => {
    const served = watches.trigger(path, 'deleted');
    due('deleted', path, acl, served);
    due('deleted', path, acl, watches.triggerChildless(path, served));
    childrenChanged(path);
  };
  const change = (part: ChangeResult): void => {
    if (part.kind === 'created') {
      due('created', part.path, aclOf(part.path), watches.trigger(part.path, 'created'));
      childrenChanged(part.path);
    } else if (part.kind === 'deleted') {
      deleted(part.path, part.acl);
    } else if (part.kind === 'dataSet') {
      due('data-changed', part.path, aclOf(part.path), watches.trigger(part.path, 'data-changed'));
    }
  };
  if (result.kind === 'sessionClosed') {
    for (const [i, path] of result.paths.entries()) gone.set(path, result.acls[i] ?? OPEN_ACL);
    for (const [i, path] of result.paths.entries()) deleted(path, result.acls[i] ?? OPEN_ACL);
  } else if (result.kind === 'multi') {
    if (result.aborted) return events;
    for (const part of result.results) if (part.kind === 'deleted') gone.set(part.path, part.acl);
    for (const part of result.results) change(part);
  } else if (result.kind !== 'sessionCreated') {
    change(result);
  }
  return events;
}

/** What happened while the client was away, as far as the tree still shows it, by path and type. */
export interface MissedEvent {
  readonly type: EventType;
  readonly path: string;
}

const { STANDARD, PERSISTENT, RECURSIVE } = WATCH_MODES;

/**
 * Arms a reconnected client's watches, or says what it has missed. What was made and removed meanwhile, and
 * all that persistent watches missed, is not seen. Source: DataTree.setWatches.
 */
export function rearm(
  request: SetWatches,
  tree: Tree,
  watches: WatchTable,
  connection: Connection,
): MissedEvent[] {
  const { since } = request;
  const missed: MissedEvent[] = [];
  for (const path of request.data) {
    const node = tree.get(path);
    if (node === undefined) missed.push({ type: 'deleted', path });
    else if (node.stat.mzxid > since) missed.push({ type: 'data-changed', path });
    else watches.add('data', path, connection, STANDARD);
  }
  for (const path of request.exist) {
    if (tree.get(path) !== undefined) missed.push({ type: 'created', path });
    else watches.add('data', path, connection, STANDARD);
  }
  for (const path of request.child) {
    const node = tree.get(path);
    if (node === undefined) missed.push({ type: 'deleted', path });
    else if (node.stat.pzxid > since) missed.push({ type: 'children-changed', path });
    else watches.add('child', path, connection, STANDARD);
  }
  for (const path of request.persistent) {
    watches.add('data', path, connection, PERSISTENT);
    watches.add('child', path, connection, PERSISTENT);
  }
  for (const path of request.recursive) watches.add('data', path, connection, RECURSIVE);
  return missed;
}
