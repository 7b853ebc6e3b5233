import { ZERO_ZXID } from '../../core/zxid.ts';
import type { MultiReadReplyPart, MultiReplyPart, ReplyBody } from '../../wire/client-replies.ts';
import type { StatRecord } from '../../wire/jute-records.ts';
import { END_OF_MULTI } from '../../wire/multi.ts';
import { WireError } from '../../wire/wire-error.ts';
import { OPEN_ACL } from '../../znode/acl.ts';
import type { ClientRequest, ReplyResult } from '../../znode/client-messages.ts';
import { modeOf } from '../../znode/modes.ts';
import type { MultiOperation } from '../../znode/requests.ts';
import { type ChangeResult, failed, type ReadResult } from '../../znode/results.ts';
import { sessionIdOf } from '../../znode/session-id.ts';
import type { Stat } from '../../znode/stat.ts';
import { nodeAcl, packedZxid, realAcl, safeTime } from '../txn-records.ts';

type Asked = ClientRequest['operation'];

const NONE: ReplyBody = Object.freeze({ kind: 'none' });

/** What a reply to this operation says behind its header. */
export function realReply(asked: Asked, err: number, result: ReplyResult | undefined): ReplyBody {
  if (err !== 0) return NONE;
  if (result === undefined) return asked.kind === 'addWatch' ? { kind: 'addWatch', err: 0 } : NONE;
  switch (result.kind) {
    case 'created':
      return asked.kind === 'create'
        ? { kind: 'create', path: result.path }
        : { kind: createdKind(asked.kind), path: result.path, stat: realStat(result.stat) };
    case 'deleted':
      return asked.kind === 'deleteContainer' ? { kind: 'deleteContainer' } : { kind: 'delete' };
    case 'dataSet':
      return { kind: 'setData', stat: realStat(result.stat) };
    case 'aclSet':
      return { kind: 'setACL', stat: realStat(result.stat) };
    case 'checked':
      return { kind: 'check' };
    case 'multi': {
      const { results } = result;
      const parts = results.map((part, i) => ({ err: errOf(part), body: realPart(part, partOf(asked, i)) }));
      return { kind: 'multi', parts, end: END_OF_MULTI };
    }
    case 'stat':
      return { kind: 'exists', stat: realStat(result.stat) };
    case 'data':
      return { kind: 'getData', data: result.data, stat: realStat(result.stat) };
    case 'acl':
      return { kind: 'getACL', acl: realAcl(result.acl), stat: realStat(result.stat) };
    case 'children':
      return asked.kind === 'getChildren2'
        ? { kind: 'getChildren2', children: result.children, stat: realStat(result.stat) }
        : { kind: 'getChildren', children: result.children };
    case 'paths':
      return { kind: 'getEphemerals', ephemerals: result.paths };
    case 'number':
      return { kind: 'getAllChildrenNumber', totalNumber: result.number };
    case 'synced':
      return { kind: 'sync', path: asked.kind === 'sync' && asked.pathless === true ? null : result.path };
    case 'identity': {
      const clientInfo = result.identity.map(({ scheme, id }) => ({ authScheme: scheme, user: id }));
      return { kind: 'whoAmI', clientInfo };
    }
    case 'multiRead': {
      const parts = result.results.map((part) => ({ err: errOf(part), body: realReadPart(part) }));
      return { kind: 'multiRead', parts, end: END_OF_MULTI };
    }
    default:
      return asked.kind === 'closeSession' ? { kind: 'closeSession' } : NONE;
  }
}

/** What a client makes of a reply to what it asked for. What the packet does not say is left empty. */
export function nodeReply(asked: Asked, body: ReplyBody): ReplyResult | undefined {
  switch (body.kind) {
    case 'create':
      return { kind: 'created', path: textOf(body.path), stat: NO_STAT };
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return { kind: 'created', path: textOf(body.path), stat: nodeStat(body.stat) };
    case 'delete':
    case 'deleteContainer':
      return { kind: 'deleted', path: pathOf(asked), acl: OPEN_ACL };
    case 'setData':
      return { kind: 'dataSet', path: pathOf(asked), stat: nodeStat(body.stat) };
    case 'setACL':
      return { kind: 'aclSet', path: pathOf(asked), stat: nodeStat(body.stat) };
    case 'check':
      return { kind: 'checked', path: pathOf(asked) };
    case 'multi': {
      const results = body.parts.map((part, i) => nodePart(part.body, partOf(asked, i)));
      return { kind: 'multi', aborted: results.some((part) => part.kind === 'failed'), results };
    }
    case 'exists':
      return { kind: 'stat', stat: nodeStat(body.stat) };
    case 'getData':
      return { kind: 'data', data: body.data, stat: nodeStat(body.stat) };
    case 'getACL':
      return { kind: 'acl', acl: nodeAcl(body.acl), stat: nodeStat(body.stat) };
    case 'getChildren':
      return { kind: 'children', children: textsOf(body.children), stat: NO_STAT };
    case 'getChildren2':
      return { kind: 'children', children: textsOf(body.children), stat: nodeStat(body.stat) };
    case 'getEphemerals':
      return { kind: 'paths', paths: textsOf(body.ephemerals) };
    case 'getAllChildrenNumber':
      return { kind: 'number', number: body.totalNumber };
    case 'sync':
      return { kind: 'synced', path: textOf(body.path) };
    case 'whoAmI': {
      const clientInfo = body.clientInfo ?? [];
      const identity = clientInfo.map(({ authScheme, user }) => ({
        scheme: textOf(authScheme),
        id: textOf(user),
      }));
      return { kind: 'identity', identity };
    }
    case 'multiRead':
      return { kind: 'multiRead', results: body.parts.map((part) => nodeReadPart(part.body)) };
    default:
      return undefined;
  }
}

