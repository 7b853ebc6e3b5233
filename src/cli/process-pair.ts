import { firstDifference } from '../run/first-difference.ts';
import type { SeedsTask } from '../run/seeds-worker.ts';
import { VerifyProcess } from './verify-process.ts';
import type { RunMark, TraceLine } from './verify-worker.ts';

/** A run that two processes did not do alike. */
export interface Divergence {
  readonly file: string;
  readonly seed: number;
  readonly fingerprints: readonly [string, string];
  /** The events between the last common checkpoint of the fingerprint and the first that differs. */
  readonly events: readonly [from: number, to: number];
  /** The first thing told that differs; undefined when the difference lies in what is not told. */
  readonly first: FirstDifference | undefined;
}

/** Where two traces part. */
export interface FirstDifference {
  /** What both told just before. */
  readonly before: readonly string[];
  /** What each told then; undefined where one had nothing more to tell. */
  readonly told: readonly [TraceLine | undefined, TraceLine | undefined];
}

const EVENTS_A_CHECKPOINT = 1024;
const LINES_BEFORE = 3;

/** Two processes that do the same runs, so that what differs shows. */
export class ProcessPair {
  readonly #a = new VerifyProcess(undefined);
  readonly #b: VerifyProcess;

  /** @param node another Node binary for the second process */
  constructor(node: string | undefined) {
    this.#b = new VerifyProcess(node);
  }

  /** Does the runs of a task in both, and finds where they differ. */
  async compare(task: SeedsTask): Promise<readonly Divergence[]> {
    const [a, b] = await Promise.all([this.#a.runs(task), this.#b.runs(task)]);
    const divergences: Divergence[] = [];
    for (const [index, markA] of a.entries()) {
      const markB = b[index];
      if (markB === undefined || isSame(markA, markB)) continue;
      divergences.push(await this.#locate(task.file, markA, markB));
    }
    return divergences;
  }

  stop(): void {
    this.#a.stop();
    this.#b.stop();
  }

  async #locate(file: string, a: RunMark, b: RunMark): Promise<Divergence> {
    const checkpoint = firstDifference(a.checkpoints, b.checkpoints);
    const common = checkpoint < 0 ? a.checkpoints.length : checkpoint;
    const from = common * EVENTS_A_CHECKPOINT + 1;
    const last = Math.max(a.events, b.events);
    // A fact belongs to the event in whose handling it was reported, a checkpoint to the one that filled it.
    const to = checkpoint < 0 ? last : Math.min(last, from + EVENTS_A_CHECKPOINT);
    const { seed } = a;
    const [linesA, linesB] = await Promise.all([
      this.#a.trace(file, seed, from - 1, to),
      this.#b.trace(file, seed, from - 1, to),
    ]);
    return {
      file,
      seed,
      fingerprints: [a.fingerprint, b.fingerprint],
      events: [from, to],
      first: compareLines(linesA, linesB),
    };
  }
}

function isSame(a: RunMark, b: RunMark): boolean {
  return a.fingerprint === b.fingerprint && firstDifference(a.checkpoints, b.checkpoints) < 0;
}

function compareLines(a: readonly TraceLine[], b: readonly TraceLine[]): FirstDifference | undefined {
  const at = firstDifference(
    a.map((line) => line.json),
    b.map((line) => line.json),
  );
  if (at < 0) return undefined;
  const before = a.slice(Math.max(0, at - LINES_BEFORE), at).map((line) => line.text);
  return { before, told: [a[at], b[at]] };
}
