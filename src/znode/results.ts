import type { Result } from '../node/service.ts';
import type { Acl, AuthId } from './acl.ts';
import type { Data } from './requests.ts';
import type { Stat } from './stat.ts';

/**
 * A request, or a part of a multi, that changed nothing. In a failed multi the parts before the culprit have
 * `err` 0, those behind it RUNTIMEINCONSISTENCY.
 */
export interface Failed {
  readonly kind: 'failed';
  /** One of `ERRORS`. */
  readonly err: number;
}

/** What became of one change. A reply to `create` shows the path only. */
export type ChangeResult =
  | Failed
  | { readonly kind: 'created'; readonly path: string; readonly stat: Stat }
  /** `acl` was the node's: it says who may hear of its end. */
  | { readonly kind: 'deleted'; readonly path: string; readonly acl: Acl }
  | { readonly kind: 'dataSet'; readonly path: string; readonly stat: Stat }
  | { readonly kind: 'aclSet'; readonly path: string; readonly stat: Stat }
  | { readonly kind: 'checked'; readonly path: string };

/** The outcome of an applied transaction: what its reply says, and what watches fire on, in this order. */
export type ZnodeResult = Result &
  (
    | ChangeResult
    | { readonly kind: 'multi'; readonly aborted: boolean; readonly results: readonly ChangeResult[] }
    | { readonly kind: 'sessionCreated'; readonly timeoutMs: number }
    /** The ephemeral nodes that went, in the order in which they did, and their access lists. */
    | {
        readonly kind: 'sessionClosed';
        readonly paths: readonly string[];
        readonly acls: readonly Acl[];
      }
  );

/** The answer to a read. Children are sorted by UTF-16 units, ZooKeeper's come in any order. */
export type ReadResult =
  | Failed
  | { readonly kind: 'stat'; readonly stat: Stat }
  | { readonly kind: 'data'; readonly data: Data; readonly stat: Stat }
  | { readonly kind: 'acl'; readonly acl: Acl; readonly stat: Stat }
  /** `stat` is shown by getChildren2 only. */
  | { readonly kind: 'children'; readonly children: readonly string[]; readonly stat: Stat }
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'synced'; readonly path: string }
  /** The ids by scheme and user name. */
  | { readonly kind: 'identity'; readonly identity: readonly AuthId[] }
  | { readonly kind: 'multiRead'; readonly results: readonly ReadResult[] };

/** A failure with this code of `ERRORS`. */
export function failed(err: number): Failed {
  return { kind: 'failed', err };
}
