import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { ZabRules } from './rules.ts';

/** The zoo.cfg keys and system properties that the protocol knows. Times in µs, limits in ticks. */
export interface ZabSettings {
  readonly tickTimeUs: number;
  /** Ticks allowed for discovery and synchronization. */
  readonly initLimit: number;
  /** Ticks of silence, or of an unacked proposal, allowed after synchronization. */
  readonly syncLimit: number;
  /** Ticks allowed for connecting to the leader; 0: initLimit. */
  readonly connectToLearnerMasterLimit: number;
  /** Transactions between two snapshots, roughly: half of it, plus a random half. */
  readonly snapCount: number;
  /** How many committed transactions are kept in memory for DIFF. ZooKeeper's minimum is 500. */
  readonly commitLogCount: number;
  /** Share of the snapshot's size up to which the log on disk may serve a learner, in ppm; −1: never. */
  readonly snapshotSizeFactorPpm: number;
  /** Always send a snapshot. */
  readonly forceSnapshotSync: boolean;
  /** Transactions in one append and sync. */
  readonly maxBatchSize: number;
  readonly minNotificationIntervalUs: number;
  readonly maxNotificationIntervalUs: number;
  /** How long dialling an election port may take. */
  readonly cnxTimeoutUs: number;
  /** Pause between two of a learner's five tries to connect. */
  readonly leaderConnectDelayDuringRetryUs: number;
  /** Upper bound of an observer's random delay before a new election. */
  readonly observerElectionDelayUs: number;
  /** Snapshots that purging keeps, with their logs; 0: purging is off. */
  readonly snapRetainCount: number;
  /** The counter that every epoch starts from (testingonly.initialZxid). */
  readonly initialCounter: number;
  /** −1: off. See ZOOKEEPER-3109. */
  readonly maxTimeToWaitForEpochUs: number;
  /** Snapshots that a leader sends at a time before it refuses observers. */
  readonly maxConcurrentSnapSyncs: number;
  /** The same of DIFF and TRUNC. */
  readonly maxConcurrentDiffSyncs: number;
  /** Whether the leader serves clients. */
  readonly leaderServes: boolean;
  /** Whether a server that finds no leader serves what it has to clients that only read. */
  readonly readOnlyMode: boolean;
}

/** What every server of an ensemble knows of it, the same for all. */
export interface ZabConfig {
  readonly quorums: QuorumSystem;
  /** Ascending. */
  readonly observers: readonly NodeId[];
  readonly settings: ZabSettings;
  readonly rules: ZabRules;
}

/** ZooKeeper's defaults, with the limits of its sample configuration and a tick of 2 s. */
export const DEFAULT_SETTINGS: ZabSettings = {
  tickTimeUs: 2_000_000,
  initLimit: 10,
  syncLimit: 5,
  connectToLearnerMasterLimit: 0,
  snapCount: 100_000,
  commitLogCount: 500,
  snapshotSizeFactorPpm: 330_000,
  forceSnapshotSync: false,
  maxBatchSize: 1000,
  minNotificationIntervalUs: 200_000,
  maxNotificationIntervalUs: 60_000_000,
  cnxTimeoutUs: 5_000_000,
  leaderConnectDelayDuringRetryUs: 100_000,
  observerElectionDelayUs: 200_000,
  snapRetainCount: 0,
  initialCounter: 0,
  maxTimeToWaitForEpochUs: -1,
  maxConcurrentSnapSyncs: 10,
  maxConcurrentDiffSyncs: 100,
  leaderServes: true,
  readOnlyMode: false,
};

/** How long a round waits for a better vote after a quorum agreed (FastLeaderElection.finalizeWait). */
export const FINALIZE_WAIT_US = 200_000;

/** How often a learner tries to connect to its leader (Learner.connectToLeader). */
export const CONNECT_TRIES = 5;
