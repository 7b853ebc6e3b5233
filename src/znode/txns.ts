import type { Origin, Txn } from '../node/content.ts';
import type { Acl } from './acl.ts';
import { contentDigest } from './content-digest.ts';
import type { Data } from './requests.ts';

/** A node is made. Source: CreateTxn (types 1 and 15) and CreateContainerTxn (19). */
export interface CreateTxn {
  readonly kind: 'create' | 'create2' | 'createContainer';
  readonly path: string;
  readonly data: Data;
  readonly acl: Acl;
  /** The header's session owns it. Never with a container. */
  readonly ephemeral: boolean;
  /** The parent's cversion afterwards; −1: one more than it has. */
  readonly parentCversion: number;
}

/** A node with a time to live is made. Source: CreateTTLTxn (type 21). */
export interface CreateTtlTxn extends Omit<CreateTxn, 'kind' | 'ephemeral'> {
  readonly kind: 'createTTL';
  readonly ttlMs: number;
}

/** A node goes. Source: DeleteTxn (types 2 and 20). */
export interface DeleteTxn {
  readonly kind: 'delete' | 'deleteContainer';
  readonly path: string;
}

/** Source: SetDataTxn (type 5). `version` is the new one. */
export interface SetDataTxn {
  readonly kind: 'setData';
  readonly path: string;
  readonly data: Data;
  readonly version: number;
}

/** Source: SetACLTxn (type 7). `version` is the new aversion. */
export interface SetAclTxn {
  readonly kind: 'setACL';
  readonly path: string;
  readonly acl: Acl;
  readonly version: number;
}

/** Changes nothing. Source: CheckVersionTxn (type 13), which carries the version after. */
export interface CheckTxn {
  readonly kind: 'check';
  readonly path: string;
  readonly version: number;
}

/** A request failed, or a part of a multi: nothing changes. Source: ErrorTxn (type −1). */
export interface ErrorTxn {
  readonly kind: 'error';
  /** One of `ERRORS`; a log written elsewhere may hold any number. */
  readonly err: number;
}

/** What a multi may hold. */
export type SubTxn = CreateTxn | CreateTtlTxn | DeleteTxn | SetDataTxn | CheckTxn | ErrorTxn;

/**
 * Source: MultiTxn (type 14). One error among the parts means that nothing is applied, though the good parts
 * before it are kept as they were.
 */
export interface MultiTxn {
  readonly kind: 'multi';
  readonly parts: readonly SubTxn[];
}

/** Source: CreateSessionTxn (type −10). */
export interface CreateSessionTxn {
  readonly kind: 'createSession';
  readonly timeoutMs: number;
}

/** Source: CloseSessionTxn (type −11). Null: each server finds the session's nodes itself, as before 3.6. */
export interface CloseSessionTxn {
  readonly kind: 'closeSession';
  readonly paths: readonly string[] | null;
}

/** What a transaction changes. */
export type TxnBody = SubTxn | SetAclTxn | MultiTxn | CreateSessionTxn | CloseSessionTxn;

/** What the header of a transaction adds to its body, but for the zxid: who asked, and when. */
export interface TxnHeader extends Origin {
  /** The leader's wall clock when it was prepared, ms. */
  readonly timeMs: number;
}

/** A transaction on the tree. */
export type ZnodeTxn = Txn & TxnBody & TxnHeader;

/** The transaction with this body; its digest covers header and body. Source: TxnHeader. */
export function makeTxn(body: TxnBody, { session, cxid, timeMs }: TxnHeader): ZnodeTxn {
  return { ...body, session, cxid, timeMs, digest: contentDigest([session, cxid, timeMs, body]) };
}

/** The body of a request that failed. */
export function errorTxn(err: number): ErrorTxn {
  return { kind: 'error', err };
}

/** Whether a part of the multi failed, so that nothing of it is applied. */
export function isAborted(txn: MultiTxn): boolean {
  return txn.parts.some((part) => part.kind === 'error');
}
