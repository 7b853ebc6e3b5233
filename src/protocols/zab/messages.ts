import type { Zxid } from '../../core/zxid.ts';
import type { ClientMessage, Txn } from '../../node/content.ts';
import type { Stored } from '../../node/env.ts';
import type { NodeId, SessionId } from '../../node/ids.ts';
import type { Chunk, Request, Touch } from '../../node/service.ts';

/** The state of a server as elections see it. Source: QuorumPeer.ServerState. */
export type ServerState = 'looking' | 'following' | 'leading' | 'observing';

// --- Election port. Source: QuorumCnxManager, FastLeaderElection ---

/** The first message on an election connection: who dialled. */
export interface Hello {
  readonly kind: 'hello';
  readonly sid: NodeId;
}

/** A vote, and what its sender is doing. A non-voter's vote carries −2⁶³ in its three numbers. */
export interface Notification {
  readonly kind: 'notification';
  readonly state: ServerState;
  readonly leader: NodeId;
  readonly zxid: Zxid;
  readonly electionEpoch: number;
  readonly peerEpoch: number;
}

// --- Quorum port, learner to leader. Source: QuorumPacket, Learner, LearnerHandler ---

/** CEPOCH: FOLLOWERINFO, or OBSERVERINFO from an observer. */
export interface LearnerInfo {
  readonly kind: 'follower-info' | 'observer-info';
  readonly sid: NodeId;
  readonly acceptedEpoch: number;
}

/** ACK-E. `currentEpoch` −1: this epoch was promised before, do not count me. */
export interface AckEpoch {
  readonly kind: 'ack-epoch';
  readonly lastZxid: Zxid;
  readonly currentEpoch: number;
}

/** ACK of a proposal; with counter 0, of NEWLEADER or UPTODATE. */
export interface Ack {
  readonly kind: 'ack';
  readonly zxid: Zxid;
}

/** REQUEST: a write of one of the learner's clients, or a `barrier`, answered by SYNC. */
export interface ForwardedRequest {
  readonly kind: 'request';
  readonly request: Request;
  readonly barrier: boolean;
}

/** REVALIDATE: does this session live? If so, it speaks through this connection from now on. */
export interface Revalidate extends Touch {
  readonly kind: 'revalidate';
}

// --- Quorum port, leader to learner ---

/** NEWEPOCH: LEADERINFO. */
export interface LeaderInfo {
  readonly kind: 'leader-info';
  readonly epoch: number;
}

/** How the learner catches up. TRUNC: `zxid` is the last one kept. SNAP: the snapshot's pieces follow. */
export interface SyncOrder {
  readonly kind: 'diff' | 'trunc' | 'snap';
  readonly zxid: Zxid;
}

/** A piece of the snapshot that follows SNAP. */
export interface SnapshotPiece {
  readonly kind: 'snapshot-piece';
  readonly chunk: Chunk;
}

/** The end of the snapshot ("BenWasHere" on the wire). */
export interface SnapshotEnd {
  readonly kind: 'snapshot-end';
}

/** NEWLEADER. */
export interface NewLeader {
  readonly kind: 'new-leader';
  readonly epoch: number;
}

/** COMMIT-LD: UPTODATE. */
export interface UpToDate {
  readonly kind: 'up-to-date';
}

/** PROPOSAL; INFORM carries the same to observers, already committed. */
export interface Proposal {
  readonly kind: 'proposal' | 'inform';
  readonly record: TxnRecord;
}

/** COMMIT of a proposal that was sent on the same connection. */
export interface Commit {
  readonly kind: 'commit';
  readonly zxid: Zxid;
}

/**
 * Leader to learner every half tick with its last proposed zxid, echoed by the learner together with the
 * sessions that it has heard of.
 */
export interface Ping {
  readonly kind: 'ping';
  readonly zxid: Zxid;
  readonly touches: readonly Touch[];
}

/** The answer to REVALIDATE. */
export interface Revalidated {
  readonly kind: 'revalidated';
  readonly session: SessionId;
  readonly valid: boolean;
}

/**
 * SYNC: what was proposed before the learner's oldest open barrier is committed, and was sent before this.
 */
export interface SyncReached {
  readonly kind: 'sync';
}

/** Everything that servers say to each other. */
export type ZabMessage =
  | Hello
  | Notification
  | LearnerInfo
  | AckEpoch
  | Ack
  | ForwardedRequest
  | Revalidate
  | LeaderInfo
  | SyncOrder
  | SnapshotPiece
  | SnapshotEnd
  | NewLeader
  | UpToDate
  | Proposal
  | Commit
  | Ping
  | Revalidated
  | SyncReached;

/** Everything on a server's connections: its own kind, and the service's on the client port. */
export type WireMessage = ZabMessage | ClientMessage;

// --- Disk ---

/**
 * A transaction as it is logged and proposed: header (who asked, when) and change. One object for all
 * servers.
 */
export interface TxnRecord extends Stored {
  readonly kind: 'txn';
  readonly position: Zxid;
  /** Of the transaction's content. */
  readonly digest: number;
  readonly session: SessionId;
  readonly cxid: number;
  readonly timeMs: number;
  readonly txn: Txn;
}

/** A piece of a snapshot file. */
export interface ChunkRecord extends Stored {
  readonly kind: 'chunk';
  readonly position: Zxid;
  readonly chunk: Chunk;
}

/** The last record of a snapshot file: without it the file is not whole. */
export interface SealRecord extends Stored {
  readonly kind: 'seal';
  readonly position: Zxid;
}

/** The only record of acceptedEpoch and currentEpoch: `position` is the epoch. */
export interface EpochRecord extends Stored {
  readonly kind: 'epoch';
}

/** Everything that a server keeps in its files. */
export type DiskRecord = TxnRecord | ChunkRecord | SealRecord | EpochRecord;
