import { unreachable } from '../core/assert.ts';
import type { Zxid } from '../core/zxid.ts';
import { NO_SESSION, type SessionId } from '../node/ids.ts';
import { type Acl, OPEN_ACL } from './acl.ts';
import { ERRORS } from './errors.ts';
import { CONTAINER_OWNER, ttlOwner } from './modes.ts';
import { treePath } from './path.ts';
import { type ChangeResult, failed, type ZnodeResult } from './results.ts';
import type { ZnodeRules } from './rules.ts';
import type { Sessions } from './sessions.ts';
import type { Stat } from './stat.ts';
import type { Moment, Tree } from './tree.ts';
import {
  type CloseSessionTxn,
  type CreateTtlTxn,
  type CreateTxn,
  isAborted,
  type MultiTxn,
  type SetAclTxn,
  type SubTxn,
  type TxnHeader,
  type ZnodeTxn,
} from './txns.ts';

/** What transactions change. */
export interface Applied {
  readonly tree: Tree;
  readonly sessions: Sessions;
  readonly rules: ZnodeRules;
}

/**
 * Applies a transaction. A function of state, zxid and transaction alone, and total: what does not fit, as
 * happens when a log is replayed on a fuzzy snapshot, is a failed result. Source: DataTree.processTxn.
 */
export function applyTxn(to: Applied, txn: ZnodeTxn, zxid: Zxid): ZnodeResult {
  switch (txn.kind) {
    case 'createSession':
      to.sessions.open(txn.session, txn.timeoutMs);
      return { kind: 'sessionCreated', timeoutMs: txn.timeoutMs };
    case 'closeSession':
      return applyClose(to, txn, txn.session, zxid);
    case 'multi':
      return applyMulti(to, txn, txn, zxid);
    default:
      return applyChange(to, txn, txn, zxid);
  }
}

function applyMulti(to: Applied, txn: MultiTxn, header: TxnHeader, zxid: Zxid): ZnodeResult {
  if (isAborted(txn)) {
    const results = txn.parts.map((part) => failed(part.kind === 'error' ? part.err : ERRORS.OK));
    return { kind: 'multi', aborted: true, results };
  }
  const results = txn.parts.map((part) => applyChange(to, part, header, zxid));
  return { kind: 'multi', aborted: false, results };
}

function applyChange(to: Applied, txn: SubTxn | SetAclTxn, header: TxnHeader, zxid: Zxid): ChangeResult {
  const { tree } = to;
  const at: Moment = { zxid, timeMs: header.timeMs };
  switch (txn.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return applyCreate(to, txn, header.session, at);
    case 'delete':
    case 'deleteContainer': {
      const acl = aclAt(tree, txn.path);
      const err = tree.remove(txn.path, zxid, to.rules);
      return err === ERRORS.OK ? { kind: 'deleted', path: txn.path, acl } : failed(err);
    }
    case 'setData': {
      const err = tree.setData(txn.path, txn.data, txn.version, at);
      return changed(tree, err, txn.path, (stat) => ({ kind: 'dataSet', path: txn.path, stat }));
    }
    case 'setACL': {
      const err = tree.setAcl(txn.path, txn.acl, txn.version);
      return changed(tree, err, txn.path, (stat) => ({ kind: 'aclSet', path: txn.path, stat }));
    }
    case 'check':
      return { kind: 'checked', path: txn.path };
    case 'error':
      return failed(txn.err);
    default:
      return unreachable(txn);
  }
}

function applyCreate(
  { tree, rules }: Applied,
  txn: CreateTxn | CreateTtlTxn,
  session: SessionId,
  at: Moment,
): ChangeResult {
  const { path, data, acl } = txn;
  const parentCversion = rules.createNamesCversion ? txn.parentCversion : -1;
  const err = tree.create({ path, data, acl, owner: ownerOf(txn, session), parentCversion }, at, rules);
  if (err === ERRORS.NODEEXISTS && rules.createNamesCversion) tree.raiseParent(path, parentCversion, at.zxid);
  // A quota that begins to count with this node counts behind it: the answer knows what was asked for.
  const dataLength = data?.length ?? 0;
  return changed(tree, err, path, (stat) => ({
    kind: 'created',
    path,
    stat: stat.dataLength === dataLength ? stat : { ...stat, dataLength },
  }));
}

function ownerOf(txn: CreateTxn | CreateTtlTxn, session: SessionId): SessionId {
  if (txn.kind === 'createTTL') return ttlOwner(txn.ttlMs);
  if (txn.kind === 'createContainer') return CONTAINER_OWNER;
  return txn.ephemeral ? session : NO_SESSION;
}

/** Removes the listed nodes, then whatever else the session owns here. Source: DataTree.killSession. */
function applyClose(
  { tree, sessions, rules }: Applied,
  txn: CloseSessionTxn,
  session: SessionId,
  zxid: Zxid,
): ZnodeResult {
  const paths: string[] = [];
  const acls: Acl[] = [];
  const remove = (path: string): void => {
    const acl = aclAt(tree, path);
    if (tree.remove(path, zxid, rules) !== ERRORS.OK) return;
    paths.push(path);
    acls.push(acl);
  };
  for (const path of txn.paths ?? []) remove(path);
  for (const path of tree.ownedBy(session)) remove(path);
  sessions.close(session);
  return { kind: 'sessionClosed', paths, acls };
}

function aclAt(tree: Tree, path: string): Acl {
  const node = tree.get(path);
  return node === undefined ? OPEN_ACL : tree.aclOf(node);
}

function changed(tree: Tree, err: number, path: string, make: (stat: Stat) => ChangeResult): ChangeResult {
  const node = err === ERRORS.OK ? tree.get(treePath(path)) : undefined;
  return node === undefined ? failed(err) : make(tree.statOf(node));
}
