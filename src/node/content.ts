import { chain32 } from '../core/digest.ts';
import type { NodeId, SessionId } from './ids.ts';

/** Who asked: what the header of every transaction carries (TxnHeader's clientId and cxid). */
export interface Origin {
  /** The client's session; `NO_SESSION` for a transaction of the server itself. */
  readonly session: SessionId;
  /** The client's number for the request. */
  readonly cxid: number;
}

/** The body of a request: a closed union of each service. */
export interface Body {
  readonly kind: string;
}

/**
 * An idempotent change, made by `prepare`: a closed union of each service. `digest` covers all of its
 * content, in 31 bits: an engine holds such an integer without a box.
 */
export interface Txn {
  readonly kind: string;
  readonly digest: number;
}

/** A transaction as it is proposed: who asked, the leader's wall clock, the change. */
export interface Proposed extends Origin {
  readonly timeMs: number;
  readonly txn: Txn;
}

/** A message on the client port: a closed union of each service. */
export interface ClientMessage {
  readonly kind: string;
}

/** How a server serves. `read-only`: from what it has, without a quorum. */
export type ServingRole = 'leading' | 'following' | 'observing' | 'read-only';

/**
 * The transaction that changes nothing: what a leader proposes in protocols where only an entry of its own
 * makes what it inherited committed. The service never sees it.
 */
export const NO_OP: Txn = Object.freeze({ kind: 'no-op', digest: 1 });

/**
 * The transaction that says who belongs to the ensemble from here on, where the log itself holds that: its
 * voters, and its members without a vote, both ascending. The service never sees it.
 */
export interface ConfigTxn extends Txn {
  readonly kind: 'config';
  readonly voters: readonly NodeId[];
  readonly observers: readonly NodeId[];
}

/** Makes such a transaction. */
export function configTxn(voters: readonly NodeId[], observers: readonly NodeId[]): ConfigTxn {
  let digest = chain32(2, voters.length);
  for (const member of [...voters, ...observers]) digest = chain32(digest, member);
  return Object.freeze({ kind: 'config', digest: digest >>> 1, voters, observers });
}

/** Whether a transaction is one. */
export function isConfig(txn: Txn): txn is ConfigTxn {
  return txn.kind === 'config';
}
