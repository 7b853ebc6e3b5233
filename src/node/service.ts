import type { Zxid } from '../core/zxid.ts';
import type { Body, ClientMessage, Origin, ServingRole, Txn } from './content.ts';
import type { CloseReason } from './events.ts';
import type { Fact } from './facts.ts';
import type { LinkId, NodeId, SessionId } from './ids.ts';

/** What a client asks for. Its body is the service's own business; the protocol only carries it. */
export interface Request {
  readonly origin: Origin;
  readonly body: Body;
}

/** A piece of a snapshot. `digest` covers all of its content. */
export interface Chunk {
  readonly kind: string;
  readonly digest: number;
}

/** The outcome of an applied transaction, for the client that asked: a closed union of each service. */
export interface Result {
  readonly kind: string;
}

/** The replicated state. Deterministic: equal txns in equal order give equal states, whoever applies them. */
export interface StateMachine {
  /**
   * The leader's validation of a request against all that was prepared before it, applied or not. `owner` is
   * the connection that the request came over: `OWN_PORT`, or the number of a learner's connection.
   */
  prepare(request: Request, owner: number, zxid: Zxid, timeMs: number): Txn;
  /** Applies a transaction. Applying one again, in order, after a fuzzy snapshot gives the same state. */
  apply(txn: Txn, zxid: Zxid): Result;
  /** Leadership ended: drop what was prepared and not applied. */
  forget(): void;
  /** Back to the state before the first transaction. */
  clear(): void;
  /**
   * Begins a snapshot: pieces that together hold the state, changed by whatever is applied between two of
   * them.
   */
  capture(): Cursor;
  /** Puts one piece of a snapshot into the cleared state. */
  restore(chunk: Chunk): void;
  /** A digest of the state, 31 bits, kept up to date by `apply`. */
  digest(): number;
}

/** A snapshot being written. */
export interface Cursor {
  /** The next piece, or undefined after the last. */
  next(): Chunk | undefined;
}

/** The owner of a session whose client is connected to the leader itself. */
export const OWN_PORT = 0;

/** The owner of a request whose session had moved when it arrived: no session has this one. */
export const LEFT_PORT = -1;

/** A session that was heard of, and the timeout that its connection has: what a learner's PING carries. */
export interface Touch {
  readonly session: SessionId;
  readonly timeoutMs: number;
}

/** No touches: the answer to PING then carries nothing. */
export const NO_TOUCHES: readonly Touch[] = Object.freeze([]);

/** What the frontend may ask of the server that it belongs to. */
export interface Gateway {
  readonly self: NodeId;
  /** Monotonic local µs. */
  now(): number;
  /** Wall-clock ms. */
  wallMs(): number;
  /**
   * Hands a write to the leader, which may be this server. Lost when the role ends: the client sees its
   * connection end.
   */
  submit(request: Request): void;
  /** Whether a barrier is reached behind all that was submitted before it, and before all that was after. */
  readonly ordersBarriers: boolean;
  /**
   * Asks the leader for a point that all it has proposed so far is committed before (SYNC): `synced` follows
   * once this server has applied all that. Answers come in the order of the questions.
   */
  barrier(request: Request): void;
  /** Asks the leader whether a session lives, and moves it here (REVALIDATE); `revalidated` follows. */
  consult(touch: Touch): void;
  send(link: LinkId, message: ClientMessage): boolean;
  close(link: LinkId): void;
  /** The zxid of the last transaction applied here. */
  lastApplied(): Zxid;
  /** Asks for a `timer` after `afterUs` of local time; setting a set one moves it. */
  setTimer(timer: FrontendTimer, afterUs: number): void;
  cancelTimer(timer: FrontendTimer): void;
  /** Asks for a later `turn`: the queue of received requests and its thread. */
  wake(): void;
  report(fact: Fact): void;
}

/** The deadlines of a frontend: sessions that expire, nodes to reap, idle connections. */
export type FrontendTimer = 'session-expiry' | 'reaper' | 'idle';

/** The client port of a server: connections, sessions, watches, and the order of replies. */
export interface Frontend {
  /** The server begins to serve, in this role. */
  open(role: ServingRole): void;
  /** The role ended. Every client connection is closed without a reply. */
  close(): void;
  accept(link: LinkId): void;
  receive(link: LinkId, message: ClientMessage): void;
  writable(link: LinkId): void;
  disconnected(link: LinkId, reason: CloseReason): void;
  timer(timer: FrontendTimer): void;
  turn(): void;
  /** A transaction was applied under a commit: answer whoever is waiting for it here. */
  applied(origin: Origin, result: Result, zxid: Zxid): void;
  /** The oldest barrier was reached. */
  synced(): void;
  /** Learner: the sessions that were heard of since it was last asked. */
  touches(): readonly Touch[];
  /** Learner: the leader's answer about a session. */
  revalidated(session: SessionId, valid: boolean): void;
  /** Leader: a learner was heard of these sessions. */
  touched(touches: readonly Touch[]): void;
  /** Leader: whether the session lives; if so, it now belongs to `owner` and is touched. */
  revalidate(touch: Touch, owner: number): boolean;
  /** Leader: whether a request that arrives now over `owner` comes too late, as its session has moved. */
  hasLeft(session: SessionId, owner: number): boolean;
}

/** A replicated service: what it keeps, and how clients reach it. One per server and incarnation. */
export interface Service {
  readonly machine: StateMachine;
  frontend(gateway: Gateway): Frontend;
}
