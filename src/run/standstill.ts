/**
 * How soon clients ask again whose write was lost, µs: ClientCnxn's pauses before its attempts to connect add
 * up to this at most (1 s before each, up to 1 s more after a whole round, and the handshake).
 */
const BACK_US = 3_000_000;

/**
 * Spans in which nothing was committed although a write waited all the time, or none could commit as far as
 * is known from who is up and connected. They show what is not known from that: lost segments, slow links and
 * disks; a span counts if it is longer, by a tick, than any part of it of which that is known. A short while
 * in which nobody asks does not end such a span: those who waited in vain are on their way to another server.
 */
export class Standstill {
  readonly #tickUs: number;
  /** Since when it stands still; −1 while it does not. */
  #sinceUs = -1;
  /** Since when nobody waits any more within the present span; −1 while somebody does. */
  #quietUs = -1;
  /** Since when it is known that no write can commit; −1 while one can. */
  #downUs = -1;
  /** The longest part of the present span of which that was known, of those that are over. */
  #knownUs = 0;
  #longestUs = 0;

  constructor(tickUs: number) {
    this.#tickUs = tickUs;
  }

  /** From now on it is known that no write can commit, or not, and one waits, or none. */
  is(down: boolean, waits: boolean, atUs: number): void {
    const mended = !down && this.#downUs >= 0;
    if (down && this.#downUs < 0) this.#downUs = atUs;
    if (mended) {
      if (this.#sinceUs >= 0) this.#knownUs = this.#knownBy(atUs);
      this.#downUs = -1;
    }
    if (down || waits) this.#stand(atUs);
    else if (this.#sinceUs >= 0 && mended) this.#end(atUs);
    else if (this.#sinceUs >= 0 && this.#quietUs < 0) this.#quieten(atUs);
  }

  /** Something was committed. */
  committed(atUs: number): void {
    if (this.#sinceUs < 0) return;
    const goesOn = this.#quietUs < 0;
    // It is what those have asked for whose connections are gone.
    if (atUs - this.#quietUs <= BACK_US) this.#quietUs = -1;
    this.#end(atUs);
    if (goesOn) this.#sinceUs = atUs;
  }

  /** A write was answered that was committed before: that it waited showed nothing. */
  answered(atUs: number): void {
    if (this.#sinceUs < 0 || this.#quietUs >= 0) return;
    this.#sinceUs = atUs;
    this.#knownUs = 0;
  }

  /** The longest of the spans that count, for a run that ends then. */
  longestUs(endUs: number): number {
    return Math.max(this.#longestUs, this.#sinceUs < 0 ? 0 : this.#lengthUs(endUs));
  }

  #stand(atUs: number): void {
    if (this.#quietUs >= 0 && atUs - this.#quietUs > BACK_US) this.#end(atUs);
    this.#quietUs = -1;
    if (this.#sinceUs < 0) this.#sinceUs = atUs;
  }

  #quieten(atUs: number): void {
    if (this.#lengthUs(atUs) > 0) this.#quietUs = atUs;
    else this.#end(atUs);
  }

  #end(atUs: number): void {
    this.#longestUs = Math.max(this.#longestUs, this.#lengthUs(atUs));
    this.#sinceUs = -1;
    this.#quietUs = -1;
    this.#knownUs = 0;
  }

  /** How long the present span is; 0 if it does not count. */
  #lengthUs(atUs: number): number {
    const untilUs = this.#quietUs < 0 ? atUs : this.#quietUs;
    const us = untilUs - this.#sinceUs;
    return us - this.#knownBy(untilUs) > this.#tickUs ? us : 0;
  }

  #knownBy(atUs: number): number {
    if (this.#downUs < 0) return this.#knownUs;
    return Math.max(this.#knownUs, atUs - Math.max(this.#downUs, this.#sinceUs));
  }
}
