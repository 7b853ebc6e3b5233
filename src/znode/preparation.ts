import type { Zxid } from '../core/zxid.ts';
import { permits } from './acl.ts';
import type { ZnodeOptions } from './options.ts';
import type { LiveRecord, PendingChanges } from './pending-changes.ts';
import type { Caller } from './requests.ts';
import type { SessionBook } from './session-book.ts';
import type { Tree } from './tree.ts';

/** All that the leader looks at when it turns one request into a transaction. */
export interface Preparation {
  readonly tree: Tree;
  readonly pending: PendingChanges;
  readonly sessions: SessionBook;
  readonly options: ZnodeOptions;
  readonly caller: Caller;
  readonly zxid: Zxid;
  readonly timeMs: number;
}

/** Whether the caller may do one of the things in `needed` with a node. */
export function mayAccess(at: Preparation, node: LiveRecord, needed: number): boolean {
  return at.options.skipAcl || permits(node.acl, needed, at.caller.ids);
}

/**
 * Notes that a parent gains (`births` 1) or loses (−1) a child at this zxid. `cversion` is its new one, if it
 * changes.
 */
export function noteParent(
  at: Preparation,
  parent: LiveRecord,
  births: number,
  cversion = parent.stat.cversion,
): void {
  at.pending.add({
    ...parent,
    zxid: at.zxid,
    childCount: parent.childCount + births,
    stat: { ...parent.stat, cversion, pzxid: at.zxid },
  });
}

/** Notes that a node goes at this zxid. */
export function noteGone(at: Preparation, path: string): void {
  at.pending.add({ zxid: at.zxid, path, stat: null, childCount: 0, acl: [], data: null });
}
