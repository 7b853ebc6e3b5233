import type { Zxid } from '../core/zxid.ts';
import type { SessionId } from '../node/ids.ts';
import type { AuthId } from './acl.ts';
import type { Operation } from './requests.ts';
import type { ReadResult, ZnodeResult } from './results.ts';

/** The first message of a connection. Source: ConnectRequest. */
export interface Connect {
  readonly kind: 'connect';
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  /** `NO_SESSION` for a new one. */
  readonly session: SessionId;
  /** 16 bytes as 32 hex digits; all zero for a new session. */
  readonly password: string;
  /** Whether a server without a quorum will do. */
  readonly readOnly: boolean;
  /** What the server's socket says of the client, no part of the packet: its address. */
  readonly address: string;
}

/** The answer to `connect`; a timeout of 0 says that the session is over. Source: ConnectResponse. */
export interface Connected {
  readonly kind: 'connected';
  readonly timeoutMs: number;
  readonly session: SessionId;
  readonly password: string;
  readonly readOnly: boolean;
}

/** The xid of a watch event, which answers nothing. */
export const XID_EVENT = -1;
/** The xid of a ping. */
export const XID_PING = -2;
/** The xid of an auth packet. */
export const XID_AUTH = -4;
/** The xid of setWatches. */
export const XID_SET_WATCHES = -8;

/** A sign of life, answered in the session's order. Opcode 11. */
export interface Ping {
  readonly kind: 'ping';
}

/** Proves an identity for as long as the connection lives. Opcode 100. */
export interface Auth {
  readonly kind: 'auth';
  readonly scheme: string;
  /** For digest: `user:password`. */
  readonly auth: string;
}

/** An opcode that no client may send, or none at all. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly opcode: number;
}

/** A read, or what concerns watches, whose body made no sense: it fails with MARSHALLINGERROR. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly opcode: number;
}

/** A request of an established connection. `xid` rises from 1, or is one of the special ones. */
export interface ClientRequest {
  readonly kind: 'client-request';
  readonly xid: number;
  readonly operation: Operation | Ping | Auth | Unsupported | Malformed;
}

/**
 * The answer to the request with this xid. `zxid`: the state that the server was in, −1 or 0 where none
 * stands behind it. `result` says no more than the packet does where it differs from what the service knows:
 * of `create` the path counts, of `getChildren` the names; it is undefined when `err` is not 0, and for a
 * ping.
 */
export interface Reply {
  readonly kind: 'reply';
  readonly xid: number;
  readonly zxid: Zxid;
  /** One of `ERRORS`; 0 for a multi whose parts failed. */
  readonly err: number;
  readonly result: ReplyResult | undefined;
}

/** What a reply carries. */
export type ReplyResult = ReadResult | ZnodeResult | { readonly kind: 'identified'; readonly id: AuthId };

/** The type of a watch event; the numbers are those of the wire. Source: Watcher.Event.EventType. */
export const EVENT_TYPES = Object.freeze({
  created: 1,
  deleted: 2,
  'data-changed': 3,
  'children-changed': 4,
} as const);

/** What happened to a watched node. */
export type EventType = keyof typeof EVENT_TYPES;

/** A watch fired. `zxid` is the transaction's, −1 for what setWatches made up for. Source: WatcherEvent. */
export interface WatchEvent {
  readonly kind: 'event';
  readonly zxid: Zxid;
  readonly type: EventType;
  readonly path: string;
}

/** A four-letter word in place of `connect`. Clients themselves use one, `isro`, which asks for the mode. */
export interface Word {
  readonly kind: 'word';
  readonly word: string;
}

/** The answer to a word; the connection ends with it. */
export interface WordAnswer {
  readonly kind: 'word-answer';
  readonly text: string;
}

/** Everything on a client connection of the znode service. */
export type ZnodeMessage = Connect | Connected | ClientRequest | Reply | WatchEvent | Word | WordAnswer;
