import type { Zxid } from '../core/zxid.ts';
import type { ClientMessage, Origin, ServingRole } from '../node/content.ts';
import type { LinkId, SessionId } from '../node/ids.ts';
import {
  type Frontend,
  type FrontendTimer,
  type Gateway,
  NO_TOUCHES,
  type Result,
  type Touch,
} from '../node/service.ts';
import { identify, withIds } from './authentication.ts';
import type { Auth, ClientRequest, ZnodeMessage } from './client-messages.ts';
import { Connection } from './connection.ts';
import { ERRORS } from './errors.ts';
import type { FrontendOptions } from './options.ts';
import { Reaper } from './reaper.ts';
import { type PathHost, RequestPath } from './request-path.ts';
import { isTooLarge } from './request-size.ts';
import type { Operation, ZnodeRequest } from './requests.ts';
import type { ZnodeResult } from './results.ts';
import { type DoorHost, SessionDoor } from './session-door.ts';
import { SessionTracker } from './session-tracker.ts';
import type { ZnodeStore } from './store.ts';
import { WatchTable } from './watch-table.ts';

/** How often idle connections are looked for, µs (NIOServerCnxnFactory's expiry interval). */
const IDLE_SWEEP_US = 10_000_000;

/**
 * A server's client port: connections and how much is read from them, sessions, and who is heard of. What is
 * asked for goes through `RequestPath`, how a session begins through `SessionDoor`. Source: ZooKeeperServer,
 * NIOServerCnxn, and what QuorumZooKeeperServer's kinds add to it.
 */
export class ZnodeFrontend implements Frontend, DoorHost, PathHost {
  readonly gateway: Gateway;
  readonly store: ZnodeStore;
  readonly options: FrontendOptions;
  readonly tracker: SessionTracker;
  readonly watches = new WatchTable();
  role: ServingRole | undefined;
  readonly #door: SessionDoor;
  readonly #path: RequestPath;
  readonly #reaper: Reaper;
  readonly #connections = new Map<LinkId, Connection>();
  readonly #sessions = new Map<SessionId, Connection>();
  /** Learner: the timeouts of the sessions that were heard of since the last PING. */
  readonly #touches = new Map<SessionId, number>();
  /** Requests with an xid above 0 that are not answered yet. */
  #inProcess = 0;
  #sweeping = false;

  constructor(gateway: Gateway, store: ZnodeStore, options: FrontendOptions) {
    this.gateway = gateway;
    this.store = store;
    this.options = options;
    this.tracker = new SessionTracker(gateway, options.tickTimeMs);
    this.#door = new SessionDoor(this);
    this.#path = new RequestPath(this);
    this.#reaper = new Reaper(gateway, store.tree, options.reaper);
  }

  // --- The role ---

  /** A new leader gives every session its full timeout: nobody knows when it was last heard of. */
  open(role: ServingRole): void {
    this.role = role;
    this.store.sessionBook.begin();
    this.#door.open();
    if (role !== 'leading') return;
    for (const [session, timeoutMs] of this.store.sessions) this.tracker.touch(session, timeoutMs);
    this.#endStrangers();
    this.#reaper.open();
  }

