import type * as H from '../../../../src/check/history/client-history.ts';
import type { LoggedTxn, TreeTxn } from '../../../../src/check/history/logged-txn.ts';
import { ModelTree } from '../../../../src/check/history/model/model-tree.ts';
import { answerRead } from '../../../../src/check/history/model/read-answer.ts';
import type { WatchCall } from '../../../../src/check/history/model/watch-call.ts';
import { judgeWrite, lifeOf, nextVersion } from '../../../../src/check/history/model/write-verdict.ts';
import { isRead, isWrite } from '../../../../src/check/history/op-kind.ts';
import type {
  PartRequest,
  PartResult,
  Request,
  Result,
  SetWatchesRequest,
  WriteRequest,
} from '../../../../src/check/history/request.ts';
import { ask, z } from './told-history.ts';
import { toyRequest } from './toy-request.ts';
import { ToyWatches } from './toy-watches.ts';

const TIMEOUT_US = 20_000;

type Pending = { -readonly [K in keyof H.OpEntry]: H.OpEntry[K] };

interface Place {
  readonly op: Pending;
  /** Of a write that is ordered: its index in the log; of a sync how much must be applied. */
  at: number;
}

interface Server {
  readonly id: number;
  readonly tree: ModelTree;
  applied: number;
}

interface Client {
  handle: number;
  session: string;
  cxid: number;
  zxid: number;
  conn: H.ConnectionEntry | undefined;
  sent: number;
  came: number;
  /** Sent and not answered, in order; with the zxid of a write that is ordered. */
  queue: Place[];
  watches: ToyWatches;
  lostUs: number;
}

function isNext({ queue }: Client, index: number): boolean {
  return queue[0]?.at === index && isWrite(queue[0].op.request);
}

/** How much of what. */
export interface ToyPlan {
  readonly seed: number;
  readonly ops: number;
  readonly clients: number;
  readonly paths: number;
  /** In 1000 steps: connections lost. */
  readonly losses: number;
}

/**
 * A correct replicated tree that needs no network: one log, servers that lag behind it, clients that
 * pipeline, lose connections and come back. Its histories must be found without fault.
 */
export class ToyEnsemble {
  readonly entries: H.HistoryEntry[] = [];
  readonly #plan: ToyPlan;
  readonly #servers: Server[];
  readonly #clients: Client[] = [];
  /** Writes on their way to the leader. */
  #underway: Pending[] = [];
  readonly #log: H.LogEntry[] = [];
  readonly #ahead = new ModelTree();
  readonly #places = new Map<Pending, Place>();
  #state: number;
  #us = 0;
  #ops = 0;
  #conns = 0;
  #handles = 0;

  constructor(plan: ToyPlan) {
    this.#plan = plan;
    this.#state = plan.seed;
    this.#servers = [1, 2, 3, 4, 5].map((id) => ({ id, tree: new ModelTree(), applied: 0 }));
    for (let i = 0; i < plan.clients; i++) this.#clients.push(this.#fresh());
  }

