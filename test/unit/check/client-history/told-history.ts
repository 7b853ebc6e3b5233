import {
  type CheckOptions,
  checkHistory,
  type HistoryReport,
} from '../../../../src/check/history/check-history.ts';
import type * as H from '../../../../src/check/history/client-history.ts';
import type { LoggedTxn, TreeTxn } from '../../../../src/check/history/logged-txn.ts';
import type { RecipeEntry } from '../../../../src/check/history/recipe-entry.ts';
import type { Request, Result, Stat } from '../../../../src/check/history/request.ts';

/** The n-th transaction of an epoch. */
export const z = (counter: number, epoch = 1) => epoch * 4294967296 + counter;

/** A Stat of zeros, but for those. */
export const statOf = (fields: Partial<Stat>): Stat => ({
  czxid: 0,
  mzxid: 0,
  pzxid: 0,
  ctime: 0,
  mtime: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0x0',
  dataLength: 0,
  numChildren: 0,
  ...fields,
});

/** A create as the log has it. */
export const made = (path: string, fields: Partial<Extract<TreeTxn, { type: 'create' }>> = {}): TreeTxn => ({
  type: 'create',
  path,
  data: null,
  acl: null,
  life: 'persistent',
  ttl: -1,
  parentCversion: -1,
  ...fields,
});

/** Requests, with what is usual filled in. */
export const ask = {
  create: (path: string, fields: object = {}): Request =>
    ({ op: 'create', path, data: null, acl: null, mode: 'persistent', ttl: -1, ...fields }) as Request,
  ephemeral: (path: string): Request => ask.create(path, { mode: 'ephemeral' }),
  remove: (path: string, version = -1): Request => ({ op: 'delete', path, version }),
  set: (path: string, data: string, version = -1): Request => ({ op: 'setData', path, data, version }),
  get: (path: string, watch = false): Request => ({ op: 'getData', path, watch }),
  exists: (path: string, watch = false): Request => ({ op: 'exists', path, watch }),
  list: (path: string, watch = false): Request => ({ op: 'getChildren', path, watch }),
  sync: { op: 'sync', path: '/' } as Request,
  ping: { op: 'ping' } as Request,
  close: { op: 'closeSession' } as Request,
  setWatches: (relativeZxid: number, fields: object): Request =>
    ({
      op: 'setWatches',
      relativeZxid,
      data: [],
      exist: [],
      child: [],
      persistent: [],
      recursive: [],
      ...fields,
    }) as Request,
};

const SESSION = ['0x0', '0xa', '0xb', '0xc'];

/**
 * A history told by hand. Client n has handle n and session 0xa, 0xb, …; its connection n is there from the
 * start, to server n, unless told otherwise.
 */
export class ToldHistory {
  readonly header: H.HistoryHeader;
  readonly entries: H.HistoryEntry[] = [];
  #id = 0;
  readonly #sent = new Map<number, number>();
  readonly #came = new Map<number, number>();
  readonly #cxid = new Map<number, number>();
  readonly #conn = new Map<number, H.ConnectionEntry>();

  constructor(header: Partial<H.HistoryHeader> = {}) {
    this.header = {
      kind: 'header',
      version: 1,
      seed: 'told',
      servers: [1, 2, 3],
      observers: [],
      tickTimeUs: 2_000_000,
      syncLimit: 5,
      slackUs: 0,
      whiteBox: true,
      localSessions: false,
      ttlNodes: false,
      ...header,
    };
  }

  /** Both clients are there, with sessions at the first two zxids. */
  static two(header: Partial<H.HistoryHeader> = {}): ToldHistory {
    const told = new ToldHistory(header).conn(1).conn(2);
    if (!told.header.whiteBox) return told;
    return told.session(1, z(1)).session(2, z(2));
  }

