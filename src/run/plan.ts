import type { Pins } from '../core/decisions.ts';
import type { Distribution } from '../core/distribution.ts';
import type { Zxid } from '../core/zxid.ts';
import type { NodeId } from '../node/ids.ts';
import type { Work } from '../node/work.ts';
import type { Fault } from '../sim/fault.ts';
import type { DiskFiles } from './stored-disk.ts';
import type { MixOperation, RecipeName } from './workload/kinds.ts';

/**
 * A scenario, read and checked: all that a run depends on, as plain data. A hand-written file, a nemesis and
 * a shrunk counterexample are the same value. Times are virtual µs.
 */
export interface Plan {
  /** Where it came from, for messages; `-` when from nowhere. */
  readonly file: string;
  readonly title: string;
  readonly source: string | undefined;
  readonly protocol: string;
  readonly seed: number;
  readonly durationUs: number;
  readonly ensemble: EnsemblePlan;
  readonly initial: ReadonlyMap<NodeId, InitialDisk>;
  readonly network: {
    readonly latency: Distribution;
    readonly links: readonly {
      readonly a: readonly NodeId[];
      readonly b: readonly NodeId[];
      readonly latency: Distribution;
    }[];
    /** Bytes that one direction of a connection takes before it refuses; undefined: as Linux sizes them. */
    readonly bufferBytes?: number | undefined;
    /** Messages go as ZooKeeper's bytes, in drawn pieces; undefined: as they are. Outcomes are the same. */
    readonly wire?: 'bytes' | undefined;
  };
  readonly disk: {
    readonly sync: Distribution;
    /** How long each piece of a snapshot takes, written or sent; undefined: a turn, like anything else. */
    readonly snapshotPiece?: Distribution | undefined;
    /** Files lie in ZooKeeper's bytes; undefined: they are records only. Outcomes are the same. */
    readonly format?: 'bytes' | undefined;
  };
  readonly clock: { readonly skew: Distribution; readonly driftPpm: Distribution };
  readonly stages: Distribution;
  /**
   * Rare lateness at single timers, threads, disks and ways of links, until a virtual time; undefined: none.
   */
  readonly buggify: { readonly delay: Distribution; readonly untilUs: number } | undefined;
  /**
   * How long a process loads code for each kind of thing that it meets for the first time; undefined: it
   * does not.
   */
  readonly warmUp: Distribution | undefined;
  /** What keeps whole servers busy; what has no cost takes no time. `cores`: see `LabourProfile`. */
  readonly work: {
    readonly costs: ReadonlyMap<Work, Distribution>;
    readonly cores: number;
    readonly boot: Distribution | undefined;
    readonly exit: Distribution | undefined;
  };
  readonly clients: ClientsPlan;
  readonly faults: readonly Fault[];
  readonly decisions: { readonly rest: 'seed' | 'calm'; readonly pins: Pins } | undefined;
  readonly expect: Expectations;
  /** What a fuzzer found here, for `replay` to check; undefined in a scenario written by hand. */
  readonly found: FoundFailure | undefined;
}

/** What a stored failure showed when it was found. */
export interface FoundFailure {
  /** The violated rule, without numbers. */
  readonly signature: string;
  /** 16 hex digits. */
  readonly fingerprint: string;
  /** The version of zabsim that found it. */
  readonly version: string;
  /** What happened, in a few sentences, for whoever reads the file; empty: nobody has told. */
  readonly story: readonly string[];
}

/** The servers of a run, and how they are configured. */
export interface EnsemblePlan {
  /** Ascending. */
  readonly voters: readonly NodeId[];
  readonly observers: readonly NodeId[];
  readonly weights: ReadonlyMap<NodeId, number>;
  /** Empty: one group of all voters. */
  readonly groups: readonly (readonly NodeId[])[];
  /**
   * Virtual µs of each server's first start; `undefined` in the map: never. A server not in the map starts at
   * 0.
   */
  readonly start: ReadonlyMap<NodeId, number | undefined>;
  /** Bugs and releases whose behaviour the servers have; empty: the fixed one. */
  readonly behaviour: readonly string[];
  /** zoo.cfg keys; times in µs, limits in ticks, sizes as in ZooKeeper. */
  readonly settings: ZooSettings;
  /** How their znode service is configured. */
  readonly service: ServiceSettings;
}

/** The zoo.cfg keys and system properties that concern the tree and its clients. */
export interface ServiceSettings {
  /** Undefined: two ticks. */
  readonly minSessionTimeoutUs: number | undefined;
  /** Undefined: twenty ticks. */
  readonly maxSessionTimeoutUs: number | undefined;
  readonly localSessions: boolean;
  readonly localSessionsUpgrading: boolean;
  /** Nodes with a time to live. */
  readonly extendedTypes: boolean;
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  readonly globalOutstandingLimit: number;
  /** Connections from one address; 0: any number. */
  readonly maxClientCnxns: number;
  /** How often the leader looks for containers and TTL nodes to remove. */
  readonly containerCheckUs: number;
  /** How long a container is kept that never had a child; 0: for ever. */
  readonly containerMaxNeverUsedUs: number;
  /** How many containers and TTL nodes the leader asks to remove in a minute. */
  readonly containersPerMinute: number;
}