  close(): void {
    this.role = undefined;
    for (const connection of this.#connections.values()) connection.state = 'closed';
    this.#connections.clear();
    this.#sessions.clear();
    this.watches.clear();
    this.#door.clear();
    this.#path.clear();
    this.tracker.clear();
    this.#touches.clear();
    this.store.sessionBook.forget();
    this.#inProcess = 0;
    this.#sweeping = false;
    this.#reaper.close();
    this.gateway.cancelTimer('idle');
  }

  timer(timer: FrontendTimer): void {
    if (timer === 'session-expiry') this.tracker.timer((...over) => this.#expire(...over));
    else if (timer === 'reaper') this.#reaper.timer();
    else this.#sweepIdle();
  }

  turn(): void {
    this.#path.turn();
  }

  // --- Connections ---

  accept(link: LinkId): void {
    this.#connections.set(link, new Connection(link, this.gateway.now()));
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.gateway.setTimer('idle', IDLE_SWEEP_US);
  }

  receive(link: LinkId, message: ClientMessage): void {
    const connection = this.#connections.get(link);
    if (connection === undefined) return;
    connection.usedUs = this.gateway.now();
    const m = message as ZnodeMessage;
    if (m.kind === 'client-request') this.#read(connection, m);
    else if (connection.state !== 'fresh') this.drop(connection);
    else if (m.kind === 'connect') this.#door.connect(connection, m);
    else if (m.kind === 'word') this.#answerWord(connection);
  }

  writable(link: LinkId): void {
    const connection = this.#connections.get(link);
    if (connection === undefined) return;
    const { outbox } = connection;
    connection.outbox = [];
    for (const message of outbox) this.send(connection, message);
  }

  disconnected(link: LinkId): void {
    const connection = this.#connections.get(link);
    if (connection !== undefined) this.#forget(connection);
  }

  drop(connection: Connection): void {
    if (connection.state === 'closed') return;
    this.#forget(connection);
    this.gateway.close(connection.link);
  }

  send(connection: Connection, message: ZnodeMessage): void {
    if (connection.state === 'closed') return;
    const { outbox, link } = connection;
    if (outbox.length > 0 || !this.gateway.send(link, message)) outbox.push(message);
    else connection.usedUs = this.gateway.now();
  }

  connectionOf(session: SessionId): Connection | undefined {
    return this.#sessions.get(session);
  }

  connectionsFrom(address: string): number {
    let count = 0;
    for (const { ids } of this.#connections.values()) if (ids[0]?.id === address) count++;
    return count;
  }

  #forget(connection: Connection): void {
    connection.state = 'closed';
    this.#connections.delete(connection.link);
    if (this.#sessions.get(connection.session) === connection) this.#sessions.delete(connection.session);
    this.watches.forget(connection);
  }

  #answerWord(connection: Connection): void {
    this.send(connection, { kind: 'word-answer', text: this.role === 'read-only' ? 'ro' : 'rw' });
    this.drop(connection);
  }

  /** A connection ends when nothing came or went over it for its timeout; without a session, for 10 s. */
  #sweepIdle(): void {
    const nowUs = this.gateway.now();
    for (const connection of [...this.#connections.values()]) {
      const limitUs = connection.timeoutMs > 0 ? connection.timeoutMs * 1000 : IDLE_SWEEP_US;
      if (nowUs - connection.usedUs > limitUs) this.drop(connection);
    }
    this.#sweeping = this.#connections.size > 0;
    if (this.#sweeping) this.gateway.setTimer('idle', IDLE_SWEEP_US);
  }

  // --- Reading requests ---

  opened(connection: Connection): void {
    this.#sessions.set(connection.session, connection);
    this.#readOn(connection);
  }

  #read(connection: Connection, request: ClientRequest): void {
    const { operation, xid } = request;
    if (connection.state === 'closed') return;
    if (connection.state === 'fresh') {
      this.drop(connection);
    } else if (connection.state === 'opening' || connection.throttled) {
      connection.inbox.push(request);
    } else if (operation.kind === 'auth') {
      this.#authenticate(connection, xid, operation);
    } else if (hasBody(operation) && this.#exceeds(operation)) {
      this.drop(connection);
    } else {
      if (xid > 0) this.#count(connection);
      this.#path.add(connection, request);
    }
  }

  #exceeds(operation: Operation): boolean {
    return isTooLarge(operation, this.options.maxBuffer);
  }

  #readOn(connection: Connection): void {
    const { inbox } = connection;
    connection.inbox = [];
    for (const request of inbox) this.#read(connection, request);
  }

