import type { Zxid } from '../core/zxid.ts';
import type { CloseReason } from './events.ts';
import type { LinkId, NodeId } from './ids.ts';

/** Who asked: what the header of every transaction carries (TxnHeader's clientId and cxid). */
export interface Origin {
  /** The client's session, unique over the run; 0 for a transaction of the server itself. */
  readonly session: number;
  /** The client's number for the request. */
  readonly cxid: number;
}

/** What a client asks for. Its body is the service's own business; the protocol only carries it. */
export interface Request {
  readonly origin: Origin;
  readonly body: Body;
}

/** The body of a request: a closed union of each service. */
export interface Body {
  readonly kind: string;
}

/**
 * An idempotent change, made by `prepare`: a closed union of each service. `digest` covers all of its
 * content, in 31 bits: an engine holds such an integer without a box.
 */
export interface Txn {
  readonly kind: string;
  readonly digest: number;
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

/** A message on the client port: a closed union of each service. */
export interface ClientMessage {
  readonly kind: string;
}

/** The replicated state. Deterministic: equal txns in equal order give equal states, whoever applies them. */
export interface StateMachine {
  /** The leader's validation of a request against all that was prepared before it, applied or not. */
  prepare(request: Request, zxid: Zxid, timeMs: number): Txn;
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

/** What the frontend may ask of the server that it belongs to. */
export interface Gateway {
  readonly self: NodeId;
  now(): number;
  /**
   * Hands a write to the leader, which may be this server. Lost when the role ends: the client sees its
   * connection end.
   */
  submit(request: Request): void;
  send(link: LinkId, message: ClientMessage): boolean;
  close(link: LinkId): void;
  /** The zxid of the last transaction applied here. */
  lastApplied(): Zxid;
}

/** The client port of a server: connections, the order of replies, later sessions and watches. */
export interface Frontend {
  /** The server begins to serve, in the role it has now. */
  open(role: 'leading' | 'following' | 'observing'): void;
  /** The role ended. Every client connection is closed without a reply. */
  close(): void;
  accept(link: LinkId): void;
  receive(link: LinkId, message: ClientMessage): void;
  writable(link: LinkId): void;
  disconnected(link: LinkId, reason: CloseReason): void;
  /** A transaction was applied under a commit: answer whoever is waiting for it here. */
  applied(origin: Origin, result: Result, zxid: Zxid): void;
}

/** A replicated service: what it keeps, and how clients reach it. One per server and incarnation. */
export interface Service {
  readonly machine: StateMachine;
  frontend(gateway: Gateway): Frontend;
}
