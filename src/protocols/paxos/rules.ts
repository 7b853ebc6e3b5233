import type { Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import type { Vote } from './messages.ts';

/**
 * The rules that safety rests on, each under its name: this record holds the correct ones. A test replaces
 * one of them to show which monitor finds out.
 */
export interface PaxosRules {
  /** Whether a voter promises a ballot, having promised `promised`: never one that is lower (P1a). */
  readonly promises: (ballot: number, promised: number) => boolean;
  /** Whether a voter votes in a ballot, having promised `promised` (P1a). */
  readonly votes: (ballot: number, promised: number) => boolean;
  /** What a restart remembers of a promise: all of it. */
  readonly remembered: (promised: number) => number;
  /** Whether answers wait until what they say is durable. */
  readonly waitsForDisk: () => boolean;
  /**
   * Of two votes that a majority told of, the one that binds the proposer: that of the higher ballot (P2c).
   */
  readonly binding: (known: Vote | undefined, told: Vote) => Vote;
  /** Whether a proposer takes over the value that it is bound to, instead of its own (P2c). */
  readonly bound: () => boolean;
  /** Counts a voter towards a majority, once. */
  readonly count: (tally: Tally, sid: NodeId) => boolean;
  /** Whether an answer is for the ballot under way. */
  readonly isCurrent: (answered: number, ballot: number) => boolean;
  /** Whether a value is decided, once a majority has voted for it; `hasQuorum`: it has. */
  readonly isDecided: (hasQuorum: boolean) => boolean;
  /** A ballot above all that were heard of, and never used before. */
  readonly nextBallot: (highest: number, members: number, place: number) => number;
  /** Whether a transaction is carried out that was prepared on `after`, where `last` came before it. */
  readonly follows: (after: Zxid, last: Zxid) => boolean;
  /** Whether a president who is none any more drops what he prepared and nobody decided. */
  readonly dropsUndecided: () => boolean;
  /** Whether a read that must not be old waits for a decree of its own, also at the president. */
  readonly awaitsDecree: () => boolean;
  /** Whether a forward was seen to already, where `next` is the number of the next one. */
  readonly isRepeated: (number: number, next: number) => boolean;
  /** Whether a forward has overtaken others, and has to wait for them. */
  readonly isEarly: (number: number, next: number) => boolean;
}

/** The correct rules. */
export const PAXOS_RULES: PaxosRules = Object.freeze({
  promises: (ballot: number, promised: number) => ballot >= promised,
  votes: (ballot: number, promised: number) => ballot >= promised,
  remembered: (promised: number) => promised,
  waitsForDisk: () => true,
  binding: (known: Vote | undefined, told: Vote) =>
    known === undefined || told.ballot > known.ballot ? told : known,
  bound: () => true,
  count: (tally: Tally, sid: NodeId) => tally.add(sid),
  isCurrent: (answered: number, ballot: number) => answered === ballot,
  isDecided: (hasQuorum: boolean) => hasQuorum,
  nextBallot: (highest: number, members: number, place: number) =>
    (Math.floor(highest / members) + 1) * members + place,
  follows: (after: Zxid, last: Zxid) => after === last,
  dropsUndecided: () => true,
  awaitsDecree: () => true,
  isRepeated: (number: number, next: number) => number < next,
  isEarly: (number: number, next: number) => number > next,
});
