import { Fifo } from '../core/fifo.ts';
import type { Zxid } from '../core/zxid.ts';
import type { Origin, ServingRole } from '../node/content.ts';
import type { SessionId } from '../node/ids.ts';
import { type Gateway, OWN_PORT } from '../node/service.ts';
import { PERMS, permits } from './acl.ts';
import type { ClientRequest, EventType, ReplyResult, ZnodeMessage } from './client-messages.ts';
import type { Connection } from './connection.ts';
import { ERRORS } from './errors.ts';
import { isRead, isWatching, isWrite, makesEphemeral, needsLeader } from './operation-class.ts';
import type { FrontendOptions } from './options.ts';
import type { Operation, ReadOperation, Sync, WriteOperation, ZnodeRequest } from './requests.ts';
import type { ReadResult, ZnodeResult } from './results.ts';
import type { SessionTracker } from './session-tracker.ts';
import type { ZnodeStore } from './store.ts';
import { eventsOf, rearm } from './watch-events.ts';
import type { WatchOperation } from './watch-requests.ts';
import { WATCH_MODES, type WatchTable } from './watch-table.ts';

/** What requests need of the client port that they came through. */
export interface PathHost {
  readonly gateway: Gateway;
  readonly store: ZnodeStore;
  readonly options: FrontendOptions;
  readonly tracker: SessionTracker;
  readonly watches: WatchTable;
  readonly role: ServingRole | undefined;
  connectionOf(session: SessionId): Connection | undefined;
  send(connection: Connection, message: ZnodeMessage): void;
  /** The session was heard of; false: it is over, and the request is dropped without an answer. */
  touch(connection: Connection): boolean;
  /** A request with an xid above 0 is off the server's hands. */
  answered(connection: Connection): void;
  drop(connection: Connection): void;
}

/** A request on its way through the server, and what is known of its answer already. */
interface Queued {
  readonly connection: Connection;
  readonly xid: number;
  readonly operation: ClientRequest['operation'];
  /** Whom the client had proven to be when the request came. */
  readonly ids: Connection['ids'];
  /** Whether the answer waits for a commit, or for a barrier. */
  readonly waits: boolean;
  /** The code with which it fails, found before it went on its way: this is answered. 0: none. */
  readonly error: number;
  /** Whether it is on its way, if it waits: behind a sync it may be held back. */
  forwarded: boolean;
}

/** As it was read from its connection. Source: ZooKeeperServer.processPacket (new Request). */
interface Received {
  readonly connection: Connection;
  readonly request: ClientRequest;
  readonly ids: Connection['ids'];
}

const NO_ZXID = -1 as Zxid;

/**
 * The way of requests through a server. Each session is answered in the order of its requests: a write when
 * its transaction is applied here, sync when its barrier is reached, all else at once from what is applied,
 * or behind the write that it follows. An event is sent before any answer that shows the change. Source:
 * FollowerRequestProcessor, CommitProcessor, FinalRequestProcessor.
 */
export class RequestPath {
  readonly #host: PathHost;
  #received: Received[] = [];
  /** What each session waits for, oldest first: a write or sync, then whatever came behind it. */
  readonly #queues = new Map<SessionId, Fifo<Queued>>();
  /** The sessions of which something is held back, since barriers would come in between. */
  readonly #fenced = new Set<SessionId>();
  /** The sessions whose barriers are open, in the order in which they were asked for. */
  readonly #barriers = new Fifo<SessionId>();

  constructor(host: PathHost) {
    this.#host = host;
  }

  clear(): void {
    this.#received = [];
    this.#queues.clear();
    this.#fenced.clear();
    this.#barriers.clear();
  }

  add(connection: Connection, request: ClientRequest): void {
    this.#received.push({ connection, request, ids: connection.ids });
    this.#host.gateway.wake();
  }

