/** How much the faults of a run have disturbed it, and until when: what liveness is judged by. */
export class Disturbances {
  readonly #open = new Map<string, number>();
  #lastUs = -1;
  #longestUs = 0;

  /** When a fault last began, ended or changed anything, in virtual µs; −1: never. */
  get lastUs(): number {
    return this.#lastUs;
  }

  /** Something was changed. */
  touch(nowUs: number): void {
    this.#lastUs = nowUs;
  }

  /** Something that lasts began; `key` names it. */
  begin(key: string, nowUs: number): void {
    this.#lastUs = nowUs;
    this.since(key, nowUs);
  }

  /** The same, and no fault began it: that it is there excuses nothing, how long it lasts does. */
  since(key: string, nowUs: number): void {
    if (!this.#open.has(key)) this.#open.set(key, nowUs);
  }

  /** It ended, if it had begun. */
  end(key: string, nowUs: number): void {
    const since = this.#open.get(key);
    if (since === undefined) return;
    this.#open.delete(key);
    this.#lastUs = nowUs;
    this.#longestUs = Math.max(this.#longestUs, nowUs - since);
  }

  /**
   * The longest disturbance that has ended, in µs. One that goes on to the end is no excuse: it is judged
   * as it is.
   */
  get longestUs(): number {
    return this.#longestUs;
  }
}