/** The zoo.cfg keys and system properties that the simulator knows, with ZooKeeper's defaults. */
export interface ZooSettings {
  readonly tickTimeUs: number;
  readonly initLimit: number;
  readonly syncLimit: number;
  /** 0: initLimit. */
  readonly connectToLearnerMasterLimit: number;
  readonly snapCount: number;
  /** 500 at least in ZooKeeper; smaller values are allowed here. */
  readonly commitLogCount: number;
  /**
   * Share of the snapshot's size up to which the log may serve a learner, in ppm; −1: never. 330000 by
   * default.
   */
  readonly snapshotSizeFactorPpm: number;
  readonly forceSnapshotSync: boolean;
  readonly maxBatchSize: number;
  readonly minNotificationIntervalUs: number;
  readonly maxNotificationIntervalUs: number;
  readonly cnxTimeoutUs: number;
  readonly leaderConnectDelayDuringRetryUs: number;
  /** Upper bound of an observer's random delay before a new election. */
  readonly observerElectionDelayUs: number;
  /** Snapshots and their logs that purging keeps (autopurge.snapRetainCount); 0: purging is off. */
  readonly snapRetainCount: number;
  /** testingonly.initialZxid: the counter that every epoch starts from. */
  readonly initialCounter: number;
  /**
   * The leader gives up waiting for an epoch after this long when a supporter looks again; −1: off
   * (ZOOKEEPER-3109).
   */
  readonly maxTimeToWaitForEpochUs: number;
  /** `leader.maxConcurrentSnapSyncs`: snapshots that a leader sends at a time before it refuses observers. */
  readonly maxConcurrentSnapSyncs: number;
  /** `leader.maxConcurrentDiffSyncs`: the same of DIFF and TRUNC. */
  readonly maxConcurrentDiffSyncs: number;
  readonly leaderServes: boolean;
  /** `readonlymode.enabled` */
  readonly readOnlyMode: boolean;
}

/** What a server's disk holds before its first start. */
export interface InitialDisk {
  readonly acceptedEpoch: number | undefined;
  readonly currentEpoch: number | undefined;
  /** Zxids of the logged transactions, ascending. Equal zxids on two servers are equal transactions. */
  readonly log: readonly Zxid[];
  /** A snapshot that covers the log up to this zxid, if any. */
  readonly snapshot: Zxid | undefined;
  /** The files of a real server, in place of all the above. */
  readonly dataDir: RealDisk | undefined;
}

/** What lies in a real server's data directory, as a simulated server finds it. */
export interface RealDisk {
  /** An absolute path. */
  readonly path: string;
  /** Where the logs are, if not there as well: dataLogDir. */
  readonly logPath: string | undefined;
  readonly files: DiskFiles;
}

/** The load. */
export interface ClientsPlan {
  readonly count: number;
  /** Total over all clients; undefined: as many as fit. */
  readonly operations: number | undefined;
  /**
   * Operations per second over all clients, in thousandths; undefined: closed loop, the next when the last
   * was answered.
   */
  readonly perSecondMilli: number | undefined;
  /** Which servers a client may use; empty: any. */
  readonly connect: readonly NodeId[];
  /** Whether each client uses one server only: the first client the first server, and so on in turn. */
  readonly connectEach: boolean;
  /** The longest, if they differ. */
  readonly sessionTimeoutUs: number;
  /** Those of the clients, in turn; empty: all have the same. */
  readonly sessionTimeoutsUs: readonly number[];
  /** Virtual µs at which clients start. */
  readonly startUs: number;
  readonly workload: Workload;
  /** The path below which the clients of the tree live; `''`: none. */
  readonly chroot: string;
  /** Whether clients of the tree make do with a server that has no quorum. */
  readonly readOnly: boolean;
}

/**
 * What clients do. With `counter` the servers keep one number, to which clients add 1; otherwise they keep
 * ZooKeeper's tree.
 */
export type Workload =
  | { readonly kind: 'counter' }
  /** Random operations on a few nodes. */
  | {
      readonly kind: 'mix';
      /** How often each comes up, by its share of the sum. */
      readonly weights: ReadonlyMap<MixOperation, number>;
      /** How many nodes below the root there are to work on; some have children. */
      readonly keys: number;
      /** Bytes of a value. */
      readonly valueSize: number;
      /** How many requests a client has under way at most. */
      readonly pipeline: number;
      /** How many of the clients, counted from the last, do only what reads. */
      readonly readers: number;
    }
  /** Every client follows a recipe, and its operations are rounds of it. */
  | {
      readonly kind: 'recipe';
      readonly recipe: RecipeName;
      /** How long a lock is held, an item worked on, a barrier's work takes. */
      readonly holdUs: number;
      /** Whether the resource that a lock guards compares fencing tokens; undefined: there is none. */
      readonly resource: 'fenced' | 'unfenced' | undefined;
    };

/** A bound such as `">= 200"` or `2`. */
export interface Comparison {
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | '!=';
  readonly value: number;
  /** As the file says it. */
  readonly text: string;
}

/** What the scenario says will come of it; what it does not mention is not judged. */
export interface Expectations {
  readonly verdict: 'passed' | 'violated' | 'stalled';
  readonly violates: string | undefined;
  readonly leader: NodeId | 'none' | undefined;
  readonly epoch: number | undefined;
  readonly roles: ReadonlyMap<NodeId, ServerState>;
  readonly elections: Comparison | undefined;
  readonly commits: Comparison | undefined;
  readonly unavailableUs: Comparison | undefined;
  readonly checkpoints: readonly {
    readonly atUs: number;
    readonly leader: NodeId | 'none' | undefined;
    readonly epoch: number | undefined;
    readonly roles: ReadonlyMap<NodeId, ServerState>;
  }[];
}

/** What a server is doing, `stopped` when no process of it runs. */
export type ServerState = 'looking' | 'following' | 'leading' | 'observing' | 'stopped';
