import { unreachable } from '../../core/assert.ts';
import { type RequestBody, requestType } from '../../wire/client-requests.ts';
import { END_OF_MULTI } from '../../wire/multi.ts';
import { OPCODES } from '../../wire/opcodes.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { Acl } from '../../znode/acl.ts';
import { authScheme } from '../../znode/auth-schemes.ts';
import type { MultiOperation, MultiReadOperation, Operation } from '../../znode/requests.ts';
import type { WatcherType } from '../../znode/watch-requests.ts';
import { nodeAcl, realAcl, safeTime, seenZxid } from '../txn-records.ts';

/** Source: Watcher.WatcherType. */
const WATCHER_TYPES: readonly (WatcherType | undefined)[] = [
  undefined,
  'children',
  'data',
  'any',
  'persistent',
  'persistent-recursive',
];

/** What an operation of the tree is on the wire: the number of its type, and its body. */
export interface TypedBody {
  readonly type: number;
  readonly body: RequestBody;
}

/** An operation as its request. One that made no sense stays one: a create without a body. */
export function realRequest(operation: Operation): TypedBody {
  if (operation.kind === 'undecodable') {
    return { type: OPCODES.create, body: { kind: 'undecodable', bytes: new Uint8Array(0) } };
  }
  const body = realBody(operation);
  return { type: requestType(body) ?? 0, body };
}

function realBody(operation: Exclude<Operation, { kind: 'undecodable' }>): RequestBody {
  switch (operation.kind) {
    case 'multi': {
      const parts = operation.operations.map((part) => ({ err: -1, body: realPart(part) }));
      return { kind: 'multi', parts, end: END_OF_MULTI };
    }
    case 'multiRead': {
      const parts = operation.operations.map(({ kind, path }) => ({
        err: -1,
        body: { kind, path, watch: false },
      }));
      return { kind: 'multiRead', parts, end: END_OF_MULTI };
    }
    case 'setACL': {
      const { path, acl, version } = operation;
      return { kind: 'setACL', path, acl: realList(acl), version };
    }
    case 'createSession':
      return { kind: 'createSession', timeOut: operation.timeoutMs };
    case 'closeSession':
    case 'whoAmI':
      return { kind: operation.kind };
    case 'reconfig':
      return {
        kind: 'reconfig',
        joiningServers: null,
        leavingServers: null,
        newMembers: null,
        curConfigId: -1n,
      };
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return { kind: operation.kind, path: operation.path, watch: operation.watch };
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'sync':
    case 'deleteContainer':
      return { kind: operation.kind, path: operation.path };
    case 'getEphemerals':
      return { kind: 'getEphemerals', prefixPath: operation.prefix };
    case 'addWatch':
      return { kind: 'addWatch', path: operation.path, mode: operation.mode === 'persistent' ? 0 : 1 };
    case 'checkWatches':
    case 'removeWatches':
      return {
        kind: operation.kind,
        path: operation.path,
        type: WATCHER_TYPES.indexOf(operation.type),
      };
    case 'setWatches': {
      const { since, data, exist, child, persistent, recursive } = operation;
      const watches = {
        relativeZxid: BigInt(since),
        dataWatches: data,
        existWatches: exist,
        childWatches: child,
      };
      if (persistent.length + recursive.length === 0) return { kind: 'setWatches', ...watches };
      const more = { persistentWatches: persistent, persistentRecursiveWatches: recursive };
      return { kind: 'setWatches2', ...watches, ...more };
    }
    default:
      return realPart(operation);
  }
}

/** The same of what a learner forwards: what makes no sense is answered by the leader. */
export function forwardedOperation(body: RequestBody): Operation {
  try {
    return nodeOperation(body) ?? { kind: 'undecodable' };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { kind: 'undecodable' };
  }
}

type RealPart = Extract<
  RequestBody,
  { kind: 'create' | 'create2' | 'createContainer' | 'createTTL' | 'delete' | 'setData' | 'check' }
>;

function realPart(operation: MultiOperation): RealPart {
  switch (operation.kind) {
    case 'create':
    case 'create2':
    case 'createContainer': {
      const { kind, path, data, acl, flags } = operation;
      return { kind, path, data, acl: realList(acl), flags };
    }
    case 'createTTL': {
      const { kind, path, data, acl, flags, ttlMs } = operation;
      return { kind, path, data, acl: realList(acl), flags, ttl: BigInt(ttlMs) };
    }
    case 'setData':
      return { kind: 'setData', path: operation.path, data: operation.data, version: operation.version };
    case 'delete':
    case 'check':
      return { kind: operation.kind, path: operation.path, version: operation.version };
    default:
      return unreachable(operation);
  }
}

/**
 * The operation that a request asks for; undefined for one that the service does not know. `check` is one in
 * a multi only: in 3.8.0 one on its own makes a transaction that no learner reads (Request.isValid of 3.10).
 */
