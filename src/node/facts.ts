import type { Zxid } from '../core/zxid.ts';
import type { ClientFact } from './client-facts.ts';
import type { Proposed } from './content.ts';
import type { NodeId, SessionId } from './ids.ts';
import type { OperatorFact } from './operator-facts.ts';
import type { WorldEvent } from './world-events.ts';

/** How a learner is brought up to date. */
export type SyncMode = 'diff' | 'trunc' | 'snap';

/** Why a leader says that it resigned when it counts no quorum of learners any more (Leader.lead). */
export const LOST_QUORUM = 'not sufficient followers synced';

/** The same when it waits for a quorum, and one that voted for it looks again (ZOOKEEPER-3109). */
export const SUPPORTER_LOOKS = 'a supporter looks for another leader';

/**
 * What a node testifies to: its own decisions, never its opinions. Monitors, timings, triggers and traces
 * read nothing else of a node. `server` is the reporter. Each literal is made in one place, with all fields,
 * `kind` first.
 */
export type Fact =
  // --- Election ---
  /** A round of election begins, with the vote for itself that it broadcasts. */
  | VoteFact<'looking'>
  /** The proposed vote changed, and was broadcast. */
  | VoteFact<'vote-changed'>
  /** This server won with this vote; `settled` when an established ensemble told so, not a count. */
  | DecisionFact<'leader-elected'>
  /** This server lost, or observes: it follows `leader`. */
  | DecisionFact<'leader-followed'>
  // --- Discovery ---
  /** The leader sends its first LEADERINFO of this epoch. */
  | EpochFact<'epoch-offered'>
  /** acceptedEpoch is durable. */
  | EpochFact<'epoch-accepted'>
  /** A learner sends ACKEPOCH, saying what its history is. `lastZxid` is its last logged zxid. */
  | {
      readonly kind: 'epoch-acked';
      readonly server: NodeId;
      readonly leader: NodeId;
      readonly epoch: number;
      readonly currentEpoch: number;
      readonly lastZxid: Zxid;
    }
  /** A quorum acked the epoch: the leader's history up to `zxid` is the initial history of `epoch`. */
  | {
      readonly kind: 'leader-synchronizing';
      readonly server: NodeId;
      readonly epoch: number;
      readonly zxid: Zxid;
    }
  // --- Synchronization ---
  /** How `learner`, at `from`, catches up. `zxid`: where DIFF ends, what TRUNC keeps, what SNAP holds. */
  | {
      readonly kind: 'sync-chosen';
      readonly server: NodeId;
      readonly learner: NodeId;
      readonly mode: SyncMode;
      readonly from: Zxid;
      readonly zxid: Zxid;
    }
  /** `learner` is sent away: as many as the leader brings up to date in this way at a time are under way. */
  | {
      readonly kind: 'sync-refused';
      readonly server: NodeId;
      readonly learner: NodeId;
      readonly mode: SyncMode;
    }
  /** The log was cut: nothing after `zxid` remains. */
  | ZxidFact<'log-truncated'>
  /** A snapshot from `leader` was received whole and loaded: the leader's state at `zxid` or later. */
  | {
      readonly kind: 'snapshot-installed';
      readonly server: NodeId;
      readonly leader: NodeId;
      readonly zxid: Zxid;
    }
  /** currentEpoch is durable. */
  | EpochFact<'epoch-adopted'>
  /** NEWLEADER of `epoch` is acked: a learner sends its ACK, the leader counts its own. */
  | {
      readonly kind: 'new-leader-acked';
      readonly server: NodeId;
      readonly leader: NodeId;
      readonly epoch: number;
    }
  /** A quorum acked NEWLEADER: the leader begins to serve. */
  | EpochFact<'leader-established'>
  /** The leader sends UPTODATE to `learner`. */
  | {
      readonly kind: 'up-to-date-sent';
      readonly server: NodeId;
      readonly learner: NodeId;
      readonly epoch: number;
    }
  /** A learner processed UPTODATE and serves; its history ends at `zxid`. */
  | {
      readonly kind: 'follower-synced';
      readonly server: NodeId;
      readonly leader: NodeId;
      readonly epoch: number;
      readonly zxid: Zxid;
    }
  // --- Broadcast ---
  /** The leader proposes a transaction; `digest` covers its content, which `record` is. */
  | {
      readonly kind: 'txn-proposed';
      readonly server: NodeId;
      readonly zxid: Zxid;
      readonly digest: number;
      readonly record: Proposed;
    }
  /** A follower sends its ACK of a transaction; the leader counts its own. */
  | { readonly kind: 'txn-acked'; readonly server: NodeId; readonly leader: NodeId; readonly zxid: Zxid }
  /** The leader found a quorum, and sends COMMIT. */
  | ZxidFact<'txn-committed'>
  /** A transaction was delivered under a commit; `digest` is its content's, `state` the state's after it. */
  | {
      readonly kind: 'txn-applied';
      readonly server: NodeId;
      readonly zxid: Zxid;
      readonly digest: number;
      readonly state: number;
    }
  /** What was decided for a numbered place was delivered, and changed nothing: not meant to, or too late. */
  | { readonly kind: 'txn-skipped'; readonly server: NodeId; readonly zxid: Zxid; readonly digest: number }
  // --- Disk and end of a role ---
  /** Memory was rebuilt from the disk, `records` log records over a snapshot: no delivery. */
  | {
      readonly kind: 'recovered';
      readonly server: NodeId;
      readonly snapshot: Zxid;
      readonly zxid: Zxid;
      readonly records: number;
      readonly state: number;
    }
  /** At the end of a role, what was logged and not applied went into memory up to `zxid`: no delivery. */
  | { readonly kind: 'fast-forwarded'; readonly server: NodeId; readonly zxid: Zxid; readonly state: number }
  /** A snapshot file is complete; it is named after the last zxid applied when it began. */
  | ZxidFact<'snapshot-taken'>
  | {
      readonly kind: 'leader-resigned';
      readonly server: NodeId;
      readonly epoch: number;
      readonly because: string;
    }
  | {
      readonly kind: 'leader-left';
      readonly server: NodeId;
      readonly leader: NodeId;
      readonly because: string;
    }
  // --- Findings: a message that the code in its state cannot account for (Remix I-11 to I-14). Rare. ---
  /** I-11: a message of `message` kind, from `from`, in a state that never gets it. */
  | {
      readonly kind: 'message-unexpected';
      readonly server: NodeId;
      readonly from: NodeId;
      readonly message: string;
      readonly state: string;
    }
  /** I-12: an ACK that the leader cannot account for. */
  | { readonly kind: 'ack-unmatched'; readonly server: NodeId; readonly from: NodeId; readonly zxid: Zxid }
  /** I-13: a PROPOSAL that does not follow the one before it (`after`) within its epoch. */
  | { readonly kind: 'proposal-gap'; readonly server: NodeId; readonly after: Zxid; readonly zxid: Zxid }
  /** I-14: a COMMIT whose zxid is not that of the first pending proposal (`pending`, 0 for none). */
  | {
      readonly kind: 'commit-unmatched';
      readonly server: NodeId;
      readonly pending: Zxid;
      readonly zxid: Zxid;
    }
  // --- Sessions ---
  /** The session's creation is applied, and this server says so to its client. */
  | { readonly kind: 'session-opened'; readonly server: NodeId; readonly session: SessionId }
  /** A session ends that its leader, or the server of a local one, has missed for `idleUs` of its time. */
  | {
      readonly kind: 'session-expired';
      readonly server: NodeId;
      readonly session: SessionId;
      readonly idleUs: number;
      readonly timeoutMs: number;
    }
  // --- Clients: here `server` is the client itself ---
  /** An operation was sent to server `via`. */
  | {
      readonly kind: 'invoked';
      readonly server: NodeId;
      readonly cxid: number;
      readonly via: NodeId;
      readonly operation: string;
    }
  /**
   * An operation ended; `unknown`: its connection went before the answer came, it may or may not take effect.
   */
  | {
      readonly kind: 'returned';
      readonly server: NodeId;
      readonly cxid: number;
      readonly outcome: 'ok' | 'failed' | 'unknown';
      readonly zxid: Zxid;
    }
  | OperatorFact
  | ClientFact;

interface VoteFact<K extends string> {
  readonly kind: K;
  readonly server: NodeId;
  readonly electionEpoch: number;
  readonly leader: NodeId;
  readonly zxid: Zxid;
  readonly peerEpoch: number;
}

interface DecisionFact<K extends string> extends VoteFact<K> {
  readonly settled: boolean;
}

interface EpochFact<K extends string> {
  readonly kind: K;
  readonly server: NodeId;
  readonly epoch: number;
}

interface ZxidFact<K extends string> {
  readonly kind: K;
  readonly server: NodeId;
  readonly zxid: Zxid;
}

/** Everything that is told of a run. */
export type TraceEvent = Fact | WorldEvent;

/** When an event happened. Lent: one object, rewritten for every event. */
export interface Moment {
  /** Virtual µs since the start of the run. */
  readonly atUs: number;
  /** The number of the event in whose handling this was told, from 1. */
  readonly event: number;
}

/** A fact of a kind that comes with every transaction: one object, written anew for each report. */
export type LentFact<K extends Fact['kind']> = {
  -readonly [P in keyof Extract<Fact, { kind: K }>]: Extract<Fact, { kind: K }>[P];
};
