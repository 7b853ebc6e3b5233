import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { RaftRules } from './rules.ts';

/**
 * How fast and how patient a server is. The ticks are those of the scenario, so that the same ensemble may
 * run another protocol: a heartbeat every half tick, an election timeout of syncLimit to twice syncLimit
 * ticks (a tick of 100 ms and a syncLimit of 10 are etcd's defaults).
 */
export interface RaftSettings {
  readonly tickTimeUs: number;
  /** Ticks of silence allowed while a snapshot is sent. */
  readonly initLimit: number;
  /** Ticks of silence after which a leader is taken for gone, at least; twice as many at most. */
  readonly syncLimit: number;
  /** Entries applied between two snapshots, roughly: half of it, plus a random half. */
  readonly snapCount: number;
  /** Entries before a snapshot that are kept for followers that are a little behind. */
  readonly commitLogCount: number;
  /** Entries in one append. */
  readonly maxBatchSize: number;
  /** How long dialling may take. */
  readonly cnxTimeoutUs: number;
  /** Pause before a connection that ended is dialled again. */
  readonly redialUs: number;
  /** Snapshots that are kept, at least 1. */
  readonly snapRetainCount: number;
  /** Whether the leader serves clients. */
  readonly leaderServes: boolean;
}

/** What every server of an ensemble knows of it, the same for all: with whom it begins. */
export interface RaftConfig {
  readonly quorums: QuorumSystem;
  /** Members that get the log and do not vote (thesis §4.2.1), ascending. */
  readonly observers: readonly NodeId[];
  /**
   * Whether members may come and go: not where votes have weights, since quorums of neighbouring
   * configurations may then have nobody in common.
   */
  readonly changeable: boolean;
  readonly settings: RaftSettings;
  readonly rules: RaftRules;
}

/**
 * The shortest time without a leader after which an election begins, in µs; a random part as long is added.
 */
export function electionTimeoutUs({ syncLimit, tickTimeUs }: RaftSettings): number {
  return syncLimit * tickTimeUs;
}
