import type { SessionId } from '../node/ids.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import type { ZnodeRules } from './rules.ts';
import { serverOfSession } from './session-id.ts';

/** What the leader's checks need of the configuration. */
export interface SessionOptions {
  readonly rules: Pick<ZnodeRules, 'refusesClosing'>;
  readonly localSessions: boolean;
  readonly serverId: number;
}

/**
 * What the leader knows of global sessions: those that are applied, those that are being created, which of
 * them are closing, and through whom each one speaks. All but the first is forgotten with the leadership: a
 * session whose close was not committed lives again. Source: LeaderSessionTracker, SessionTrackerImpl.
 */
export class SessionBook {
  readonly #options: SessionOptions;
  readonly #table: ReadonlyMap<SessionId, number>;
  readonly #created = new Set<SessionId>();
  readonly #local = new Set<SessionId>();
  readonly #closing = new Set<SessionId>();
  readonly #owners = new Map<SessionId, number>();

  constructor(table: ReadonlyMap<SessionId, number>, options: SessionOptions) {
    this.#table = table;
    this.#options = options;
  }

  /** Whether there is such a session, created or being created. */
  knows(session: SessionId): boolean {
    return this.#table.has(session) || this.#created.has(session);
  }

  /** Whether the session was told to close, and is not closed yet. */
  isClosing(session: SessionId): boolean {
    return this.#closing.has(session);
  }

  /** Through whom the session speaks; undefined until it has spoken to this leader. */
  ownerOf(session: SessionId): number | undefined {
    return this.#owners.get(session);
  }

  /** The session moved: its client connected elsewhere (REVALIDATE, or a renewal at the leader itself). */
  setOwner(session: SessionId, owner: number): void {
    if (this.knows(session) && !this.#closing.has(session)) this.#owners.set(session, owner);
  }

  /**
   * Whether the session may ask for something through `owner`. The first one to do so owns it. An ephemeral
   * node needs a global session.
   */
  check(session: SessionId, owner: number, needsGlobal = false): ErrorCode {
    if (this.#local.has(session)) return needsGlobal ? ERRORS.EPHEMERALONLOCALSESSION : ERRORS.OK;
    if (!this.knows(session)) {
      const { localSessions, serverId } = this.#options;
      const elsewhere = localSessions && !needsGlobal && serverOfSession(session) !== serverId;
      return elsewhere ? ERRORS.OK : ERRORS.SESSIONEXPIRED;
    }
    if (this.#closing.has(session) && this.#options.rules.refusesClosing) return ERRORS.SESSIONEXPIRED;
    const present = this.#owners.get(session);
    if (present === undefined) this.#owners.set(session, owner);
    return present === undefined || present === owner ? ERRORS.OK : ERRORS.SESSIONMOVED;
  }

  /** A session begins that lives on this server alone. */
  openLocal(session: SessionId): void {
    this.#local.add(session);
  }

  /** A local session ended, or is about to become a global one. */
  closeLocal(session: SessionId): void {
    this.#local.delete(session);
  }

  /** Whether the session lives on this server alone. */
  isLocal(session: SessionId): boolean {
    return this.#local.has(session);
  }

  /** The creation of a session is prepared. */
  create(session: SessionId, owner: number): void {
    if (!this.#table.has(session)) this.#created.add(session);
    this.#owners.set(session, owner);
  }

  /** The end of a session is prepared: nothing else of it passes any more. */
  close(session: SessionId): void {
    if (this.knows(session)) this.#closing.add(session);
  }

  /** A session's creation is applied. */
  created(session: SessionId): void {
    this.#created.delete(session);
  }

  /** A session's end is applied. */
  closed(session: SessionId): void {
    this.#created.delete(session);
    this.#closing.delete(session);
    this.#owners.delete(session);
  }

  /** A role begins: a session whose close was not committed lives again. */
  begin(): void {
    this.#closing.clear();
    this.forget();
  }

  /** A role ended. Who has led still says of sessions whether they live, and which are about to end. */
  forget(): void {
    this.#created.clear();
    this.#owners.clear();
    this.#local.clear();
  }
}