  /** The queue of received requests and its thread. */
  turn(): void {
    const received = this.#received;
    this.#received = [];
    for (const one of received) {
      const { connection, request } = one;
      const { fencesOldConnections } = this.#host.options.rules;
      if (connection.state !== 'open' && fencesOldConnections) this.#done(connection, request.xid);
      else if (this.#host.touch(connection)) this.#route(one);
      else this.#done(connection, request.xid);
    }
  }

  /** A transaction was applied: its events first, then the answer, then what waited behind it. */
  applied({ session, cxid }: Origin, result: ZnodeResult, zxid: Zxid): void {
    const { watches, store, options } = this.#host;
    for (const { type, path, acl, to } of eventsOf(result, store.tree, watches)) {
      for (const connection of to) {
        if (options.skipAcl || permits(acl, PERMS.READ, connection.ids)) {
          this.#notify(connection, zxid, type, path);
        }
      }
    }
    const head = this.#queues.get(session)?.first();
    if (head === undefined || head.xid !== cxid || head.operation.kind === 'sync') return;
    this.#answerWrite(head, result, zxid);
    this.#goOn(session);
  }

  /** The oldest barrier is reached. */
  synced(): void {
    const session = this.#barriers.shift();
    if (session === undefined) return;
    const head = this.#queues.get(session)?.first();
    if (head?.operation.kind !== 'sync') return;
    this.#answer(head);
    this.#goOn(session);
  }

  #route({ connection, request, ids }: Received): void {
    const { xid, operation } = request;
    const { role, store } = this.#host;
    const { session } = connection;
    const readOnly = role === 'read-only';
    if (isBarred(operation) && !(readOnly && needsLeader(operation))) {
      this.#refuse(connection, xid);
      return;
    }
    const local = store.sessionBook.isLocal(session);
    const changes = isWrite(operation) && !(local && operation.kind === 'closeSession');
    if (readOnly && (changes || needsLeader(operation))) {
      this.#reply(connection, xid, ERRORS.NOTREADONLY, undefined);
      return;
    }
    const refused = local && !this.#mayOwn(connection, operation, ids);
    const waits = changes || (operation.kind === 'sync' && this.#isBarrier());
    let error: number = refused ? ERRORS.EPHEMERALONLOCALSESSION : ERRORS.OK;
    if (role === 'leading' && !waits) error = store.sessionBook.check(session, OWN_PORT);
    const queued: Queued = { connection, xid, operation, ids, waits, error, forwarded: false };
    const queue = this.#queues.get(session);
    if (queue === undefined && !waits) {
      this.#answer(queued);
      return;
    }
    if (queue !== undefined) queue.push(queued);
    else this.#queues.set(session, fifoOf(queued));
    if (!waits || this.#fenced.has(session)) return;
    if (this.#isFence(operation)) {
      this.#fenced.add(session);
      if (queue !== undefined) return;
    }
    this.#forward(queued);
  }

  /**
   * Whether the session's writes before it must be answered before it goes on its way, and those behind it
   * wait until it is answered: where nothing else keeps the order.
   */
  #isFence({ kind }: ClientRequest['operation']): boolean {
    return kind === 'sync' && !this.#host.gateway.ordersBarriers;
  }

  #isBarrier(): boolean {
    return this.#host.role !== 'leading' || this.#host.options.rules.leaderSyncIsBarrier;
  }

