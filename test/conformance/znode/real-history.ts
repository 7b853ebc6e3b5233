import { readFileSync } from 'node:fs';
import type { Zxid } from '../../../src/core/zxid.ts';
import type { Acl } from '../../../src/znode/acl.ts';
import type { Data } from '../../../src/znode/requests.ts';
import { sessionIdOf } from '../../../src/znode/session-id.ts';
import { makeTxn, type SubTxn, type TxnBody, type ZnodeTxn } from '../../../src/znode/txns.ts';

/** An access list as the captured data spells it. */
export type RealAcl = readonly { readonly perms: number; readonly id: { scheme: string; id: string } }[];

/** A stat as the captured data spells it: longs are decimal texts. */
export interface RealStat {
  readonly czxid: string;
  readonly mzxid: string;
  readonly pzxid: string;
  readonly ctime: string;
  readonly mtime: string;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: string;
  readonly dataLength: number;
  readonly numChildren: number;
}

interface RealBody {
  readonly path: string;
  readonly data: string | null;
  readonly acl: RealAcl;
  readonly ephemeral: boolean;
  readonly parentCVersion: number;
  readonly ttl: string;
  readonly version: number;
  readonly timeOut: number;
  readonly err: number;
  readonly paths2Delete: readonly string[];
}

/** A logged transaction, with the digest of the tree after it; error transactions have none. */
export interface RealTxn {
  readonly header: {
    readonly clientId: string;
    readonly cxid: number;
    readonly zxid: string;
    readonly time: string;
    readonly type: number;
  };
  readonly body: RealBody | readonly { readonly type: number; readonly body: RealBody }[];
  readonly digest: { readonly treeDigest: string } | null;
}

/** What a real ensemble wrote and answered; see `provenance` in the file. */
export interface RealHistory {
  readonly txns: readonly RealTxn[];
  readonly snapshots: readonly {
    readonly digest: { readonly zxid: string; readonly digest: string };
    readonly sessions: readonly { readonly sessionId: string; readonly timeout: number }[];
    readonly acls: readonly { readonly key: string; readonly acl: RealAcl }[];
    readonly nodes: readonly {
      readonly path: string;
      readonly data: string | null;
      readonly aclKey: string;
      readonly stat: RealStat;
    }[];
  }[];
  readonly requests: readonly {
    readonly op: string;
    readonly body?: RealRequestBody;
    readonly err?: number;
    readonly zxid?: string;
    readonly timeout?: number;
    readonly sessionId?: string;
    readonly note?: string;
  }[];
  readonly tree: readonly {
    readonly path: string;
    readonly data: string | null;
    readonly stat: RealStat;
    readonly children: readonly string[];
    readonly acl: RealAcl;
  }[];
}

/** The body of a client's request. */
export interface RealRequestBody {
  readonly path: string;
  readonly data: string | null;
  readonly acl: RealAcl;
  readonly flags: number;
  readonly ttl: string;
  readonly version: number;
  readonly ops: readonly { readonly header: { readonly type: number }; readonly body: RealRequestBody }[];
}

/** The captured history. */
export function realHistory(): RealHistory {
  return JSON.parse(readFileSync(new URL('real-history.json', import.meta.url), 'utf8')) as RealHistory;
}

/** Hex as bytes; null stays null. */
export function bytesOf(hex: string | null): Data {
  return hex === null ? null : Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** An access list in our spelling. */
export function aclOf(acl: RealAcl): Acl {
  return acl.map(({ perms, id }) => ({ perms, scheme: id.scheme, id: id.id }));
}

/** A zxid in our spelling. */
export function zxidOf(text: string): Zxid {
  return Number(text) as Zxid;
}

/** A logged transaction in our spelling. */
export function txnOf(real: RealTxn): ZnodeTxn {
  const { clientId, cxid, time, type } = real.header;
  const body: TxnBody = Array.isArray(real.body)
    ? { kind: 'multi', parts: real.body.map((part) => bodyOf(part.type, part.body) as SubTxn) }
    : bodyOf(type, real.body as RealBody);
  return makeTxn(body, { session: sessionIdOf(BigInt(clientId)), cxid, timeMs: Number(time) });
}

function bodyOf(type: number, body: RealBody): TxnBody {
  const { path, version, parentCVersion: parentCversion } = body;
  const made = () => ({ path, data: bytesOf(body.data), acl: aclOf(body.acl), parentCversion });
  switch (type) {
    case 1:
    case 15:
      return { kind: type === 1 ? 'create' : 'create2', ...made(), ephemeral: body.ephemeral };
    case 19:
      return { kind: 'createContainer', ...made(), ephemeral: false };
    case 21:
      return { kind: 'createTTL', ...made(), ttlMs: Number(body.ttl) };
    case 2:
      return { kind: 'delete', path };
    case 5:
      return { kind: 'setData', path, data: bytesOf(body.data), version };
    case 7:
      return { kind: 'setACL', path, acl: aclOf(body.acl), version };
    case 13:
      return { kind: 'check', path, version };
    case -1:
      return { kind: 'error', err: body.err };
    case -10:
      return { kind: 'createSession', timeoutMs: body.timeOut };
    case -11:
      return { kind: 'closeSession', paths: body.paths2Delete };
    default:
      throw new Error(`no such transaction in the captured history: type ${type}`);
  }
}
