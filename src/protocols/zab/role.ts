import type { ServingRole } from '../../node/content.ts';
import type { NodeId, Ticket } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { Frontend, Request, Touch } from '../../node/service.ts';
import type { ZabConfig } from './config.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import type { EpochFiles } from './epoch-files.ts';
import type { LinkTable } from './link-table.ts';
import type { ZabEnv } from './zab-env.ts';

/** What a server lends to the role that it is in. */
export interface RoleHost {
  readonly env: ZabEnv;
  readonly config: ZabConfig;
  readonly quorums: QuorumSystem;
  readonly database: Database;
  readonly epochs: EpochFiles;
  readonly durability: Durability;
  readonly links: LinkTable;
  readonly frontend: Frontend;
  /** The server serves its clients from now on, until it leaves the role. */
  serve(role: ServingRole): void;
  /** The ensemble is established in `epoch`: the server's vote says so from now on (ZOOKEEPER-1732). */
  settle(epoch: number): void;
  /** The role gives up; the server shuts it down and looks for a leader again. Called once. */
  leave(): void;
  /**
   * The disk refused to make the log durable: what it refused goes, and memory is rebuilt before the next
   * vote.
   */
  discardUnsynced(): void;
  /** Ends the process, where ZooKeeper's ends itself. */
  exit(reason: string): void;
}

/** What a server does once an election has decided: leading, following or observing. */
export interface Role {
  timer(timer: string, subject: number): void;
  turn(stage: string): void;
  /** Whether the ticket was the role's log's. */
  synced(ticket: Ticket): boolean;
  failed(ticket: Ticket): boolean;
  /** A write, or a barrier, of one of this server's own clients. */
  submit(request: Request, barrier: boolean): void;
  /** A session that wants to speak through this server. */
  consult(touch: Touch): void;
  /** A voter that looks for a leader came up (ZOOKEEPER-3109). */
  heardLooking(sid: NodeId): void;
  readonly lastCommitted: number;
  /** Whether it ever served: only then is memory fast-forwarded after it. */
  readonly served: boolean;
  /** Whether nothing of it is on its way to the disk any more, after `shutdown`. */
  readonly drained: boolean;
  /** Ends connections and queues in ZooKeeper's order; `done` once the role is drained. */
  shutdown(done: () => void): void;
}
