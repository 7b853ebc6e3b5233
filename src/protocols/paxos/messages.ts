import type { Body, ClientMessage, Origin } from '../../node/content.ts';
import type { Datagrams, Env, Stored } from '../../node/env.ts';
import type { Fact } from '../../node/facts.ts';

/**
 * What a decree says: a client's request, which every server carries out when it comes to it. Without a
 * body it changes nothing: it fills a gap, or is a barrier.
 */
export interface Value extends Origin {
  /** The wall clock of the server that the client asked. */
  readonly timeMs: number;
  readonly body: Body | undefined;
  /** Covers all of it, 31 bits. */
  readonly digest: number;
}

/** A vote for a value, as its voter remembers it. */
export interface Vote {
  readonly slot: number;
  readonly ballot: number;
  readonly value: Value;
}

/** Phase 1a, for all slots from `from` on: promise not to vote in a ballot below this one. */
export interface Prepare {
  readonly kind: 'prepare';
  readonly ballot: number;
  readonly from: number;
}

/** Phase 1b: the promise, and the last vote for each of those slots. */
export interface PromiseMade {
  readonly kind: 'promise';
  readonly ballot: number;
  readonly votes: readonly Vote[];
  /** Slots up to here are decided, as far as the voter knows. */
  readonly applied: number;
}

/** Phase 2a: vote for this value. */
export interface Accept {
  readonly kind: 'accept';
  readonly ballot: number;
  readonly slot: number;
  readonly value: Value;
}

/** Phase 2b: the vote was given. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly ballot: number;
  readonly slot: number;
}

/** The ballot is too low: a higher one was promised. */
export interface Reject {
  readonly kind: 'reject';
  readonly ballot: number;
  readonly promised: number;
}

/** Decrees, which a majority has voted for, from slot `from` on. */
export interface Decrees {
  readonly kind: 'decrees';
  readonly from: number;
  readonly values: readonly Value[];
}

/**
 * A sign of life: of a president with its ballot, which a follower answers with the same; −1 from who is
 * neither. Who has applied less than `applied` asks for the rest.
 */
export interface Present {
  readonly kind: 'present' | 'present-too';
  readonly ballot: number;
  readonly applied: number;
}

/** Asks for the decrees from this slot on. */
export interface Ask {
  readonly kind: 'ask';
  readonly from: number;
}

/** A client's request, for the president. It is sent again until it is decided. */
export interface Forward {
  readonly kind: 'forward';
  readonly value: Value;
}

/** What legislators send each other; any of it may vanish, double, or come late. */
export type PaxosMessage =
  | Prepare
  | PromiseMade
  | Accept
  | Accepted
  | Reject
  | Decrees
  | Present
  | Ask
  | Forward;

/** Everything that a server may get. */
export type WireMessage = PaxosMessage | ClientMessage;

/** The highest ballot promised. */
export interface PromiseRecord extends Stored {
  readonly kind: 'promise';
}

/** A vote: `position` is ⟨ballot, slot⟩ as a zxid, `digest` the value's. */
export interface VoteRecord extends Stored {
  readonly kind: 'vote';
  readonly value: Value;
}

/** Everything that a server keeps in its files. */
export type DiskRecord = PromiseRecord | VoteRecord;

/** What a Paxos server may do. */
export type PaxosEnv = Env<WireMessage, DiskRecord, Fact> & Datagrams<WireMessage>;