  conn(id: number, fields: Partial<H.ConnectionEntry> = {}): this {
    const handle = fields.handle ?? id;
    const entry: H.ConnectionEntry = {
      kind: 'conn',
      id,
      handle,
      requested: '0x0',
      session: SESSION[handle] ?? '0xf',
      server: id,
      lastZxidSeen: 0,
      invokedUs: 0,
      returnedUs: 0,
      outcome: 'accepted',
      timeoutUs: 4_000_000,
      identities: [],
      role: 'follower',
      serverZxid: -1,
      ...fields,
    };
    this.#conn.set(id, entry);
    this.entries.push(entry);
    return this;
  }

  session(client: number, zxid: number): this {
    return this.log(zxid, { type: 'createSession', timeoutMs: 4000 }, client, 0);
  }

  log(zxid: number, txn: LoggedTxn, client = 0, cxid = 0, timeMs = 0): this {
    const session = SESSION[client] ?? '0xf';
    this.entries.push({ kind: 'log', zxid, session, cxid, timeMs, hash: 7, txn });
    return this;
  }

  /** An op that was answered at `zxid`; −1: it was not. Times are [sent, answered]. */
  op(
    connection: number,
    request: Request,
    zxid: number,
    [invokedUs, returnedUs]: readonly [number, number],
    result: Result = {},
    fields: Partial<H.OpEntry> = {},
  ): this {
    const conn = this.#conn.get(connection) as H.ConnectionEntry;
    const sent = next(this.#sent, connection);
    const cxid = fields.cxid ?? next(this.#cxid, conn.handle) + 1;
    const unknown = zxid === -1;
    const error = fields.error ?? 0;
    this.entries.push({
      kind: 'op',
      id: this.#id++,
      handle: conn.handle,
      session: conn.session,
      connection,
      cxid,
      sent,
      invokedUs,
      request,
      outcome: unknown ? 'unknown' : error === 0 ? 'ok' : 'failed',
      error,
      position: unknown ? -1 : next(this.#came, connection),
      returnedUs: unknown ? -1 : returnedUs,
      zxid,
      result,
      ...fields,
    });
    return this;
  }

  /** A write, in the log and answered there. */
  write(
    connection: number,
    request: Request,
    txn: LoggedTxn,
    zxid: number,
    times: readonly [number, number],
    result: Result = {},
    fields: Partial<H.OpEntry> = {},
  ): this {
    this.op(connection, request, zxid, times, result, fields);
    const { cxid, handle } = this.entries[this.entries.length - 1] as H.OpEntry;
    return this.log(zxid, txn, handle, cxid);
  }

  ev(connection: number, type: H.WatchEventType, path: string, zxid: number, deliveredUs = 0): this {
    const position = next(this.#came, connection);
    this.entries.push({ kind: 'ev', connection, position, deliveredUs, type, path, zxid });
    return this;
  }

  apply(server: number, zxid: number, fields: Partial<H.ApplyEntry> = {}): this {
    this.entries.push({ kind: 'apply', server, atUs: 0, zxid, hash: 7, state: zxid % 1000, ...fields });
    return this;
  }

  tell(entry: H.HistoryEntry): this {
    this.entries.push(entry);
    return this;
  }

  recipe(fields: Partial<RecipeEntry> & { readonly recipe: RecipeEntry['recipe'] }): this {
    const handle = fields.handle ?? 1;
    const session = SESSION[handle] ?? '0xf';
    const usual = { kind: 'recipe', object: '/r', handle, session, atUs: 0 };
    this.entries.push({ ...usual, ...fields } as RecipeEntry);
    return this;
  }

  history(): H.ClientHistory {
    return { header: this.header, entries: this.entries };
  }

  report(options: CheckOptions = {}): HistoryReport {
    return checkHistory(this.history(), options);
  }

  /** The rules broken, each with its predicate, ascending. */
  broken(options: CheckOptions = {}): string[] {
    return this.report(options)
      .violations.map(({ predicate, rule }) => `${predicate}: ${rule}`)
      .sort((a, b) => (a < b ? -1 : 1));
  }

  /** What was excused. */
  excused(): string[] {
    return [...this.report().waived.keys()];
  }
}

function next(counts: Map<number, number>, key: number): number {
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  return count;
}