export function nodeOperation(body: RequestBody): Operation | undefined {
  switch (body.kind) {
    case 'undecodable':
      return { kind: 'undecodable' };
    case 'overlong':
      return nodeOperation(body.body);
    case 'multi': {
      const operations: readonly MultiOperation[] = body.parts.map((part) => nodePart(part.body));
      return { kind: 'multi', operations };
    }
    case 'multiRead': {
      const operations: readonly MultiReadOperation[] = body.parts.map((part) => ({
        kind: part.body.kind,
        path: pathOf(part.body.path),
      }));
      return { kind: 'multiRead', operations };
    }
    case 'setACL':
      return { kind: 'setACL', path: orEmpty(body.path), acl: nodeList(body.acl), version: body.version };
    case 'createSession':
      return { kind: 'createSession', timeoutMs: body.timeOut };
    case 'closeSession':
    case 'whoAmI':
    case 'reconfig':
      return { kind: body.kind };
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return { kind: body.kind, path: pathOf(body.path), watch: body.watch };
    case 'getACL':
    case 'getAllChildrenNumber':
      return { kind: body.kind, path: pathOf(body.path) };
    case 'sync':
      return body.path === null
        ? { kind: 'sync', path: '', pathless: true }
        : { kind: 'sync', path: body.path };
    case 'deleteContainer':
      return { kind: 'deleteContainer', path: orEmpty(body.path) };
    case 'getEphemerals':
      // Without a prefix it is all of them (FinalRequestProcessor).
      return { kind: 'getEphemerals', prefix: body.prefixPath ?? '/' };
    case 'addWatch': {
      if (body.mode !== 0 && body.mode !== 1) throw new WireError('range', 0, 'no mode of a watch');
      const mode = body.mode === 0 ? 'persistent' : 'persistent-recursive';
      return { kind: 'addWatch', path: orEmpty(body.path), mode };
    }
    case 'checkWatches':
    case 'removeWatches': {
      const type = WATCHER_TYPES[body.type];
      if (type === undefined) throw new WireError('range', 0, 'no kind of a watcher');
      const path = body.kind === 'removeWatches' ? orEmpty(body.path) : pathOf(body.path);
      return { kind: body.kind, path, type };
    }
    case 'setWatches':
    case 'setWatches2':
      return {
        kind: 'setWatches',
        since: seenZxid(body.relativeZxid),
        data: listOf(body.dataWatches).map(pathOf),
        exist: listOf(body.existWatches).map(pathOf),
        child: listOf(body.childWatches).map(pathOf),
        persistent: body.kind === 'setWatches' ? [] : listOf(body.persistentWatches).map(orEmpty),
        recursive: body.kind === 'setWatches' ? [] : listOf(body.persistentRecursiveWatches).map(orEmpty),
      };
    case 'setData':
      return { kind: 'setData', path: orEmpty(body.path), data: body.data, version: body.version };
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
      return nodePart(body) as Operation;
    default:
      return undefined;
  }
}

function nodePart(body: RealPart): MultiOperation {
  const path = pathOf(body.path);
  switch (body.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
      return { kind: body.kind, path, data: body.data, acl: nodeList(body.acl), flags: body.flags };
    case 'createTTL': {
      const ttlMs = safeTime(body.ttl, 'a TTL');
      return { kind: 'createTTL', path, data: body.data, acl: nodeList(body.acl), flags: body.flags, ttlMs };
    }
    case 'setData':
      return { kind: 'setData', path, data: body.data, version: body.version };
    case 'delete':
    case 'check':
      return { kind: body.kind, path, version: body.version };
    default:
      return unreachable(body);
  }
}

function realList(list: Acl | null): ReturnType<typeof realAcl> | null {
  return list === null ? null : realAcl(list);
}

/** Source: PrepRequestProcessor.fixupACL, which an id that is missing throws out where it looks at ids. */
function nodeList(list: Parameters<typeof nodeAcl>[0]): Acl | null {
  if (list === null) return null;
  for (const { id, scheme } of list.map((entry) => entry.id)) {
    const looks = scheme === 'world' || authScheme(scheme ?? '') !== undefined;
    if (id === null && looks) throw new WireError('range', 0, 'an access list with an id that is missing');
  }
  return nodeAcl(list);
}

/** Of a path that the server takes apart, before it validates it. */
function pathOf(path: string | null): string {
  if (path === null) throw new WireError('range', 0, 'a request without a path');
  return path;
}

/** Where a missing path is like the empty one: no valid one, and nothing ever happens to a node of it. */
function orEmpty(path: string | null): string {
  return path ?? '';
}

function listOf(paths: readonly (string | null)[] | null): readonly (string | null)[] {
  if (paths === null) throw new WireError('range', 0, 'a request without a list');
  return paths;
}
