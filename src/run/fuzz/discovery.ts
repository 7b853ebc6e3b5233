import type { TimedChunk } from './chunk.ts';
import { FEATURES } from './coverage.ts';
import { MARKS } from './marks.ts';

/** What a campaign covered, and what is left, as far as that can be told. */
export interface Discovery {
  /** How many features were seen. */
  readonly seen: number;
  /** Seen in one run only, and in two. */
  readonly once: number;
  readonly twice: number;
  /** How many more there may be that runs like these could see (Chao's estimator, 1984). */
  readonly unseen: number;
  /** The chance that the next run sees something new (Good and Turing). */
  readonly chanceOfNew: number;
  /** Features seen after so many runs, at every doubling. */
  readonly curve: readonly (readonly [runs: number, seen: number])[];
  /** By situation, in how many runs it came up. */
  readonly marks: Readonly<Record<string, number>>;
}

/** How often a feature must be seen until nobody counts any more. */
export const OFTEN = 3;

/**
 * Adds up the coverage of chunks. Each tells of the features that were not known to be frequent when it was
 * begun: all those that have been seen once or twice.
 */
export class Tally {
  /** By feature, how often it was seen, up to `OFTEN`. */
  readonly counts = new Uint8Array(FEATURES);
  readonly #curve: (readonly [number, number])[] = [];
  readonly #marks: number[] = MARKS.map(() => 0);
  #runs = 0;
  #seen = 0;

  /** @returns by run of the chunk that saw anything rare: how many features nobody had seen before */
  add(chunk: TimedChunk): ReadonlyMap<number, number> {
    const fresh = new Map<number, number>();
    const rare = new Map(chunk.rare.map(({ index, features }) => [index, features]));
    for (let index = chunk.from; index <= chunk.to; index++) {
      let news = 0;
      for (const feature of rare.get(index) ?? []) {
        const count = this.counts[feature] ?? 0;
        if (count === 0) news++;
        if (count < OFTEN) this.counts[feature] = count + 1;
      }
      if (news > 0) fresh.set(index, news);
      this.#seen += news;
      this.#runs++;
      if (Number.isInteger(Math.log2(this.#runs))) this.#curve.push([this.#runs, this.#seen]);
    }
    for (const [place, count] of chunk.marks.entries()) {
      this.#marks[place] = (this.#marks[place] ?? 0) + count;
    }
    return fresh;
  }

  /** The features that need not be told any more. */
  frequent(): readonly number[] {
    return [...this.counts.keys()].filter((feature) => (this.counts[feature] ?? 0) >= OFTEN);
  }

  sum(): Discovery {
    const times = (count: number): number => this.counts.filter((own) => own === count).length;
    const [once, twice] = [times(1), times(2)];
    return {
      seen: this.#seen,
      once,
      twice,
      unseen: Math.round((once * (once - 1)) / (2 * (twice + 1))),
      chanceOfNew: this.#runs === 0 ? 1 : Math.min(1, once / this.#runs),
      curve: [...this.#curve, [this.#runs, this.#seen]],
      marks: Object.fromEntries(MARKS.map((mark, place) => [mark, this.#marks[place] ?? 0])),
    };
  }
}
