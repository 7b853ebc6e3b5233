import { NO_SESSION, type SessionId } from '../node/ids.ts';
import { fixupAcl, PERMS } from './acl.ts';
import { ERRORS } from './errors.ts';
import {
  CONTAINER_OWNER,
  type CreateMode,
  isValidTtl,
  modeOf,
  ownerKind,
  sequentialName,
  ttlOwner,
} from './modes.ts';
import { isValidPath, parentOf } from './path.ts';
import { mayAccess, noteParent, type Preparation } from './preparation.ts';
import { checkQuota } from './quota-check.ts';
import type { Create, CreateTtl } from './requests.ts';
import { newStat } from './stat.ts';
import { type CreateTtlTxn, type CreateTxn, type ErrorTxn, errorTxn } from './txns.ts';

/**
 * Prepares one of the four creates. The checks come in ZooKeeper's order: the parent is looked for before the
 * path is validated, for only then the name is known. Source: pRequest2TxnCreate.
 */
export function prepareCreate(
  at: Preparation,
  request: Create | CreateTtl,
): CreateTxn | CreateTtlTxn | ErrorTxn {
  const mode = modeOf(request.flags);
  if (mode === undefined) return errorTxn(ERRORS.BADARGUMENTS);
  const refusal = refuseMode(at, request, mode);
  if (refusal !== ERRORS.OK) return errorTxn(refusal);
  const parentPath = parentOf(request.path);
  if (parentPath === undefined) return errorTxn(ERRORS.BADARGUMENTS);
  const acl = fixupAcl(request.acl, at.caller.ids);
  if (acl === undefined) return errorTxn(ERRORS.INVALIDACL);
  const parent = at.pending.find(parentPath);
  if (parent === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, parent, PERMS.CREATE)) return errorTxn(ERRORS.NOAUTH);
  const path = mode.sequential ? sequentialName(request.path, parent.stat.cversion) : request.path;
  if (!isValidPath(path)) return errorTxn(ERRORS.BADARGUMENTS);
  if (at.pending.find(path) !== undefined) return errorTxn(ERRORS.NODEEXISTS);
  if (ownerKind(parent.stat.owner, at.options.extendedTypes) === 'session') {
    return errorTxn(ERRORS.NOCHILDRENFOREPHEMERALS);
  }
  const { data } = request;
  const quota = checkQuota(at, path, { count: 1, bytes: data?.length ?? 0 });
  if (quota !== ERRORS.OK) return errorTxn(quota);
  const { rules } = at.options;
  const parentCversion = rules.pendingCversion(parent.stat.cversion);
  noteParent(at, parent, 1, parentCversion);
  const owner = rules.pendingOwnerIsExact ? ownerMade(at, request, mode) : ownerMeant(at, request, mode);
  const stat = newStat(at.zxid, at.timeMs, owner);
  at.pending.add({ zxid: at.zxid, path, stat, childCount: 0, acl, data });
  const created = { path, data, acl, parentCversion };
  if (request.kind === 'createTTL') return { kind: 'createTTL', ...created, ttlMs: request.ttlMs };
  const ephemeral = mode.ephemeral && request.kind !== 'createContainer';
  return { kind: request.kind, ...created, ephemeral };
}

/** What the flags and the session stand against. Source: validateCreateRequest. */
function refuseMode(at: Preparation, request: Create | CreateTtl, mode: CreateMode) {
  const { sessions, options, caller } = at;
  // A createTTL with the flags of another mode makes a node that no server could own: we refuse it as well.
  const isTtl = request.kind === 'createTTL';
  if (mode.ttl && !options.extendedTypes) return ERRORS.UNIMPLEMENTED;
  if (mode.ttl !== isTtl || (isTtl && !isValidTtl(request.ttlMs))) return ERRORS.BADARGUMENTS;
  return sessions.check(caller.session, caller.owner, mode.ephemeral);
}

/** The owner that the transaction will give the node: the kind of the request decides. */
function ownerMade(at: Preparation, request: Create | CreateTtl, mode: CreateMode): SessionId {
  if (request.kind === 'createContainer') return CONTAINER_OWNER;
  if (request.kind === 'createTTL') return ttlOwner(request.ttlMs);
  return mode.ephemeral ? at.caller.session : NO_SESSION;
}

/** The owner that the flags speak of. */
function ownerMeant(at: Preparation, request: Create | CreateTtl, mode: CreateMode): SessionId {
  if (mode.container) return CONTAINER_OWNER;
  if (request.kind === 'createTTL') return ttlOwner(request.ttlMs);
  return mode.ephemeral ? at.caller.session : NO_SESSION;
}
