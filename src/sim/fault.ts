import type { Distribution } from '../core/distribution.ts';
import type { NodeId } from '../node/ids.ts';

/** Servers named by what they are when the fault fires. `follower`, `observer` and `minority` are drawn. */
export type Selector =
  | 'leader'
  | 'follower'
  | 'followers'
  | 'observer'
  | 'observers'
  | 'minority'
  | 'majority'
  | 'crashed'
  | 'paused'
  | 'all'
  | 'rest';

/** A choice of participants: ids and selectors, in file order. */
export type Choice = readonly (NodeId | Selector)[];

/**
 * What a fault waits for. Exactly one of `atUs`, `afterUs` or `when`; `when` and `afterUs` may stand
 * together.
 */
export interface Trigger {
  /** Virtual time. */
  readonly atUs: number | undefined;
  /** Since the previous fault of the list fired; beside `when`: since the fact. */
  readonly afterUs: number | undefined;
  readonly when: FactPattern | undefined;
}

/** The `nth` fact of a kind that fits. */
export interface FactPattern {
  readonly fact: string;
  readonly server: Choice | undefined;
  readonly nth: number;
  readonly epoch: number | undefined;
  readonly zxid: number | undefined;
  /** Count over the whole run, or from the moment the previous fault of the list fired. */
  readonly since: 'start' | 'previous';
  /** Virtual µs from which facts count; undefined: from the start. */
  readonly fromUs: number | undefined;
  /** Virtual µs after which none counts any more; undefined: they count to the end. */
  readonly untilUs: number | undefined;
}

/**
 * One scripted step. The plan is data: nothing of it is decided during the run but which servers a selector
 * names.
 */
export interface Fault {
  /**
   * Its own name, or `fault N`: it keys the fault's draws, so that deleting another fault re-keys nothing.
   */
  readonly name: string;
  readonly trigger: Trigger;
  /** A trigger that never fires fails the run unless this is set. */
  readonly optional: boolean;
  /** How long a lasting fault is in force; undefined: until healed, or for good. */
  readonly forUs: number | undefined;
  readonly action: Action;
}

/** A fault that never fired, and why. */
export interface Unfired {
  readonly name: string;
  /**
   * Its trigger never came; it waits for the one `before` it, which never fired; or, when its trigger came,
   * the selector found nobody.
   */
  readonly why: 'trigger' | 'before' | { readonly selector: Selector; readonly atUs: number };
}

/** What the fault does. Rates are in ppm, sizes in bytes, times in µs. */
export type Action =
  | {
      readonly verb:
        | 'crash'
        | 'powerCut'
        | 'restart'
        | 'start'
        | 'stop'
        | 'pause'
        | 'resume'
        | 'wipe'
        | 'isolate'
        | 'refuse';
      readonly servers: Choice;
    }
  | { readonly verb: 'partition'; readonly groups: readonly Choice[] }
  | { readonly verb: 'cut'; readonly from: Choice; readonly to: Choice }
  /** `what` is `all` or the name of a fault. */
  | { readonly verb: 'heal'; readonly what: string }
  | { readonly verb: 'reset'; readonly between: readonly [Choice, Choice] }
  /** `server` alone: all its traffic, both ways. */
  | {
      readonly verb: 'slow';
      readonly between: readonly [Choice, Choice] | undefined;
      readonly server: Choice | undefined;
      readonly latency: Distribution;
    }
  | { readonly verb: 'loss'; readonly between: readonly [Choice, Choice]; readonly ratePpm: number }
  | {
      readonly verb: 'bandwidth';
      readonly between: readonly [Choice, Choice];
      readonly bytesPerSecond: number;
    }
  | { readonly verb: 'slowDisk'; readonly server: Choice; readonly sync: Distribution }
  /** The next `times` syncs fail; undefined: all of them while it lasts. */
  | { readonly verb: 'failSync'; readonly server: Choice; readonly times: number | undefined }
  | { readonly verb: 'fullDisk'; readonly server: Choice }
  /** Damages a record of a log or snapshot file: `record` counts from the end, 0 is the last. */
  | {
      readonly verb: 'corrupt';
      readonly server: Choice;
      readonly file: 'log' | 'snapshot';
      readonly record: number;
      readonly how: 'flipped' | 'torn';
    }
  /** Wall clock: `skew` sets its offset, `jump` moves it. */
  | { readonly verb: 'skew' | 'jump'; readonly server: Choice; readonly byMs: number }
  /** The monotonic clock's rate, in ppm faster (or slower, below 0) than true time. */
  | { readonly verb: 'drift'; readonly server: Choice; readonly ppm: number }
  /**
   * No harm: an operator asks for something, by a word of the protocol. `subject`: the server that it is
   * about; undefined: none in particular.
   */
  | {
      readonly verb: 'ask';
      readonly server: Choice;
      readonly request: string;
      readonly subject: Choice | undefined;
    };

/** The verbs of faults, as scenario files spell them. */
export type Verb = Action['verb'];
