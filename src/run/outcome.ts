import type { Violation } from '../check/monitor.ts';
import type { NodeId } from '../node/ids.ts';
import type { ServerState } from './plan.ts';

/** What the judges say of a run. */
export type Verdict = 'passed' | 'violated' | 'stalled';

/** What a run came to: plain data, the same for the same plan, whoever ran it. */
export interface Outcome {
  readonly file: string;
  readonly title: string;
  readonly protocol: string;
  readonly seed: number;
  readonly verdict: Verdict;
  /** Whether all of the scenario's `expect` was met and all of its faults fired. */
  readonly expected: boolean;
  readonly unmet: readonly Unmet[];
  readonly fingerprint: string;
  /** The fingerprint after every 1,024 events: two runs that differ are bisected by them. */
  readonly checkpoints: readonly string[];
  readonly events: number;
  readonly virtualUs: number;
  readonly violations: readonly Violation[];
  /** Why the run is called stalled: the liveness rules that were not met. */
  readonly stalls: readonly Violation[];
  readonly leaders: readonly LeaderTerm[];
  readonly servers: readonly ServerOutcome[];
  readonly commits: number;
  readonly unavailableUs: number;
  readonly clients: { readonly ok: number; readonly failed: number; readonly unknown: number };
  /** Faults that never fired and are not optional. */
  readonly unfired: readonly string[];
  /** Faults that fired and found nothing to do. */
  readonly withoutEffect: readonly string[];
  /** What went beyond what the protocol relies on, by faults or given disks: a voter's disk was wiped. */
  readonly assumptions: readonly string[];
  /** Whether liveness was judged, and if not, why not. */
  readonly liveness: { readonly judged: boolean; readonly reason: string };
  /** The faults in the order in which they fired and ended. */
  readonly timeline: readonly FaultStep[];
  /** What lay on the disks at the start and is not in the history of whoever led last; by zxid, ascending. */
  readonly lost: readonly LostTxn[];
  /** How many invariants were watched over. */
  readonly invariants: number;
  /** What was made of what the clients saw; undefined where the servers keep no tree, or nobody watched. */
  readonly history: HistorySummary | undefined;
}

/** How the history of the clients' operations was checked. */
export interface HistorySummary {
  readonly operations: number;
  readonly unknown: number;
  /** By exception: how often something was excused because ZooKeeper does it. */
  readonly waived: { readonly [waiver: string]: number };
  /** By guarantee: why it was not checked. */
  readonly skipped: { readonly [predicate: string]: string };
}

/** A scripted fault fired, or a lasting one ended. */
export interface FaultStep {
  readonly atUs: number;
  readonly name: string;
  readonly verb: string;
  readonly phase: 'fired' | 'ended';
  /** Whom it hit; empty for faults of the network as a whole, and for an end. */
  readonly servers: readonly NodeId[];
  /** Where it lies between parties: who they are, in the order of the fault. */
  readonly sides?: readonly (readonly NodeId[])[] | undefined;
  /** Whom several of its groups name, ascending: they are on the side of the first. */
  readonly twice?: readonly NodeId[] | undefined;
  /** What an operator asked them for, and about whom; 0: nobody in particular. */
  readonly asked?: { readonly request: string; readonly subject: NodeId } | undefined;
  /** False when it fired and found nothing to do. */
  readonly effect: boolean;
}

/** A transaction that lay on a disk at the start, and that the ensemble went on without. */
export interface LostTxn {
  readonly zxid: string;
  /** On whose disks it lay. */
  readonly servers: readonly NodeId[];
  /** What it changes, e.g. `setData /a`; empty where the scenario names no more than its zxid. */
  readonly change: string;
  /** Whether a client may have been told of it: these, and those whose disks do not tell, are a quorum. */
  readonly mayBeCommitted: boolean;
  /** Who has it still, as it has not joined whoever led last. */
  readonly left: readonly NodeId[];
}

/** An expectation that was not met. */
export interface Unmet {
  readonly expect: string;
  readonly wanted: string;
  readonly got: string;
  readonly atUs: number;
}

/**
 * One term of a leader, from its election on. −1 for what did not happen: an election need not lead to an
 * epoch.
 */
export interface LeaderTerm {
  readonly server: NodeId;
  readonly epoch: number;
  /** When this server last began to look for a leader before it was elected. */
  readonly lookingAtUs: number;
  readonly electedAtUs: number;
  readonly establishedAtUs: number;
  readonly endedAtUs: number;
  /** Why it ended, e.g. `crashed`; empty while it lasts. */
  readonly ended: string;
}

/** A server at the end of a run. */
export interface ServerOutcome {
  readonly id: NodeId;
  readonly state: ServerState;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  readonly lastZxid: string;
  readonly lastCommitted: string;
}
