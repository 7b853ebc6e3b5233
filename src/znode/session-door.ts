import type { ServingRole } from '../node/content.ts';
import { NO_SESSION, type SessionId } from '../node/ids.ts';
import { type Gateway, OWN_PORT } from '../node/service.ts';
import type { Connect, Connected } from './client-messages.ts';
import type { Connection } from './connection.ts';
import type { FrontendOptions } from './options.ts';
import { NO_PASSWORD, passwordOf } from './password.ts';
import type { ZnodeRequest } from './requests.ts';
import { SessionIds } from './session-id.ts';
import type { SessionTracker } from './session-tracker.ts';
import type { ZnodeStore } from './store.ts';

/** What the door needs of the frontend that it belongs to. */
export interface DoorHost {
  readonly gateway: Gateway;
  readonly store: ZnodeStore;
  readonly options: FrontendOptions;
  readonly tracker: SessionTracker;
  readonly role: ServingRole | undefined;
  /** The connection of a session, if this server has one. */
  connectionOf(session: SessionId): Connection | undefined;
  /** How many connections there are from an address. */
  connectionsFrom(address: string): number;
  /** The connection has its session, and is read from now on. */
  opened(connection: Connection): void;
  /** Ends the connection from this side. */
  drop(connection: Connection): void;
}

/**
 * Opens sessions and lets them move: a new one when its creation is applied here, an old one when its
 * password is right and the leader says that it lives. Source: ZooKeeperServer.processConnectRequest,
 * reopenSession, finishSessionInit; Learner.validateSession; ReadOnlyZooKeeperServer.validateSession
 * (ZOOKEEPER-3863).
 */
export class SessionDoor {
  readonly #host: DoorHost;
  #ids: SessionIds;
  /** Connections whose new session is on its way. */
  readonly #creating = new Map<SessionId, Connection>();
  /** Connections about whose session the leader was asked: the newest of each, and how often it was. */
  readonly #revalidating = new Map<SessionId, { readonly connection: Connection; unanswered: number }>();

  constructor(host: DoorHost) {
    this.#host = host;
    this.#ids = new SessionIds(host.options.serverId, 0);
  }

  /** A role begins. */
  open(): void {
    const { options, gateway } = this.#host;
    this.#ids = new SessionIds(options.serverId, gateway.now());
  }

  clear(): void {
    this.#creating.clear();
    this.#revalidating.clear();
  }

  connect(connection: Connection, request: Connect): void {
    const { gateway, options, role } = this.#host;
    connection.ids = [{ scheme: 'ip', id: request.address }];
    connection.askedAt = gateway.lastApplied();
    if (role === 'read-only' && !request.readOnly) this.#turnAway(connection, request.session, 'refused');
    else if (request.lastZxidSeen > connection.askedAt) {
      this.#turnAway(connection, request.session, 'behind');
    } else if (this.#isCrowded(request.address)) {
      this.#turnAway(connection, request.session, 'refused');
    } else {
      const { minSessionTimeoutMs, maxSessionTimeoutMs } = options;
      connection.state = 'opening';
      connection.timeoutMs = Math.min(
        maxSessionTimeoutMs,
        Math.max(minSessionTimeoutMs, Math.floor(request.timeoutMs)),
      );
      if (request.session === NO_SESSION) this.#openNew(connection);
      else this.#renew(connection, request);
    }
  }

  /** The creation of a session was applied. */
  created(session: SessionId): void {
    const connection = this.#creating.get(session);
    if (connection === undefined) return;
    this.#creating.delete(session);
    const { gateway } = this.#host;
    if (connection.state === 'opening') {
      gateway.report({ kind: 'session-opened', server: gateway.self, session });
    }
    this.#finish(connection, true);
  }

