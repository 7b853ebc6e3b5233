import type { Decisions, Stream } from '../core/decisions.ts';
import type { Distribution } from '../core/distribution.ts';
import type { BuggifyProfile } from './profile.ts';

/** One in so many sites is active in a run. */
const ACTIVE_ONE_IN = 4;

/** An active site is late once in so many times. */
const LATE_ONE_IN = 8;

/** A place at which something may be late: one timer, one thread, one disk, one way of a connection. */
export class Site {
  readonly #stream: Stream;
  readonly #delay: Distribution;
  readonly #untilUs: number;

  constructor(stream: Stream, delay: Distribution, untilUs: number) {
    this.#stream = stream;
    this.#delay = delay;
    this.#untilUs = untilUs;
  }

  /** By how much it is late this time, in µs; mostly 0. */
  lateUs(nowUs: number): number {
    if (nowUs >= this.#untilUs) return 0;
    return this.#stream.draw(LATE_ONE_IN) === LATE_ONE_IN - 1 ? this.#delay.sample(this.#stream) : 0;
  }
}

/**
 * Rare lateness at named sites, on two levels: a site is active in a run or not, and an active one is late
 * now and then. What is slow everywhere hides what goes wrong when one thing is slow (FoundationDB's
 * BUGGIFY). Protocol code knows nothing of it.
 */
export class Buggify {
  readonly #decisions: Decisions;
  readonly #profile: BuggifyProfile | undefined;

  /** @param profile undefined: nothing is ever late, and nothing is drawn */
  constructor(decisions: Decisions, profile: BuggifyProfile | undefined) {
    this.#decisions = decisions;
    this.#profile = profile;
  }

  /** The site of this name; undefined when it is not active. */
  site(kind: 'timer' | 'stage' | 'disk' | 'send', name: string): Site | undefined {
    if (this.#profile === undefined) return undefined;
    const stream = this.#decisions.stream(`buggify ${kind} ${name}`);
    if (stream.draw(ACTIVE_ONE_IN) !== ACTIVE_ONE_IN - 1) return undefined;
    return new Site(stream, this.#profile.delay, this.#profile.untilUs);
  }
}
