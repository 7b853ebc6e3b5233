import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';

/** An invariant that did not hold. */
export interface Violation {
  /** Its kebab-case name, e.g. `no-lost-commit`. */
  readonly invariant: string;
  /** 1: a client or an operator could see it; 2: the protocol's state is wrong; 3: one step was illegal. */
  readonly tier: 1 | 2 | 3;
  /** Virtual µs. */
  readonly atUs: number;
  /** Number of the event in whose handling it came up; of the last one, if it came up at the end. */
  readonly event: number;
  /** The servers concerned, ascending. */
  readonly servers: readonly NodeId[];
  /** The rule that was broken, without numbers: with the name it is the violation's signature. */
  readonly rule: string;
  /** What happened, with numbers. */
  readonly message: string;
}

/** What a monitor may know of the ensemble beforehand. */
export interface EnsembleFacts {
  readonly quorums: QuorumSystem;
  /** All servers, ascending. */
  readonly servers: readonly NodeId[];
  readonly observers: readonly NodeId[];
  readonly tickTimeUs: number;
  readonly initLimit: number;
  readonly syncLimit: number;
  /** By how much timers, threads, disks and messages may be late on purpose at most, µs; none if absent. */
  readonly latenessUs?: number;
  /** For how long a server may be busy before it hears what comes, at most, µs; never if absent. */
  readonly busyUs?: number;
  /** How long a message is under way at most that a fault slows, µs; no fault does if absent. */
  readonly slowUs?: number;
  /** How long a sync takes at most that a fault slows, µs: it goes on when the fault is over; 0 if absent. */
  readonly slowSyncUs?: number;
  /** How long it takes at most until a message has come and is handled, when nothing is wrong, µs. */
  readonly hopUs?: number;
  /** How long a disk takes at most for all that clients may have under way at once, µs; unknown if absent. */
  readonly flushUs?: number;
  /** After how many transactions a server takes a snapshot at the latest; unknown if absent. */
  readonly snapCount?: number;
  /** How many snapshots a server keeps, with the logs behind them; 0, or unknown if absent: all. */
  readonly snapRetainCount?: number;
  /** For how long a server tries to connect to another for an election, µs; unknown if absent. */
  readonly cnxTimeoutUs?: number;
}

/** How a monitor tells of a violation; the place and time are added. */
export type Accuse = (accusation: {
  readonly invariant: string;
  readonly tier: 1 | 2 | 3;
  readonly servers: readonly NodeId[];
  readonly rule: string;
  readonly message: string;
}) => void;

/** What is shown the events of one kind. `moment` is lent. */
export type Handler<K extends TraceEvent['kind'] = TraceEvent['kind']> = (
  event: Extract<TraceEvent, { kind: K }>,
  moment: Moment,
) => void;

/** Handlers by kind. */
export type Handlers = { readonly [K in TraceEvent['kind']]?: Handler<K> };

/**
 * A judge of the testimony: incremental, O(1) amortised per event, blind to the insides of nodes. One monitor
 * may watch over several invariants that share state.
 */
export interface Monitor {
  /** The invariants it can accuse of, in kebab-case. */
  readonly invariants: readonly string[];
  /** Where they come from. */
  readonly source: string;
  /** Only events of these kinds come. */
  readonly observes: readonly TraceEvent['kind'][];
  /**
   * The most frequent of them come here, and not to `observe`: a function that sees events of one shape alone
   * is several times as fast as one that has to look at the kind.
   */
  readonly frequent?: Handlers;
  /** `moment` is lent. */
  observe(event: TraceEvent, moment: Moment): void;
  /** The run ended. */
  finish?(atUs: number): void;
}
