import type { Zxid } from '../../core/zxid.ts';
import type { Body, ClientMessage, Origin, Proposed } from '../../node/content.ts';
import type { Datagrams, Env, Stored } from '../../node/env.ts';
import type { Fact } from '../../node/facts.ts';
import type { NodeId, SessionId } from '../../node/ids.ts';
import type { Request, Touch } from '../../node/service.ts';
import type { Touched } from './touches.ts';

/** What every value has: a digest that covers all of it, 31 bits. */
interface ValueBase<K extends string> {
  readonly kind: K;
  readonly digest: number;
}

/** It fills a gap: nothing was decided in the slot, and nothing can have been. */
export type Nothing = ValueBase<'nothing'>;

/** A client's request, which every server carries out when it comes to it. */
export interface Asked extends ValueBase<'request'>, Origin {
  /** The wall clock of the server that the client asked. */
  readonly timeMs: number;
  readonly body: Body;
}

/** A president begins: nothing that an earlier one prepared is carried out any more. */
export interface Opening extends ValueBase<'opening'> {
  /** ⟨ballot, slot⟩. */
  readonly zxid: Zxid;
}

/**
 * Which errand of a member a decree came from; `since` says when the member began to follow, by its clock.
 */
export interface Source {
  readonly member: NodeId;
  readonly since: number;
  readonly number: number;
}

/** A transaction that a president prepared. */
export interface Prepared extends ValueBase<'txn'>, Proposed {
  /** ⟨ballot, slot⟩ that it was prepared for. */
  readonly zxid: Zxid;
  /** What it was prepared on: the transaction, or the opening, before it. */
  readonly after: Zxid;
  /** Who was asked for it; undefined: the president himself. */
  readonly source: Source | undefined;
}

/** It changes nothing; the member that asked for it, or the president, waits until it comes to it. */
export interface Barrier extends ValueBase<'barrier'> {
  readonly source: Source;
}

/** What a decree says. */
export type Value = Nothing | Asked | Opening | Prepared | Barrier;

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
 * A sign of life: of a president with its ballot; −1 from who is none. Who has applied less than `applied`
 * asks for the rest.
 */
export interface Present {
  readonly kind: 'present';
  readonly ballot: number;
  readonly applied: number;
  /** Which round of touches the president has heard of this member. */
  readonly round: number;
}

/** A follower's answer to a sign of life, with the sessions that it has heard of. */
export interface PresentToo extends Touched {
  readonly kind: 'present-too';
  readonly ballot: number;
  readonly applied: number;
}

/** Asks for the decrees from this slot on. */
export interface Ask {
  readonly kind: 'ask';
  readonly from: number;
}

/** What a member asks its president for, in the name of its clients. */
export type Errand =
  | { readonly kind: 'request'; readonly request: Request }
  /** A decree that changes nothing: where it comes, all is applied that anybody has seen before. */
  | { readonly kind: 'barrier' }
  /** Whether a session lives. */
  | ({ readonly kind: 'revalidate' } & Touch);

/** Which forwards belong together: those of one member to one president, while it follows him. */
export interface Errands {
  readonly ballot: number;
  /** The member's clock when it began to follow: later is newer, whatever process it was. */
  readonly since: number;
}

/** An errand, sent again until it is heard: `number` counts them, from 1. */
export interface Forward extends Errands {
  readonly kind: 'forward';
  readonly number: number;
  readonly errand: Errand;
}

/** The president has seen to the errands up to this number. */
export interface Heard extends Errands {
  readonly kind: 'heard';
  readonly number: number;
}

/** What the president says of a session that he was asked about in the errand with this number. */
export interface Revalidated extends Errands {
  readonly kind: 'revalidated';
  readonly number: number;
  readonly session: SessionId;
  readonly valid: boolean;
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
  | PresentToo
  | Ask
  | Forward
  | Heard
  | Revalidated;

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