  run(): H.ClientHistory {
    while (this.#ops < this.#plan.ops) this.#step();
    for (let i = 0; i < 20; i++) for (const client of this.#clients) this.#settle(client);
    const servers = this.#servers.map(({ id, applied }) => ({
      server: id,
      zxid: this.#log[applied - 1]?.zxid ?? 0,
      state: 1,
    }));
    this.entries.push({ kind: 'final', atUs: this.#us, healedUs: -1, quiet: true, servers });
    const header: H.HistoryHeader = {
      kind: 'header',
      version: 1,
      seed: String(this.#plan.seed),
      servers: [1, 2, 3, 4, 5],
      observers: [],
      tickTimeUs: 2000,
      syncLimit: 100,
      slackUs: 100_000_000,
      whiteBox: true,
      localSessions: false,
      ttlNodes: false,
    };
    return { header, entries: this.entries };
  }

  #rand(below: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 4294967296) * below);
  }

  #settle(client: Client): void {
    while (this.#underway.length > 0) this.#order();
    for (const server of this.#servers) while (server.applied < this.#log.length) this.#apply(server);
    while (client.conn !== undefined && client.queue.length > 0) this.#answer(client);
  }

  #step(): void {
    this.#us += 1 + this.#rand(8);
    const client = this.#clients[this.#rand(this.#clients.length)] as Client;
    const dice = this.#rand(1000);
    if (dice < this.#plan.losses) this.#lose(client);
    else if (client.conn === undefined) this.#connect(client);
    else if (dice < 350) this.#send(client);
    else if (dice < 550) this.#order();
    else if (dice < 800) this.#apply(this.#servers[this.#rand(5)] as Server);
    else this.#answer(client);
  }

  #fresh(): Client {
    const handle = ++this.#handles;
    return {
      handle,
      session: `0x${(handle + 0x1000).toString(16)}`,
      cxid: 0,
      zxid: 0,
      conn: undefined,
      sent: 0,
      came: 0,
      queue: [],
      watches: new ToyWatches(),
      lostUs: -1,
    };
  }

  #append(txn: LoggedTxn, session: string, cxid: number): void {
    const zxid = z(this.#log.length + 1);
    const hash = zxid % 1_000_003;
    const entry: H.LogEntry = { kind: 'log', zxid, session, cxid, timeMs: this.#us, hash, txn };
    this.#log.push(entry);
    this.entries.push(entry);
    this.#ahead.apply(entry, txn);
  }

  #connect(client: Client): void {
    const server = this.#servers[this.#rand(5)] as Server;
    const zxid = this.#log[server.applied - 1]?.zxid ?? 0;
    const isNew = client.lostUs < 0;
    const behind = zxid < client.zxid;
    const gone = !isNew && this.#us > client.lostUs + 2 * TIMEOUT_US;
    if (isNew) this.#append({ type: 'createSession', timeoutMs: TIMEOUT_US / 1000 }, client.session, 0);
    if (isNew) while (server.applied < this.#log.length) this.#apply(server);
    const conn: H.ConnectionEntry = {
      kind: 'conn',
      id: this.#conns++,
      handle: client.handle,
      requested: isNew ? '0x0' : client.session,
      session: behind || gone ? '0x0' : client.session,
      server: server.id,
      lastZxidSeen: client.zxid,
      invokedUs: this.#us,
      returnedUs: this.#us + 1,
      outcome: behind ? 'behind' : gone ? 'expired' : 'accepted',
      timeoutUs: behind || gone ? 0 : TIMEOUT_US,
      identities: [],
      role: server.id === 1 ? 'leader' : 'follower',
      serverZxid: isNew ? (this.#log[server.applied - 1]?.zxid ?? 0) : zxid,
    };
    this.entries.push(conn);
    this.#us += 2;
    if (behind) return;
    if (gone) {
      this.#expire(client);
      return;
    }
    client.conn = conn;
    client.sent = 0;
    client.came = 0;
    const old = client.watches;
    client.watches = new ToyWatches();
    if (isNew) return;
    const { data, child, persistent, recursive } = old;
    const fields = { data: [...data], child: [...child], persistent: [...persistent], recursive };
    this.#issue(client, ask.setWatches(client.zxid, fields));
  }

  #expire(client: Client): void {
    this.#underway = this.#underway.filter((op) => op.session !== client.session);
    const paths = [...this.#ahead.ephemeralsOf(client.session)];
    const touchedUs = this.#us - TIMEOUT_US - 1000;
    const expiry = { server: 1, session: client.session, timeoutUs: TIMEOUT_US, preparedUs: this.#us };
    this.entries.push({ kind: 'expiry', touchedUs, ...expiry });
    this.#append({ type: 'closeSession', paths }, client.session, 0);
    this.#clients[this.#clients.indexOf(client)] = this.#fresh();
  }

  /** The connection goes: what is under way has an unknown outcome, and some of it may still be ordered. */
  #lose(client: Client): void {
    if (client.conn === undefined) return;
    for (const { op } of client.queue) {
      op.outcome = 'unknown';
      op.returnedUs = -1;
      this.#places.delete(op);
    }
    if (this.#rand(2) === 0) this.#underway = this.#underway.filter((op) => op.session !== client.session);
    else while (this.#underway.some((op) => op.session === client.session)) this.#order();
    client.queue = [];
    client.conn = undefined;
    client.lostUs = this.#us;
  }

  #send(client: Client): void {
    if (client.queue.length < 4)
      this.#issue(
        client,
        toyRequest((below) => this.#rand(below), this.#plan.paths, `v${this.#ops}`),
      );
  }

  #issue(client: Client, request: Request): void {
    const op: Pending = {
      kind: 'op',
      id: this.#ops++,
      handle: client.handle,
      session: client.session,
      connection: client.conn?.id ?? 0,
      cxid: request.op === 'setWatches' ? -8 : request.op === 'ping' ? -2 : ++client.cxid,
      sent: client.sent++,
      invokedUs: this.#us,
      request,
      outcome: 'unknown',
      error: 0,
      position: -1,
      returnedUs: -1,
      zxid: -1,
      result: {},
    };
    // A write's place comes with its order; a sync's is what the leader has.
    const place = { op, at: request.op === 'sync' ? this.#log.length : -1 };
    client.queue.push(place);
    this.#places.set(op, place);
    this.entries.push(op);
    if (isWrite(request)) this.#underway.push(op);
  }

  /** The leader takes the next write. */
  #order(): void {
    const op = this.#underway.shift();
    if (op === undefined || !isWrite(op.request)) return;
    const place = this.#places.get(op);
    if (place !== undefined) place.at = this.#log.length;
    this.#append(this.#txnFor(op.request), op.session, op.cxid);
  }

  #txnFor(request: WriteRequest): LoggedTxn {
    const verdict = judgeWrite(this.#ahead, request, { identities: [], ttlNodes: false, quotas: false });
    if (request.op === 'multi') {
      const parts = request.parts.map((part, i): TreeTxn => {
        const answer = verdict.parts[i] as { error: number; path: string };
        return answer.error === 0 && answer.path === '' && part.op === 'create'
          ? { type: 'error', code: 0 }
          : this.#change(part, answer.error, answer.path);
      });
      return { type: 'multi', parts };
    }
    return this.#change(request as PartRequest, verdict.error, verdict.path);
  }

  #change(part: PartRequest, code: number, path: string): TreeTxn {
    if (code !== 0) return { type: 'error', code };
    switch (part.op) {
      case 'create': {
        const { data, acl, mode, ttl } = part;
        return { type: 'create', path, data, acl, life: lifeOf(mode), ttl, parentCversion: -1 };
      }
      case 'delete':
        return { type: 'delete', path: part.path };
      case 'setData': {
        const version = nextVersion(this.#ahead.get(part.path)?.version ?? 0);
        return { type: 'setData', path: part.path, data: part.data, version };
      }
      default:
        return { type: 'check', path: part.path, version: part.version };
    }
  }

  #apply(server: Server): void {
    const entry = this.#log[server.applied];
    if (entry === undefined) return;
    const own = this.#clients.find((client) =>
      client.queue.some((place) => isWrite(place.op.request) && place.at === server.applied),
    );
    const writer = own?.conn?.server === server.id ? own : undefined;
    // What a session asked before its write is answered before the write is applied.
    while (writer !== undefined && !isNext(writer, server.applied)) this.#answer(writer);
    const calls: WatchCall[] = [];
    const parts = server.tree.apply(entry, entry.txn, calls);
    server.applied++;
    const { zxid, hash } = entry;
    this.entries.push({ kind: 'apply', server: server.id, atUs: this.#us, zxid, hash, state: 1 });
    for (const client of this.#clients) {
      if (client.conn?.server !== server.id) continue;
      this.#tell(client, calls);
      if (client !== writer) continue;
      this.#answerWrite((client.queue[0] as { op: Pending }).op, entry, parts);
      this.#answer(client);
    }
  }

  #tell(client: Client, calls: readonly WatchCall[]): void {
    for (const [i, call] of calls.entries()) {
      if (client.watches.hears(call, calls[i - 1])) this.#event(client, call.type, call.path, call.zxid);
    }
  }

  #event(client: Client, type: H.WatchEventType, path: string, zxid: number): void {
    const connection = client.conn?.id ?? 0;
    const position = client.came++;
    this.entries.push({ kind: 'ev', connection, position, deliveredUs: this.#us, type, path, zxid });
  }

  #answerWrite(op: Pending, entry: H.LogEntry, parts: readonly PartResult[]): void {
    op.zxid = entry.zxid;
    const { txn } = entry;
    const codes = txn.type === 'multi' ? txn.parts.map((p) => (p.type === 'error' ? p.code : 0)) : [];
    op.error = txn.type === 'error' ? txn.code : (codes.find((code) => code !== 0) ?? 0);
    if (txn.type === 'multi') {
      op.result = { parts: op.error === 0 ? parts : codes.map((error) => ({ error })) };
    } else if (op.error === 0) {
      const { error: _, ...result } = parts[0] as PartResult;
      op.result = result;
    }
  }

  /** The server answers the client's oldest request, if it can. */
  #answer(client: Client): void {
    const [first] = client.queue;
    if (client.conn === undefined || first === undefined) return;
    const server = this.#servers[client.conn.server - 1] as Server;
    const { op } = first;
    if (isWrite(op.request)) {
      if (first.at < 0 || server.applied <= first.at) return;
    } else if (op.request.op === 'sync' && server.applied < first.at) {
      this.#apply(server);
      return;
    } else {
      op.zxid = this.#log[server.applied - 1]?.zxid ?? 0;
      this.#answerFrom(server, client, op);
    }
    client.queue.shift();
    this.#places.delete(op);
    op.position = client.came++;
    op.returnedUs = this.#us;
    op.outcome = op.error === 0 ? 'ok' : 'failed';
    if (op.request.op !== 'ping') client.zxid = Math.max(client.zxid, op.zxid);
  }

  #answerFrom(server: Server, client: Client, op: Pending): void {
    const { request } = op;
    const { watches } = client;
    if (request.op === 'setWatches') this.#setWatches(server, client, request);
    if (request.op === 'addWatch') {
      if (request.recursive) watches.recursive.push(request.path);
      else watches.persistent.add(request.path);
    }
    if (!isRead(request)) return;
    const answer = answerRead(server.tree, request, { session: op.session, identities: [] });
    op.error = answer.error;
    op.result = answer.error === 0 ? (answer.result as Result) : {};
    if (!('watch' in request) || !request.watch) return;
    if (answer.error === 0 && request.op === 'getChildren') watches.child.add(request.path);
    else if (answer.error === 0 || request.op === 'exists') watches.data.add(request.path);
  }

  #setWatches(server: Server, client: Client, request: SetWatchesRequest): void {
    const { watches } = client;
    for (const path of request.data) {
      const node = server.tree.get(path);
      if (node === undefined) this.#event(client, 'deleted', path, -1);
      else if (node.mzxid > request.relativeZxid) this.#event(client, 'data-changed', path, -1);
      else watches.data.add(path);
    }
    for (const path of request.child) {
      const node = server.tree.get(path);
      if (node === undefined) this.#event(client, 'deleted', path, -1);
      else if (node.pzxid > request.relativeZxid) this.#event(client, 'children-changed', path, -1);
      else watches.child.add(path);
    }
    for (const path of request.persistent) watches.persistent.add(path);
    watches.recursive.push(...request.recursive);
  }
}
