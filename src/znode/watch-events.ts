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
  const parts = changesIn(result);
  const deletions = parts.length > 1 ? deletionsIn(parts) : undefined;
  const due = (index: number, type: EventType, path: string, to: readonly Connection[]): void => {
    if (to.length === 0) return;
    const part = parts[index];
    const own = part?.kind === 'deleted' && part.path === path ? part.acl : undefined;
    const acl = own ?? deletions?.get(path)?.find((one) => one.index > index)?.acl ?? aclIn(tree, path);
    events.push({ type, path, acl, to });
  };
  const childrenChanged = (index: number, path: string): void => {
    const parent = parentOf(path) || ROOT;
    due(index, 'children-changed', parent, watches.trigger(parent, 'children-changed'));
  };
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'created') {
      due(index, 'created', part.path, watches.trigger(part.path, 'created'));
      childrenChanged(index, part.path);
    } else if (part.kind === 'deleted') {
      const served = watches.trigger(part.path, 'deleted');
      due(index, 'deleted', part.path, served);
      due(index, 'deleted', part.path, watches.triggerChildless(part.path, served));
      childrenChanged(index, part.path);
    } else if (part.kind === 'dataSet') {
      due(index, 'data-changed', part.path, watches.trigger(part.path, 'data-changed'));
    }
  }
  return events;
}

/** What a transaction changed, one after the other. */
function changesIn(result: ZnodeResult): readonly ChangeResult[] {
  if (result.kind === 'multi') return result.aborted ? [] : result.results;
  if (result.kind === 'sessionCreated') return [];
  if (result.kind !== 'sessionClosed') return [result];
  const { paths, acls } = result;
  return paths.map((path, i) => ({ kind: 'deleted', path, acl: acls[i] ?? OPEN_ACL }));
}

/**
 * By path: where it was deleted, and who might read it then. A node that a later part deletes, and another
 * makes again, had the list of that time before.
 */
function deletionsIn(parts: readonly ChangeResult[]): Map<string, { index: number; acl: Acl }[]> {
  const found = new Map<string, { index: number; acl: Acl }[]>();
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'deleted') continue;
    const of = found.get(part.path);
    if (of === undefined) found.set(part.path, [{ index, acl: part.acl }]);
    else of.push({ index, acl: part.acl });
  }
  return found;
}

function aclIn(tree: Tree, path: string): Acl {
  const node = tree.get(path);
  return node === undefined ? OPEN_ACL : tree.aclOf(node);
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
