import type { WatchEventType } from '../client-history.ts';
import type { Acl } from '../request.ts';

/**
 * One call of a server's watch tables while it applies a transaction: whoever watches `path` in that table
 * hears of it, if the ACL lets them read. Source: DataTree, WatchManager.triggerWatch.
 */
export interface WatchCall {
  readonly zxid: number;
  readonly table: 'data' | 'child';
  readonly type: WatchEventType;
  readonly path: string;
  readonly acl: Acl;
}
