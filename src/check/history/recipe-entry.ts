interface Recipe<R extends string> {
  readonly kind: 'recipe';
  readonly recipe: R;
  /** Which lock, queue, …: its path. */
  readonly object: string;
  readonly handle: number;
  readonly session: string;
  /** When the client knew; for `invokedUs` see there. */
  readonly atUs: number;
}

/** A lock or latch changed hands, as its holder believes. `lost`: it learnt that it no longer holds. */
export interface HoldEntry extends Recipe<'lock' | 'latch'> {
  readonly step: 'acquired' | 'released' | 'lost';
  /** The czxid of its znode. */
  readonly token: number;
}

/** A resource outside was asked to do something; `fenced` when it compares tokens. */
export interface ResourceEntry extends Recipe<'resource'> {
  readonly step: 'used';
  readonly token: number;
  readonly fenced: boolean;
  readonly accepted: boolean;
}

/** A double barrier of `size` members; one per round, by its path. */
export interface BarrierEntry extends Recipe<'barrier'> {
  /** `entering` and `leaving` before the request is sent, `entered` and `left` when the client goes on. */
  readonly step: 'entering' | 'entered' | 'leaving' | 'left';
  readonly size: number;
  /** Which member, whatever its session; unknown, if absent. */
  readonly member?: string | undefined;
}

/** An item went into a queue or came out; `remaining`: it is there at the end, which somebody looked up. */
export interface QueueEntry extends Recipe<'queue' | 'priority-queue'> {
  readonly step: 'produced' | 'consumed' | 'remaining';
  readonly item: string;
  readonly outcome: 'ok' | 'unknown';
  /** Before the request that decided was sent. */
  readonly invokedUs: number;
  /** Of the create or the delete; −1 when unknown. */
  readonly zxid: number;
  /** Of the list that the consumer chose from; −1 for the others. */
  readonly listZxid: number;
  /** The lower goes first; 0 where there is none. */
  readonly priority: number;
}

/** Somebody looked what is left in a queue: all of it, at this zxid. */
export interface QueueEndEntry extends Recipe<'queue-end'> {
  readonly step: 'drained';
}

/** A counter was raised or read. */
export interface CounterEntry extends Recipe<'counter'> {
  readonly step: 'added' | 'read';
  readonly outcome: 'ok' | 'unknown';
  readonly invokedUs: number;
  /** What was added; 0 for a read. */
  readonly amount: number;
  /** The value after it; 0 when unknown. */
  readonly value: number;
}

/** A member of a two-phase commit voted, or learnt the decision. `participants` must all vote yes. */
export interface CommitEntry extends Recipe<'two-phase-commit'> {
  readonly step: 'voted' | 'decided';
  readonly choice: 'commit' | 'abort';
  readonly participants: number;
}

/** A client saw a configuration, or wrote one; the version is the mzxid. */
export interface ConfigurationEntry extends Recipe<'configuration'> {
  readonly step: 'written' | 'observed';
  readonly version: number;
  readonly value: string;
}

/** What a client that follows a recipe believes. */
export type RecipeEntry =
  | HoldEntry
  | ResourceEntry
  | BarrierEntry
  | QueueEntry
  | QueueEndEntry
  | CounterEntry
  | CommitEntry
  | ConfigurationEntry;
