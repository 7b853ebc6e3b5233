import type { Zxid } from '../../core/zxid.ts';
import type { ClientMessage, Proposed } from '../../node/content.ts';
import type { Env, Stored } from '../../node/env.ts';
import type { Fact } from '../../node/facts.ts';
import type { NodeId, SessionId } from '../../node/ids.ts';
import type { Chunk, Request, Touch } from '../../node/service.ts';

// The position of an entry is the zxid ⟨term, index⟩. Indexes run on from term to term, so positions rise
// within every log; the order of positions is the order of the paper's "more up-to-date" (§5.4.1): last term,
// then length.

/** The first message of a connection: who dialled. */
export interface Hello {
  readonly kind: 'hello';
  readonly sid: NodeId;
}

/** RequestVote RPC (§5.2); `pre`: only a question whether it would be granted (thesis §9.6). */
export interface AskVote {
  readonly kind: 'ask-vote';
  readonly pre: boolean;
  /** The candidate's term; with `pre`, the term that it would begin. */
  readonly term: number;
  /** The position of the candidate's last entry. */
  readonly last: Zxid;
  /** The leader asked for this election: it may end a leader that is alive (thesis §3.10, §4.2.3). */
  readonly transfer: boolean;
}

/** The answer. `term` is the voter's; with `pre` and `granted`, the term that was asked about. */
export interface VoteAnswer {
  readonly kind: 'vote';
  readonly pre: boolean;
  readonly term: number;
  readonly granted: boolean;
}

/** AppendEntries RPC (§5.3). Without entries: a heartbeat, or a new commit index. */
export interface Append {
  readonly kind: 'append';
  readonly term: number;
  /** The position of the entry before the first of `entries`. */
  readonly prev: Zxid;
  readonly entries: readonly TxnRecord[];
  /** The leader's commit index. */
  readonly commit: number;
  /** The leader's count of heartbeats: an answer shows that its term was still the newest then (§8). */
  readonly round: number;
}

/** The answer. */
export interface Appended {
  readonly kind: 'appended';
  readonly term: number;
  readonly ok: boolean;
  /**
   * `ok`: the follower's log matches the leader's up to this index, durably. Otherwise the first index of the
   * conflicting term, or one past the end of a log that is too short (end of §5.3).
   */
  readonly index: number;
  /** Not `ok`: the term of the follower's entry at the place that was asked about; −1: it has none. */
  readonly conflictTerm: number;
  readonly round: number;
  /** Sessions that the follower heard of since its last answer to a heartbeat. */
  readonly touches: readonly Touch[];
}

/** The answer to a leader of an older term: it learns of the newer one (§5.1). */
export interface NewerTerm {
  readonly kind: 'newer-term';
  readonly term: number;
}

/** Who belongs to the ensemble, from the entry at `zxid` on. */
export interface Membership {
  readonly zxid: Zxid;
  readonly voters: readonly NodeId[];
  /** Those who get the log and do not vote. */
  readonly observers: readonly NodeId[];
}

/** InstallSnapshot RPC (§7), in pieces: this one begins it. All up to `zxid` is in it. */
export interface SnapshotBegin {
  readonly kind: 'snapshot';
  readonly term: number;
  readonly zxid: Zxid;
  /** The configuration at its end; undefined: what the servers were given. */
  readonly members: Membership | undefined;
}

/** A piece of the snapshot. */
export interface SnapshotPiece {
  readonly kind: 'snapshot-piece';
  readonly term: number;
  readonly chunk: Chunk;
}

/** All pieces were sent; an `appended` follows once the follower has installed them. */
export interface SnapshotEnd {
  readonly kind: 'snapshot-end';
  readonly term: number;
}

/** The leader asks for an election at once (TimeoutNow, thesis §3.10). */
export interface TimeoutNow {
  readonly kind: 'timeout-now';
  readonly term: number;
}

/** A follower hands a client's write to the leader. */
export interface ForwardedRequest {
  readonly kind: 'request';
  readonly request: Request;
}

/** A follower asks how far it must have applied for a read that is not old (thesis §6.4). */
export interface ReadIndex {
  readonly kind: 'read-index';
}

/** The leader's answer; answers come in the order of the questions. */
export interface ReadIndexed {
  readonly kind: 'read-indexed';
  readonly index: number;
}

/** A follower asks whether a session lives. */
export interface Revalidate {
  readonly kind: 'revalidate';
  readonly session: SessionId;
  readonly timeoutMs: number;
}

/** The leader's answer. */
export interface Revalidated {
  readonly kind: 'revalidated';
  readonly session: SessionId;
  readonly valid: boolean;
}

/** What Raft servers say to each other. */
export type RaftMessage =
  | Hello
  | AskVote
  | VoteAnswer
  | Append
  | Appended
  | NewerTerm
  | SnapshotBegin
  | SnapshotPiece
  | SnapshotEnd
  | TimeoutNow
  | ForwardedRequest
  | ReadIndex
  | ReadIndexed
  | Revalidate
  | Revalidated;

/** Everything that a server may get. */
export type WireMessage = RaftMessage | ClientMessage;

/** An entry of the log. */
export interface TxnRecord extends Stored, Proposed {
  readonly kind: 'txn';
  readonly position: Zxid;
}

/** A piece of a snapshot file. */
export interface ChunkRecord extends Stored {
  readonly kind: 'chunk';
  readonly position: Zxid;
  readonly chunk: Chunk;
}

/** In a snapshot: the configuration at its end (thesis §5.1); `position` is that of its entry. */
export interface MembersRecord extends Stored {
  readonly kind: 'members';
  readonly position: Zxid;
  readonly voters: readonly NodeId[];
  readonly observers: readonly NodeId[];
}

/** The end of a snapshot file: without it the file counts as not there. */
export interface SealRecord extends Stored {
  readonly kind: 'seal';
  readonly position: Zxid;
}

/** currentTerm (`position`) and votedFor (0: nobody), the paper's persistent state beside the log. */
export interface PromiseRecord extends Stored {
  readonly kind: 'promise';
  readonly votedFor: NodeId;
}

/** Everything that a server keeps in its files. */
export type DiskRecord = TxnRecord | ChunkRecord | MembersRecord | SealRecord | PromiseRecord;

/** What a Raft server may do. */
export type RaftEnv = Env<WireMessage, DiskRecord, Fact>;
