import { makeZxid, type Zxid } from '../core/zxid.ts';
import type { TxnRecord } from '../protocols/zab/messages.ts';
import type { AclEntryRecord } from '../wire/jute-records.ts';
import { type TxnBody as RealBody, type TxnPart as RealPart, txnType } from '../wire/txn-bodies.ts';
import type { LoggedTxn, TxnDigestRecord } from '../wire/txn-record.ts';
import { WireError } from '../wire/wire-error.ts';
import type { Acl } from '../znode/acl.ts';
import { OPEN_ACL } from '../znode/acl.ts';
import { sessionIdOf } from '../znode/session-id.ts';
import { makeTxn, type SubTxn, type TxnBody, type ZnodeTxn } from '../znode/txns.ts';

const COUNTERS = 4294967296n;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A zxid as our code holds it. Throws a `WireError` for an epoch above 2²¹−1 or a negative one. */
export function packedZxid(zxid: bigint, what: string): Zxid {
  if (zxid < 0n || zxid > MAX_SAFE) {
    throw new WireError('range', 0, `${what} is 0x${BigInt.asUintN(64, zxid).toString(16)}`);
  }
  return makeZxid(Number(zxid / COUNTERS), Number(zxid % COUNTERS));
}

/** The zxid that a client says it has seen. What no server can have had is as good as the nearest. */
export function seenZxid(zxid: bigint): Zxid {
  if (zxid < 0n) return -1 as Zxid;
  return packedZxid(zxid > MAX_SAFE ? MAX_SAFE : zxid, 'the last zxid of a client');
}

/** A time in ms as our code holds it. Throws a `WireError` beyond 2⁵³. */
export function safeTime(ms: bigint, what: string): number {
  if (ms < -MAX_SAFE || ms > MAX_SAFE) throw new WireError('range', 0, `${what} is ${ms} ms`);
  return Number(ms);
}

/** An access list as our tree holds it; none at all means that everyone may do everything. */
export function nodeAcl(list: readonly AclEntryRecord[] | null): Acl {
  if (list === null) return OPEN_ACL;
  return list.map(({ perms, id }) => ({ perms, scheme: id.scheme ?? '', id: id.id ?? '' }));
}

/** The same access list as it is written. */
export function realAcl(list: Acl): readonly AclEntryRecord[] {
  return list.map(({ perms, scheme, id }) => ({ perms, id: { scheme, id } }));
}

/**
 * The record that a node keeps of a transaction in a real log. A reconfig becomes the setData that it is for
 * the tree. Throws a `WireError` for numbers that our code cannot hold, and for a missing path.
 */
export function txnRecordOf({ header, body }: LoggedTxn): TxnRecord {
  const position = packedZxid(header.zxid, 'the zxid of a transaction');
  const session = sessionIdOf(header.clientId);
  const timeMs = safeTime(header.time, 'the time of a transaction');
  const { cxid } = header;
  const txn = makeTxn(nodeBody(body), { session, cxid, timeMs });
  return { kind: 'txn', position, digest: txn.digest, session, cxid, timeMs, txn };
}

/** What a real log holds of a record: the reverse of `txnRecordOf`, but that a reconfig stays a setData. */
export function loggedTxnOf(record: TxnRecord, digest: TxnDigestRecord | undefined): LoggedTxn {
  const body = realBody(record.txn as ZnodeTxn);
  return {
    header: {
      clientId: BigInt.asIntN(64, BigInt(`0x${record.session}`)),
      cxid: record.cxid,
      zxid: BigInt(record.position),
      time: BigInt(record.timeMs),
      type: txnType(body),
    },
    body,
    digest,
  };
}

function nodeBody(body: RealBody): TxnBody {
  switch (body.kind) {
    case 'multi':
      return { kind: 'multi', parts: body.parts.map(nodePart) };
    case 'setACL':
      return { kind: 'setACL', path: pathOf(body.path), acl: nodeAcl(body.acl), version: body.version };
    case 'reconfig':
      return { kind: 'setData', path: pathOf(body.path), data: body.data, version: body.version };
    case 'createSession':
      return { kind: 'createSession', timeoutMs: body.timeOut };
    case 'closeSession':
      return {
        kind: 'closeSession',
        paths: body.paths2Delete === null ? null : body.paths2Delete.map(pathOf),
      };
    case 'oldCloseSession':
      return { kind: 'closeSession', paths: null };
    case 'oldCreate': {
      const { path, data, acl, ephemeral } = body;
      return { kind: 'create', path: pathOf(path), data, acl: nodeAcl(acl), ephemeral, parentCversion: -1 };
    }
    default:
      return nodePart(body);
  }
}

function nodePart(body: RealPart): SubTxn {
  if (body.kind === 'error') return { kind: 'error', err: body.err };
  const path = pathOf(body.path);
  switch (body.kind) {
    case 'create':
    case 'create2': {
      const { kind, data, acl, ephemeral, parentCVersion: parentCversion } = body;
      return { kind, path, data, acl: nodeAcl(acl), ephemeral, parentCversion };
    }
    case 'createContainer': {
      const { kind, data, acl, parentCVersion: parentCversion } = body;
      return { kind, path, data, acl: nodeAcl(acl), ephemeral: false, parentCversion };
    }
    case 'createTTL': {
      const { kind, data, acl, parentCVersion: parentCversion } = body;
      return { kind, path, data, acl: nodeAcl(acl), parentCversion, ttlMs: safeTime(body.ttl, 'a TTL') };
    }
    case 'delete':
    case 'deleteContainer':
      return { kind: body.kind, path };
    case 'setData':
      return { kind: 'setData', path, data: body.data, version: body.version };
    case 'check':
      return { kind: 'check', path, version: body.version };
  }
}

function pathOf(path: string | null): string {
  if (path === null) throw new WireError('range', 0, 'a transaction without a path');
  return path;
}

function realBody(body: TxnBody): RealBody {
  switch (body.kind) {
    case 'multi':
      return { kind: 'multi', parts: body.parts.map(realPart) };
    case 'setACL':
      return { kind: 'setACL', path: body.path, acl: realAcl(body.acl), version: body.version };
    case 'createSession':
      return { kind: 'createSession', timeOut: body.timeoutMs };
    case 'closeSession':
      if (body.paths === null) return { kind: 'oldCloseSession' };
      return { kind: 'closeSession', paths2Delete: body.paths };
    default:
      return realPart(body);
  }
}

function realPart(body: SubTxn): RealPart {
  switch (body.kind) {
    case 'create':
    case 'create2': {
      const { kind, path, data, acl, ephemeral, parentCversion: parentCVersion } = body;
      return { kind, path, data, acl: realAcl(acl), ephemeral, parentCVersion };
    }
    case 'createContainer': {
      const { kind, path, data, acl, parentCversion: parentCVersion } = body;
      return { kind, path, data, acl: realAcl(acl), parentCVersion };
    }
    case 'createTTL': {
      const { kind, path, data, acl, parentCversion: parentCVersion } = body;
      return { kind, path, data, acl: realAcl(acl), parentCVersion, ttl: BigInt(body.ttlMs) };
    }
    case 'delete':
    case 'deleteContainer':
      return { kind: body.kind, path: body.path };
    case 'setData':
      return { kind: 'setData', path: body.path, data: body.data, version: body.version };
    case 'check':
      return { kind: 'check', path: body.path, version: body.version };
    case 'error':
      return { kind: 'error', err: body.err };
  }
}