  /** The leader's answer. */
  revalidated(session: SessionId, valid: boolean): void {
    const asked = this.#revalidating.get(session);
    if (asked === undefined) return;
    // Answers come in the order of the questions: an earlier one may be about a session that has left since.
    if (--asked.unanswered > 0 && this.#host.options.rules.fencesOldConnections) return;
    this.#revalidating.delete(session);
    this.#finish(asked.connection, valid);
  }

  #openNew(connection: Connection): void {
    const { gateway, options, role, store, tracker } = this.#host;
    const session = this.#ids.next();
    connection.session = session;
    if (options.localSessions) {
      store.sessionBook.openLocal(session);
      tracker.touch(session, connection.timeoutMs);
      this.#finish(connection, true);
    } else if (role === 'read-only') {
      this.#turnAway(connection, NO_SESSION, 'refused');
    } else {
      this.#creating.set(session, connection);
      const { timeoutMs, ids } = connection;
      const body: ZnodeRequest = { ids, kind: 'createSession', timeoutMs };
      gateway.submit({ origin: { session, cxid: 0 }, body });
    }
  }

  #renew(connection: Connection, { session, password }: Connect): void {
    const { gateway, options, role, store, tracker } = this.#host;
    const { sessionBook } = store;
    // It may live on where there is a quorum: only of one that it never heard of it says that it is over.
    if (role === 'read-only' && sessionBook.knows(session)) {
      this.#turnAway(connection, session, 'refused');
      return;
    }
    connection.session = session;
    const proven = password === passwordOf(session);
    const old = this.#host.connectionOf(session);
    if (old !== undefined && (proven || !options.rules.checksPasswordFirst)) this.#host.drop(old);
    if (!proven) {
      this.#finish(connection, false);
    } else if (sessionBook.isLocal(session)) {
      tracker.touch(session, connection.timeoutMs);
      this.#finish(connection, true);
    } else if (role === 'read-only') {
      this.#finish(connection, false);
    } else if (role === 'leading') {
      this.#finish(connection, this.revalidate(session, connection.timeoutMs, OWN_PORT));
    } else {
      const unanswered = (this.#revalidating.get(session)?.unanswered ?? 0) + 1;
      this.#revalidating.set(session, { connection, unanswered });
      gateway.consult({ session, timeoutMs: connection.timeoutMs });
    }
  }

  /** Leader: whether a session lives; then it speaks through `owner` from now on. */
  revalidate(session: SessionId, timeoutMs: number, owner: number): boolean {
    const { store, tracker, role } = this.#host;
    const { sessionBook } = store;
    if (!sessionBook.knows(session) || sessionBook.isClosing(session)) return false;
    sessionBook.setOwner(session, owner);
    // One that has resigned answers still, and keeps no account of sessions any more.
    if (role === 'leading') tracker.touch(session, timeoutMs);
    return true;
  }

  #finish(connection: Connection, valid: boolean): void {
    if (connection.state !== 'opening') return;
    const { gateway, role } = this.#host;
    const { link, session, timeoutMs } = connection;
    this.#report(connection, session, valid ? 'accepted' : 'expired');
    const readOnly = role === 'read-only';
    const answer: Connected = valid
      ? { kind: 'connected', timeoutMs, session, password: passwordOf(session), readOnly }
      : { kind: 'connected', timeoutMs: 0, session: NO_SESSION, password: NO_PASSWORD, readOnly };
    gateway.send(link, answer);
    if (!valid) {
      this.#host.drop(connection);
      return;
    }
    connection.state = 'open';
    this.#host.opened(connection);
  }

  /** Closes the connection without a word. */
  #turnAway(connection: Connection, session: SessionId, outcome: 'behind' | 'refused'): void {
    this.#report(connection, session, outcome);
    this.#host.drop(connection);
  }

  #report(
    { link, askedAt }: Connection,
    session: SessionId,
    outcome: 'accepted' | 'behind' | 'expired' | 'refused',
  ): void {
    const { gateway, role } = this.#host;
    gateway.report({
      kind: 'client-admitted',
      server: gateway.self,
      link,
      session,
      zxid: askedAt,
      role: role ?? 'following',
      outcome,
    });
  }

  #isCrowded(address: string): boolean {
    const { maxClientCnxns } = this.#host.options;
    return maxClientCnxns > 0 && this.#host.connectionsFrom(address) > maxClientCnxns;
  }
}
