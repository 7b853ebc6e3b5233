import type { Recipe } from './recipe.ts';

/** What was found wrong in a run, without numbers. */
export interface Finding {
  readonly signature: string;
  readonly invariant: string;
  /** 1: a client or an operator could see it; 2: the protocol's state is wrong; 3: a step was illegal. */
  readonly tier: 1 | 2 | 3;
}

/** A run in which something was found. */
export interface FailedRun {
  /** Its place in the campaign, from 0 on. */
  readonly index: number;
  readonly recipe: Recipe;
  /** Each signature once, in the order in which they came up. */
  readonly findings: readonly Finding[];
  /** Empty when the run did not come to its end. */
  readonly fingerprint: string;
  /** How long before the end of its chunk it was done, in ms of the machine's time. */
  readonly msBeforeEnd: number;
}

/** A run that saw something that is not known to be frequent. */
export interface RareRun {
  readonly index: number;
  readonly recipe: Recipe;
  /** The features. */
  readonly features: readonly number[];
}

/** Runs of a campaign to do in one go: `recipes[i]` is that of run `from + i`. */
export interface ChunkTask {
  readonly from: number;
  readonly recipes: readonly Recipe[];
  /** Features that have been seen often: that they are seen again need not be told. */
  readonly frequent: readonly number[];
  /** Whether nothing is done after the first run that fails; absent: no. */
  readonly first?: boolean;
}

/** What came of the runs `from..to`, both included. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly virtualUs: number;
  readonly commits: number;
  readonly failed: readonly FailedRun[];
  readonly rare: readonly RareRun[];
  /** In how many runs each of the marks came up. */
  readonly marks: readonly number[];
}

/** A chunk, with the time that the campaign had gone on when it was done, in ms of the machine's time. */
export interface TimedChunk extends Chunk {
  readonly wallMs: number;
}