  #forward(queued: Queued): void {
    const { gateway } = this.#host;
    const { connection, xid, ids } = queued;
    const { session } = connection;
    const operation = queued.operation as WriteOperation | Sync;
    const body: ZnodeRequest = { ids, ...operation };
    queued.forwarded = true;
    const request = { origin: { session, cxid: xid }, body };
    if (operation.kind === 'sync') {
      this.#barriers.push(session);
      gateway.barrier(request);
    } else {
      gateway.submit(request);
    }
  }

  /**
   * A local session owns no ephemeral node: where it may, it becomes a global one first. Whether the request
   * can succeed; if not, it takes the way of a write all the same, and the leader fails it. Source:
   * UpgradeableSessionTracker, QuorumZooKeeperServer.checkUpgradeSession.
   */
  #mayOwn(connection: Connection, operation: ClientRequest['operation'], ids: Connection['ids']): boolean {
    const { store, options, gateway, tracker } = this.#host;
    const { session, timeoutMs } = connection;
    if (!makesEphemeral(operation as Operation)) return true;
    if (!options.localSessionsUpgrading) return false;
    store.sessionBook.closeLocal(session);
    // The leader knows it as a global one from now on: what comes before its creation is prepared is of it.
    if (this.#host.role === 'leading') store.sessionBook.create(session, OWN_PORT);
    else tracker.remove(session);
    const body: ZnodeRequest = { ids, kind: 'createSession', timeoutMs };
    gateway.submit({ origin: { session, cxid: 0 }, body });
    return true;
  }

  // --- Answers ---

  /** What a write or sync held up goes on, up to the next one. */
  #goOn(session: SessionId): void {
    const queue = this.#queues.get(session);
    if (queue === undefined) return;
    queue.shift();
    for (let next = queue.first(); next !== undefined; next = queue.first()) {
      if (next.waits && (next.forwarded || this.#release(session, queue))) return;
      queue.shift();
      if (next.waits) this.#done(next.connection, next.xid);
      else this.#answer(next);
    }
    this.#queues.delete(session);
    this.#fenced.delete(session);
  }

  /**
   * What was held back goes on its way, up to the next fence; false: the client of the first has left, and it
   * never goes.
   */
  #release(session: SessionId, queue: Fifo<Queued>): boolean {
    this.#fenced.delete(session);
    for (let i = 0; i < queue.size; i++) {
      const queued = queue.at(i) as Queued;
      if (!queued.waits || queued.forwarded) continue;
      if (queued.connection.state !== 'open') {
        if (i === 0) return false;
        continue;
      }
      if (this.#isFence(queued.operation)) {
        this.#fenced.add(session);
        if (i === 0) this.#forward(queued);
        return true;
      }
      this.#forward(queued);
    }
    return true;
  }

  #answerWrite({ connection, xid, operation, error }: Queued, result: ZnodeResult, zxid: Zxid): void {
    if (result.kind === 'failed' || result.kind === 'multi') {
      if (hasMoved(result)) {
        this.#done(connection, xid);
        this.#host.drop(connection);
        return;
      }
    }
    // The leader knows no session that is local elsewhere: of its refusal only the zxid is told. A multi is
    // told what became of its parts.
    const failure = result.kind === 'failed' ? result.err : ERRORS.OK;
    const err = failure !== ERRORS.OK && error !== ERRORS.OK ? error : failure;
    const shown = result.kind === 'failed' || result.kind === 'sessionClosed' ? undefined : result;
    this.#reply(connection, xid, err, shown, zxid);
    if (operation.kind === 'closeSession') this.#host.drop(connection);
  }

  /** Answers what waits for nothing any more. */
  #answer(queued: Queued): void {
    const { connection, xid, operation, error } = queued;
    if (error === ERRORS.SESSIONMOVED) {
      this.#done(connection, xid);
      this.#host.drop(connection);
    } else if (error !== ERRORS.OK) {
      this.#reply(connection, xid, error, undefined);
    } else if (isWatching(operation)) {
      this.#answerWatching(connection, xid, operation);
    } else if (isRead(operation)) {
      this.#answerRead(queued, operation);
    } else if (operation.kind === 'closeSession') {
      this.#endLocally(connection, xid);
    } else if (operation.kind === 'malformed') {
      this.#reply(connection, xid, ERRORS.MARSHALLINGERROR, undefined);
    } else {
      this.#reply(connection, xid, ERRORS.OK, undefined);
    }
  }

  /** A local session ends where it began. */
  #endLocally(connection: Connection, xid: number): void {
    this.#host.store.sessionBook.closeLocal(connection.session);
    this.#host.tracker.remove(connection.session);
    this.#reply(connection, xid, ERRORS.OK, undefined);
    this.#host.drop(connection);
  }

  #answerRead({ connection, xid, ids }: Queued, operation: ReadOperation): void {
    const { session } = connection;
    const result = this.#host.store.read(operation, { session, owner: OWN_PORT, ids });
    if (connection.state === 'open') this.#watchRead(connection, operation, result);
    if (result.kind === 'failed') this.#reply(connection, xid, result.err, undefined);
    else this.#reply(connection, xid, ERRORS.OK, result);
  }

  /** A read leaves its watch when it succeeds; exists also when there is no node. */
  #watchRead(connection: Connection, operation: ReadOperation, result: ReadResult): void {
    if (!('watch' in operation) || !operation.watch) return;
    const absent = operation.kind === 'exists' && result.kind === 'failed' && result.err === ERRORS.NONODE;
    if (result.kind === 'failed' && !absent) return;
    const kind = operation.kind === 'getChildren' || operation.kind === 'getChildren2' ? 'child' : 'data';
    this.#host.watches.add(kind, operation.path, connection, WATCH_MODES.STANDARD);
  }

  #answerWatching(connection: Connection, xid: number, operation: WatchOperation): void {
    const { watches, store } = this.#host;
    if (connection.state !== 'open') {
      this.#done(connection, xid);
      return;
    }
    let err: number = ERRORS.OK;
    switch (operation.kind) {
      case 'setWatches':
        for (const { type, path } of rearm(operation, store.tree, watches, connection)) {
          this.#notify(connection, NO_ZXID, type, path);
        }
        break;
      case 'addWatch': {
        const { path, mode } = operation;
        const { PERSISTENT, RECURSIVE } = WATCH_MODES;
        watches.add('data', path, connection, mode === 'persistent' ? PERSISTENT : RECURSIVE);
        if (mode === 'persistent') watches.add('child', path, connection, PERSISTENT);
        break;
      }
      case 'checkWatches':
        if (!watches.has(operation.type, operation.path, connection)) err = ERRORS.NOWATCHER;
        break;
      case 'removeWatches':
        if (!watches.remove(operation.type, operation.path, connection)) err = ERRORS.NOWATCHER;
        break;
    }
    this.#reply(connection, xid, err, undefined);
  }

  #notify(connection: Connection, zxid: Zxid, type: EventType, path: string): void {
    this.#host.send(connection, { kind: 'event', zxid, type, path });
  }

  #reply(
    connection: Connection,
    xid: number,
    err: number,
    result: ReplyResult | undefined,
    zxid: Zxid = this.#host.gateway.lastApplied(),
  ): void {
    this.#host.send(connection, { kind: 'reply', xid, zxid, err, result });
    this.#done(connection, xid);
  }

  /** An operation that no client may ask for: the connection ends behind the answer. */
  #refuse(connection: Connection, xid: number): void {
    this.#reply(connection, xid, ERRORS.UNIMPLEMENTED, undefined, NO_ZXID);
    this.#host.drop(connection);
  }

  #done(connection: Connection, xid: number): void {
    if (xid > 0) this.#host.answered(connection);
  }
}

/** What servers ask each other for, and no client. */
function isBarred({ kind }: { readonly kind: string }): boolean {
  return kind === 'unsupported' || kind === 'createSession';
}

/** Whether the write was refused because its session speaks through another server now. */
function hasMoved(result: ZnodeResult): boolean {
  if (result.kind === 'failed') return result.err === ERRORS.SESSIONMOVED;
  return result.kind === 'multi' && result.results.some(hasMoved);
}

function fifoOf(queued: Queued): Fifo<Queued> {
  const queue = new Fifo<Queued>();
  queue.push(queued);
  return queue;
}
