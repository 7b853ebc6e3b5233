import type { ServingRole } from '../../node/content.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Frontend } from '../../node/service.ts';
import type { RaftConfig } from './config.ts';
import type { RaftEnv } from './messages.ts';
import type { Peers } from './peers.ts';
import type { Store } from './store.ts';

/** The server, as its roles see it. */
export interface RaftHost {
  readonly env: RaftEnv;
  readonly config: RaftConfig;
  readonly store: Store;
  readonly peers: Peers;
  readonly frontend: Frontend;
  /** All members but this one, ascending: voters and observers. */
  readonly others: readonly NodeId[];
  /** Up to here the log is committed. */
  readonly commitIndex: number;
  /** Raises the commit index and applies up to it. */
  commitTo(index: number): void;
  /** Clients are served from now on. */
  serve(role: ServingRole): void;
  /** They are not: every connection of theirs ends. */
  unserve(): void;
  /** A term newer than the own was heard of, which ends every role; `next` once it is durable. */
  adopt(term: number, votedFor: NodeId, next: () => void): void;
  /** A candidate won. */
  lead(): void;
  /** A server leads the term; it is followed already when it was. */
  follow(leader: NodeId): void;
  /** A leader lost its quorum. */
  stepDown(because: string): void;
  /** Whether a leader was heard within the shortest election timeout, or is this server. */
  leaderAlive(): boolean;
  /** Waits anew for a sign of life of a leader. */
  resetElectionTimer(): void;
}
