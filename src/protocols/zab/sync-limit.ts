import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';

/**
 * Whether a learner acks in time. One proposal is watched, and the latest one remembered: when the watched
 * one is acked, the latest takes its place. Source: LearnerHandler.SyncLimitCheck.
 */
export class SyncLimit {
  readonly #limitUs: number;
  #started = false;
  #zxid: Zxid = ZERO_ZXID;
  /** Local µs at which the watched proposal was sent; −1: none is watched. */
  #sinceUs = -1;
  #nextZxid: Zxid = ZERO_ZXID;
  #nextUs = -1;

  constructor(limitUs: number) {
    this.#limitUs = limitUs;
  }

  /** Counts from the NEWLEADER ack on. */
  start(): void {
    this.#started = true;
  }

  proposed(zxid: Zxid, nowUs: number): void {
    if (!this.#started) return;
    if (this.#sinceUs < 0) {
      this.#sinceUs = nowUs;
      this.#zxid = zxid;
    } else {
      this.#nextUs = nowUs;
      this.#nextZxid = zxid;
    }
  }

  acked(zxid: Zxid): void {
    if (zxid === this.#zxid) {
      this.#sinceUs = this.#nextUs;
      this.#zxid = this.#nextZxid;
      this.#nextUs = -1;
    } else if (zxid === this.#nextZxid) {
      this.#nextUs = -1;
    }
  }

  exceeded(nowUs: number): boolean {
    return this.#sinceUs >= 0 && nowUs - this.#sinceUs >= this.#limitUs;
  }
}
