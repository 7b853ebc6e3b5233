import type { Decisions } from '../core/decisions.ts';
import type { Distribution } from '../core/distribution.ts';
import type { DiskFormat } from '../node/disk-format.ts';
import type { Damaged, Datagrams, Env, FileName, Stored } from '../node/env.ts';
import type { Fact, Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Language, Participant } from '../node/protocol.ts';
import type { WireFormat } from '../node/wire-format.ts';
import type { Work } from '../node/work.ts';
import type { Fault } from './fault.ts';

/** Everything that a simulated world is made of. */
export interface WorldSetup<M, R extends Stored> {
  readonly decisions: Decisions;
  readonly language: Language<M>;
  /** Ascending by id: servers, then clients. */
  readonly participants: readonly ParticipantSetup<M, R>[];
  readonly network: NetworkProfile;
  readonly disk: DiskProfile;
  readonly clock: ClockProfile;
  readonly stages: StageProfile;
  /** What takes servers their time; undefined: nothing does. */
  readonly labour?: LabourProfile | undefined;
  /** Rare lateness at single places; undefined: none. */
  readonly buggify?: BuggifyProfile | undefined;
  readonly faults: readonly Fault[];
  readonly witness: Witness;
  /** Messages go as bytes; undefined: as they are. Outcomes are the same. */
  readonly wire?: WireFormat<M> | undefined;
  /** Files lie in bytes; undefined: they are records only. Outcomes are the same. */
  readonly format?: DiskFormat<R> | undefined;
}

/** One server or client: where it comes from. `create` is called for every incarnation. */
export interface ParticipantSetup<M, R extends Stored> {
  readonly id: NodeId;
  readonly role: 'voter' | 'observer' | 'client';
  /** Virtual µs of the first start; undefined: off until a fault starts it. */
  readonly startAtUs: number | undefined;
  /** What its disk holds before the first start, all durable. */
  readonly files: ReadonlyMap<FileName, readonly (R | Damaged)[]>;
  create(env: Env<M, R, Fact> & Datagrams<M>): Participant<M>;
}

/** Whoever reads the testimony of a run. */
export interface Witness {
  /**
   * Whether events of this kind are wanted. Facts come in any case; a world event that nobody wants is not
   * built.
   */
  wants(kind: TraceEvent['kind']): boolean;
  observe(event: TraceEvent, moment: Moment): void;
  /** Before anything is told: the moment that everything of the run comes with, written anew each time. */
  lend?(moment: Moment): void;
  /** What `observe` would hand an event of this kind to, in order: for whoever asks once and tells often. */
  handlers?(kind: TraceEvent['kind']): readonly ((event: TraceEvent, moment: Moment) => void)[];
}

/** How fast and how roomy connections are. */
export interface NetworkProfile {
  /** One-way delay of a message. */
  readonly latency: Distribution;
  /** Overrides for pairs of participants; the last that fits wins. */
  readonly links: readonly {
    readonly a: readonly NodeId[];
    readonly b: readonly NodeId[];
    readonly latency: Distribution;
  }[];
  /** Bytes that one direction of a connection takes before `send` refuses: both kernels' buffers. */
  readonly bufferBytes: number;
}

/** How fast disks are. */
export interface DiskProfile {
  /** How long a sync takes. */
  readonly sync: Distribution;
}

/** How wrong the servers' clocks are. Clients' clocks are right. */
export interface ClockProfile {
  /** Offset of each server's wall clock from true time, in µs, drawn once. */
  readonly skew: Distribution;
  /** Rate of each server's monotonic clock above true time, in ppm, drawn once; its sign is drawn too. */
  readonly driftPpm: Distribution;
  /** True wall-clock time at the start of the run, ms since 1970; undefined: a fixed date. */
  readonly wallStartMs?: number | undefined;
}

/** How late it is where something is late, and until when (virtual µs) anything is. */
export interface BuggifyProfile {
  readonly delay: Distribution;
  readonly untilUs: number;
}

/** What takes servers their time. */
export interface LabourProfile {
  /** What a process loads for each thing that it meets first, as a JVM loads classes; undefined: nothing. */
  readonly warmUp: Distribution | undefined;
  /** By kind of work: how long it takes a processor, the first time; what is not here takes no time. */
  readonly costs: ReadonlyMap<Work, Distribution>;
  /** How many processors all servers share; 0: each has its own. */
  readonly cores: number;
  /**
   * What a process that has started compiles beside its work: a processor is busy with it; undefined:
   * nothing.
   */
  readonly boot: Distribution | undefined;
  /** How long a killed process takes to be gone, and its connections with it; undefined: no time. */
  readonly exit: Distribution | undefined;
}

/** How long the threads of a server are kept waiting. */
export interface StageProfile {
  /** From `wake` to `turn`, for a stage that is not named in `by`. */
  readonly delay: Distribution;
  readonly by: ReadonlyMap<string, Distribution>;
}
