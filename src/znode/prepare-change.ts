import { NO_SESSION } from '../node/ids.ts';
import { fixupAcl, PERMS } from './acl.ts';
import { ERRORS } from './errors.ts';
import { ownerKind } from './modes.ts';
import { isSpecialPath, isValidPath, parentOf } from './path.ts';
import { mayAccess, noteGone, noteParent, type Preparation } from './preparation.ts';
import { checkQuota } from './quota-check.ts';
import type { Check, Delete, DeleteContainer, SetAcl, SetData } from './requests.ts';
import { nextVersion, versionMatches } from './stat.ts';
import {
  type CheckTxn,
  type DeleteTxn,
  type ErrorTxn,
  errorTxn,
  type SetAclTxn,
  type SetDataTxn,
} from './txns.ts';

/** Prepares a delete. The parent's access list is asked before the node is looked for. Opcode 2. */
export function prepareDelete(at: Preparation, { path, version }: Delete): DeleteTxn | ErrorTxn {
  const session = checkSession(at);
  if (session !== ERRORS.OK) return errorTxn(session);
  const parentPath = isSpecialPath(path) ? undefined : parentOf(path);
  if (parentPath === undefined) return errorTxn(ERRORS.BADARGUMENTS);
  const parent = at.pending.find(parentPath);
  if (parent === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, parent, PERMS.DELETE)) return errorTxn(ERRORS.NOAUTH);
  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!versionMatches(version, node.stat.version)) return errorTxn(ERRORS.BADVERSION);
  if (node.childCount > 0) return errorTxn(ERRORS.NOTEMPTY);
  noteParent(at, parent, -1);
  noteGone(at, path);
  return { kind: 'delete', path };
}

/**
 * Prepares what the leader's reaper asks for. It checks neither session nor access list, nor whether a node
 * with a time to live was written meanwhile. A client that asks for it names no path that 3.8.0 could read:
 * the server takes the whole packet for it, zeros and all. Opcode 20.
 */
export function prepareDeleteContainer(at: Preparation, { path }: DeleteContainer): DeleteTxn | ErrorTxn {
  if (at.caller.session !== NO_SESSION && !at.options.rules.clientsMayReap) {
    return errorTxn(ERRORS.BADARGUMENTS);
  }
  const parentPath = isSpecialPath(path) ? undefined : parentOf(path);
  if (parentPath === undefined) return errorTxn(ERRORS.BADARGUMENTS);
  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (node.childCount > 0) return errorTxn(ERRORS.NOTEMPTY);
  const kind = ownerKind(node.stat.owner, at.options.extendedTypes);
  // A plain node may have come where a container was when the reaper looked: upstream removes that.
  const isPlain = kind === 'none' && at.caller.session === NO_SESSION;
  if (kind === 'session' || isPlain) return errorTxn(ERRORS.BADVERSION);
  const parent = at.pending.find(parentPath);
  if (parent === undefined) return errorTxn(ERRORS.NONODE);
  noteParent(at, parent, -1);
  noteGone(at, path);
  return { kind: 'deleteContainer', path };
}

/** Prepares a setData. Opcode 5. */
export function prepareSetData(at: Preparation, request: SetData): SetDataTxn | ErrorTxn {
  const { path, data, version } = request;
  const session = checkSession(at);
  if (session !== ERRORS.OK) return errorTxn(session);
  if (!isValidPath(path)) return errorTxn(ERRORS.BADARGUMENTS);
  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, node, PERMS.WRITE)) return errorTxn(ERRORS.NOAUTH);
  const bytes = (data?.length ?? 0) - (node.data?.length ?? 0);
  const quota = checkQuota(at, path, { count: 0, bytes });
  if (quota !== ERRORS.OK) return errorTxn(quota);
  if (!versionMatches(version, node.stat.version)) return errorTxn(ERRORS.BADVERSION);
  const next = nextVersion(node.stat.version);
  const stat = { ...node.stat, version: next, mtimeMs: at.timeMs, mzxid: at.zxid };
  at.pending.add({ ...node, zxid: at.zxid, data, stat });
  return { kind: 'setData', path, data, version: next };
}

/** Prepares a setACL. The version is that of the access list. Opcode 7. */
export function prepareSetAcl(at: Preparation, request: SetAcl): SetAclTxn | ErrorTxn {
  const { path, version } = request;
  const session = checkSession(at);
  if (session !== ERRORS.OK) return errorTxn(session);
  if (!isValidPath(path)) return errorTxn(ERRORS.BADARGUMENTS);
  const acl = fixupAcl(request.acl, at.caller.ids);
  if (acl === undefined) return errorTxn(ERRORS.INVALIDACL);
  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, node, PERMS.ADMIN)) return errorTxn(ERRORS.NOAUTH);
  if (!versionMatches(version, node.stat.aversion)) return errorTxn(ERRORS.BADVERSION);
  const next = nextVersion(node.stat.aversion);
  const bound = at.options.rules.setAclBindsAtOnce ? acl : node.acl;
  at.pending.add({ ...node, zxid: at.zxid, acl: bound, stat: { ...node.stat, aversion: next } });
  return { kind: 'setACL', path, acl, version: next };
}

/** Prepares a check. Its transaction carries the version that a write would have made. Opcode 13. */
export function prepareCheck(at: Preparation, { path, version }: Check): CheckTxn | ErrorTxn {
  const session = checkSession(at);
  if (session !== ERRORS.OK) return errorTxn(session);
  if (!isValidPath(path)) return errorTxn(ERRORS.BADARGUMENTS);
  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, node, PERMS.READ)) return errorTxn(ERRORS.NOAUTH);
  if (!versionMatches(version, node.stat.version)) return errorTxn(ERRORS.BADVERSION);
  return { kind: 'check', path, version: nextVersion(node.stat.version) };
}

function checkSession(at: Preparation) {
  return at.sessions.check(at.caller.session, at.caller.owner);
}