  /** Answered at once, past the order of the session. */
  #authenticate(connection: Connection, xid: number, auth: Auth): void {
    const ids = identify(auth, connection.ids, this.options.superDigest);
    const err = ids === undefined ? ERRORS.AUTHFAILED : ERRORS.OK;
    this.send(connection, { kind: 'reply', xid, zxid: 0 as Zxid, err, result: undefined });
    if (ids === undefined) this.drop(connection);
    else connection.ids = withIds(connection.ids, ids);
  }

  /** Beyond the limit a connection that already waits for an answer is not read. */
  #count(connection: Connection): void {
    this.#inProcess++;
    connection.outstanding++;
    if (this.#isCrowded() && connection.outstanding > 0) connection.throttled = true;
  }

  answered(connection: Connection): void {
    this.#inProcess--;
    connection.outstanding--;
    if (!connection.throttled || (connection.outstanding > 0 && this.#isCrowded())) return;
    connection.throttled = false;
    this.#readOn(connection);
  }

  /** Source: ZooKeeperServer.shouldThrottle, QuorumZooKeeperServer.getGlobalOutstandingLimit. */
  #isCrowded(): boolean {
    const { globalOutstandingLimit, voters } = this.options;
    return this.#inProcess > Math.floor(globalOutstandingLimit / Math.max(1, voters - 1));
  }

  // --- Sessions ---

  touch({ session, timeoutMs }: Connection): boolean {
    const { sessionBook } = this.store;
    if (sessionBook.isLocal(session)) {
      this.tracker.touch(session, timeoutMs);
    } else if (this.role === 'leading') {
      if (!sessionBook.knows(session) || sessionBook.isClosing(session)) return false;
      this.tracker.touch(session, timeoutMs);
    } else if (this.role !== 'read-only') {
      this.#touches.set(session, timeoutMs);
    }
    return true;
  }

  touches(): readonly Touch[] {
    if (this.#touches.size === 0) return NO_TOUCHES;
    const touches = [...this.#touches].map(([session, timeoutMs]) => ({ session, timeoutMs }));
    this.#touches.clear();
    return touches;
  }

  /** What a learner still passes on to a leader that has resigned, it no longer keeps account of. */
  touched(touches: readonly Touch[]): void {
    if (this.role !== 'leading') return;
    const { sessionBook } = this.store;
    for (const { session, timeoutMs } of touches) {
      if (sessionBook.knows(session) && !sessionBook.isClosing(session)) {
        this.tracker.touch(session, timeoutMs);
      }
    }
  }

  revalidate({ session, timeoutMs }: Touch, owner: number): boolean {
    return this.#door.revalidate(session, timeoutMs, owner);
  }

  hasLeft(session: SessionId, owner: number): boolean {
    const present = this.store.sessionBook.ownerOf(session);
    return this.options.rules.fencesOldConnections && present !== undefined && present !== owner;
  }

  revalidated(session: SessionId, valid: boolean): void {
    this.#door.revalidated(session, valid);
  }

  /** A local session just ends; a global one is closing from now on, and ends with its transaction. */
  #expire(session: SessionId, idleUs: number, timeoutMs: number): void {
    const { gateway, store } = this;
    const connection = this.#sessions.get(session);
    gateway.report({ kind: 'session-expired', server: gateway.self, session, idleUs, timeoutMs });
    if (store.sessionBook.isLocal(session)) {
      store.sessionBook.closeLocal(session);
      if (connection !== undefined) this.drop(connection);
      return;
    }
    store.sessionBook.close(session);
    this.#end(session);
  }

  /**
   * Nodes whose owner is no session any more, as a data directory may hold them, go with its end, on every
   * server. Upstream's leader takes them from its own tree alone, and differs from its followers from then
   * on. Source: ZooKeeperServer.loadData.
   */
  #endStrangers(): void {
    const { tree, sessionBook } = this.store;
    for (const session of tree.owners()) if (!sessionBook.knows(session)) this.#end(session);
  }

  #end(session: SessionId): void {
    const body: ZnodeRequest = { ids: [], kind: 'closeSession' };
    this.gateway.submit({ origin: { session, cxid: 0 }, body });
  }

  // --- What is applied ---

  applied(origin: Origin, result: Result, zxid: Zxid): void {
    const outcome = result as ZnodeResult;
    const { session } = origin;
    if (outcome.kind === 'sessionCreated') this.#created(session, outcome.timeoutMs);
    this.#path.applied(origin, outcome, zxid);
    if (outcome.kind === 'sessionCreated') this.#door.created(session);
    if (outcome.kind === 'sessionClosed') this.#ended(session);
  }

  /** Every learner passes it on as heard of, wherever it is (LearnerSessionTracker.commitSession). */
  #created(session: SessionId, timeoutMs: number): void {
    if (this.role !== 'leading') this.#touches.set(session, timeoutMs);
    else if (!this.tracker.has(session)) this.tracker.touch(session, timeoutMs);
  }

  /** Whoever asked for the end was answered; another connection of the session just ends. */
  #ended(session: SessionId): void {
    this.tracker.remove(session);
    this.#touches.delete(session);
    const connection = this.#sessions.get(session);
    if (connection !== undefined) this.drop(connection);
  }

  synced(): void {
    this.#path.synced();
  }
}

/** Whether the service knows what such a request holds. */
function hasBody(operation: Exclude<ClientRequest['operation'], Auth>): operation is Operation {
  const { kind } = operation;
  return kind !== 'ping' && kind !== 'unsupported' && kind !== 'malformed';
}