function createdKind(asked: string): 'create2' | 'createContainer' | 'createTTL' {
  return asked === 'createContainer' || asked === 'createTTL' ? asked : 'create2';
}

function realPart(result: ChangeResult, asked: MultiOperation | undefined): MultiReplyPart {
  switch (result.kind) {
    case 'created':
      return showsStat(asked)
        ? { kind: 'create2', path: result.path, stat: realStat(result.stat) }
        : { kind: 'create', path: result.path };
    case 'deleted':
      return { kind: 'delete' };
    case 'dataSet':
      return { kind: 'setData', stat: realStat(result.stat) };
    case 'checked':
      return { kind: 'check' };
    case 'failed':
      return { kind: 'error', err: result.err };
    default:
      throw new WireError('range', 0, `a multi has no ${result.kind}`);
  }
}

/** Within a multi the flags say which create is meant, `create2` apart. Source: Op.Create, Op.CreateTTL. */
function showsStat(asked: MultiOperation | undefined): boolean {
  if (asked === undefined || !('flags' in asked) || asked.kind === 'create2') return true;
  const mode = modeOf(asked.flags);
  return mode?.container === true || mode?.ttl === true;
}

function nodePart(part: MultiReplyPart, asked: MultiOperation | undefined): ChangeResult {
  const path = asked?.path ?? '';
  switch (part.kind) {
    case 'create':
      return { kind: 'created', path: textOf(part.path), stat: NO_STAT };
    case 'create2':
      return { kind: 'created', path: textOf(part.path), stat: nodeStat(part.stat) };
    case 'delete':
      return { kind: 'deleted', path, acl: OPEN_ACL };
    case 'setData':
      return { kind: 'dataSet', path, stat: nodeStat(part.stat) };
    case 'check':
      return { kind: 'checked', path };
    case 'error':
      return failed(part.err);
  }
}

function realReadPart(result: ReadResult): MultiReadReplyPart {
  switch (result.kind) {
    case 'data':
      return { kind: 'getData', data: result.data, stat: realStat(result.stat) };
    case 'children':
      return { kind: 'getChildren', children: result.children };
    case 'failed':
      return { kind: 'error', err: result.err };
    default:
      throw new WireError('range', 0, `a multiRead has no ${result.kind}`);
  }
}

function nodeReadPart(part: MultiReadReplyPart): ReadResult {
  switch (part.kind) {
    case 'getData':
      return { kind: 'data', data: part.data, stat: nodeStat(part.stat) };
    case 'getChildren':
      return { kind: 'children', children: textsOf(part.children), stat: NO_STAT };
    case 'error':
      return failed(part.err);
  }
}

function errOf(result: { readonly kind: string; readonly err?: number }): number {
  return result.kind === 'failed' ? (result.err ?? 0) : 0;
}

function partOf(asked: Asked, index: number): MultiOperation | undefined {
  return asked.kind === 'multi' ? asked.operations[index] : undefined;
}

function pathOf(asked: Asked): string {
  return 'path' in asked ? asked.path : '';
}

/** What a packet without a stat says of one. */
const NO_STAT: Stat = Object.freeze({
  czxid: ZERO_ZXID,
  mzxid: ZERO_ZXID,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: sessionIdOf(0n),
  dataLength: 0,
  numChildren: 0,
  pzxid: ZERO_ZXID,
});

function realStat({ ctimeMs, mtimeMs, czxid, mzxid, pzxid, ephemeralOwner, ...rest }: Stat): StatRecord {
  return {
    ...rest,
    czxid: BigInt(czxid),
    mzxid: BigInt(mzxid),
    pzxid: BigInt(pzxid),
    ctime: BigInt(ctimeMs),
    mtime: BigInt(mtimeMs),
    ephemeralOwner: BigInt.asIntN(64, BigInt(`0x${ephemeralOwner}`)),
  };
}

function nodeStat(stat: StatRecord): Stat {
  return {
    czxid: packedZxid(stat.czxid, 'a czxid'),
    mzxid: packedZxid(stat.mzxid, 'an mzxid'),
    ctimeMs: safeTime(stat.ctime, 'a ctime'),
    mtimeMs: safeTime(stat.mtime, 'an mtime'),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: sessionIdOf(stat.ephemeralOwner),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
    pzxid: packedZxid(stat.pzxid, 'a pzxid'),
  };
}

function textOf(text: string | null): string {
  return text ?? '';
}

function textsOf(texts: readonly (string | null)[] | null): readonly string[] {
  return (texts ?? []).map(textOf);
}
