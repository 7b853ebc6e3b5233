import { encodeUtf8 } from '../../../src/core/utf8.ts';
import { makeZxid, type Zxid } from '../../../src/core/zxid.ts';
import { type Acl, type AuthId, OPEN_ACL } from '../../../src/znode/acl.ts';
import { errorName } from '../../../src/znode/errors.ts';
import { DEFAULT_ZNODE_OPTIONS, type ZnodeOptions } from '../../../src/znode/options.ts';
import type { Caller, MultiOperation, ReadOperation, WriteOperation } from '../../../src/znode/requests.ts';
import type { ReadResult, ZnodeResult } from '../../../src/znode/results.ts';
import { ZnodeStore } from '../../../src/znode/store.ts';
import type { ZnodeTxn } from '../../../src/znode/txns.ts';

/** The session that most tests ask by. */
export const ALICE = '0100000000000001';

/** Another one. */
export const BOB = '0200000000000002';

/** A request in short: path, and what differs from the plain case. */
export const ask = {
  create: (
    path: string,
    flags = 0,
    more: { data?: string | null; acl?: Acl | null; kind?: 'create2' } = {},
  ) => ({
    kind: more.kind ?? ('create' as const),
    path,
    flags,
    data: more.data === null ? null : encodeUtf8(more.data ?? ''),
    acl: more.acl === undefined ? OPEN_ACL : more.acl,
  }),
  container: (path: string, flags = 4) => ({
    kind: 'createContainer' as const,
    path,
    flags,
    data: null,
    acl: OPEN_ACL,
  }),
  ttl: (path: string, ttlMs: number, flags = 5) => ({
    kind: 'createTTL' as const,
    path,
    flags,
    ttlMs,
    data: null,
    acl: OPEN_ACL,
  }),
  delete: (path: string, version = -1) => ({ kind: 'delete' as const, path, version }),
  reap: (path: string) => ({ kind: 'deleteContainer' as const, path }),
  setData: (path: string, data: string | null = 'x', version = -1) => ({
    kind: 'setData' as const,
    path,
    data: data === null ? null : encodeUtf8(data),
    version,
  }),
  setAcl: (path: string, acl: Acl | null = OPEN_ACL, version = -1) => ({
    kind: 'setACL' as const,
    path,
    acl,
    version,
  }),
  check: (path: string, version = -1) => ({ kind: 'check' as const, path, version }),
  multi: (...operations: MultiOperation[]) => ({ kind: 'multi' as const, operations }),
};

/** A leader's store, driven by hand. */
export class Leader {
  readonly store: ZnodeStore;
  #counter = 0;
  readonly #queue: [ZnodeTxn, Zxid][] = [];

  /** With the sessions of ALICE and BOB open. */
  constructor(options: Partial<ZnodeOptions> = {}) {
    this.store = new ZnodeStore({ ...DEFAULT_ZNODE_OPTIONS, extendedTypes: true, ...options });
    for (const session of [ALICE, BOB]) this.do({ kind: 'createSession', timeoutMs: 4000 }, { session });
  }

  /** Prepares a request; its transaction waits. */
  prepare(request: WriteOperation, by: Partial<Caller> = {}): ZnodeTxn {
    const { session, owner, ids } = callerOf(by);
    const body = { ...request, ids };
    const zxid = makeZxid(1, ++this.#counter);
    const origin = { session, cxid: this.#counter };
    const txn = this.store.prepare({ origin, body: body as never }, owner, zxid, 1000 * this.#counter);
    this.#queue.push([txn, zxid]);
    return txn;
  }

  /** Applies what waits, and tells each outcome. */
  apply(): ZnodeResult[] {
    return this.#queue.splice(0).map(([txn, zxid]) => this.store.apply(txn, zxid));
  }

  /** Prepares and applies; the outcome of the last. */
  do(request: WriteOperation, by: Partial<Caller> = {}): ZnodeResult {
    this.prepare(request, by);
    return this.apply().at(-1) as ZnodeResult;
  }

  /** The name of the error that the request meets, or what was done. */
  verdict(request: WriteOperation, by: Partial<Caller> = {}): string {
    return nameOfResult(this.do(request, by));
  }

  /** The verdicts of requests that are all prepared before the first is applied. */
  pipelined(...requests: WriteOperation[]): string[] {
    for (const request of requests) this.prepare(request);
    return this.apply().map(nameOfResult);
  }

  read(operation: ReadOperation, by: Partial<Caller> = {}): ReadResult {
    return this.store.read(operation, callerOf(by));
  }

  /** The stat of a node that everyone may read. */
  stat(path: string) {
    const result = this.read({ kind: 'exists', path, watch: false });
    if (result.kind !== 'stat') throw new Error(`no node at ${path}`);
    return result.stat;
  }

  /** The applied children. */
  children(path: string): readonly string[] {
    const result = this.read({ kind: 'getChildren', path, watch: false });
    return result.kind === 'children' ? result.children : [];
  }
}

/** The id of someone who has given `user:password`. */
export function digestOf(id: string): AuthId {
  return { scheme: 'digest', id };
}

/** What became of a request, in a word. */
export function nameOfResult(result: ZnodeResult): string {
  if (result.kind === 'failed') return errorName(result.err) ?? String(result.err);
  if (result.kind === 'multi') return result.results.map(nameOfResult).join(' ');
  return 'path' in result ? `${result.kind} ${result.path}` : result.kind;
}

function callerOf(by: Partial<Caller>): Caller {
  return { session: ALICE, owner: 0, ids: [], ...by };
}
