import type { Acl, Bytes } from './request.ts';

/** One change of the tree, as the log holds it. Source: the txn records of zookeeper.jute. */
export type TreeTxn =
  | {
      readonly type: 'create';
      readonly path: string;
      readonly data: Bytes;
      readonly acl: Acl;
      /** An ephemeral belongs to the session of its log entry. */
      readonly life: 'persistent' | 'ephemeral' | 'container' | 'ttl';
      /** Milliseconds; −1 for none. */
      readonly ttl: number;
      /** The parent's internal cversion after it; −1 is "one more". */
      readonly parentCversion: number;
    }
  /** Also what the reaper of containers and TTL nodes does, with session `0x0`. */
  | { readonly type: 'delete'; readonly path: string }
  /** `version` is the new one. */
  | { readonly type: 'setData'; readonly path: string; readonly data: Bytes; readonly version: number }
  | { readonly type: 'setACL'; readonly path: string; readonly acl: Acl; readonly version: number }
  | { readonly type: 'check'; readonly path: string; readonly version: number }
  /** A write that was refused, with its code. */
  | { readonly type: 'error'; readonly code: number };

/** A transaction of the canonical log. A multi with an error among its parts changes nothing. */
export type LoggedTxn =
  | TreeTxn
  | { readonly type: 'createSession'; readonly timeoutMs: number }
  /** The ephemerals that go with it; `null` when the log does not say. */
  | { readonly type: 'closeSession'; readonly paths: readonly string[] | null }
  | { readonly type: 'multi'; readonly parts: readonly TreeTxn[] };
