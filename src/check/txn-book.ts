/** A power of two: the place in a page is then cheap integer arithmetic on the low bits of a zxid. */
const PAGE = 256;
const MASK = PAGE - 1;
/** To multiply by it is as exact as the division, and three times as fast. */
const PAGES_PER_TXN = 1 / PAGE;
const KNOWN = 1;
const BROADCAST = 2;
const APPLIED = 4;

/** In a page lie `PAGE` digests, then as many states, then as many marks: one array costs less than three. */
const STATES = PAGE;
const MARKS = 2 * PAGE;
const newPage = (): Uint32Array => new Uint32Array(3 * PAGE);
const NO_PAGE = newPage();

/**
 * What is known of every transaction: the digest of its content, whether a primary broadcast it (or it was
 * there before the first start), and the state after it. 12 bytes each, in pages, so that a counter near its
 * end costs no more than one near 0. The first content told of a zxid is the one it stands for (Zab: a zxid
 * names one transaction).
 */
export class TxnBook {
  readonly #pages = new Map<number, Uint32Array>();
  /** The page used last; NO_PAGE before the first. */
  #key = -1;
  #page = NO_PAGE;

  /** Enters the content of a zxid; `false` when the zxid stands for another content. */
  define(zxid: number, digest: number): boolean {
    const page = this.#open(zxid);
    const i = (zxid >>> 0) & MASK;
    const marks = page[MARKS + i] ?? 0;
    if ((marks & KNOWN) !== 0) return page[i] === digest >>> 0;
    page[MARKS + i] = marks | KNOWN;
    page[i] = digest;
    return true;
  }

  /** Enters that a primary broadcast it. */
  broadcast(zxid: number): void {
    const page = this.#open(zxid);
    const i = (zxid >>> 0) & MASK;
    page[MARKS + i] = (page[MARKS + i] ?? 0) | BROADCAST;
  }

  /** Whether there is such a transaction. ⟨e, 0⟩ never is one. */
  knows(zxid: number): boolean {
    return zxid > 0 && (this.#marks(zxid) & KNOWN) !== 0;
  }

  wasBroadcast(zxid: number): boolean {
    return zxid > 0 && (this.#marks(zxid) & BROADCAST) !== 0;
  }

  /** The same, and that the zxid stands for this content: enters it, as `define` does. */
  wasBroadcastAs(zxid: number, digest: number): boolean {
    if (zxid <= 0) return false;
    const page = this.#open(zxid);
    const i = (zxid >>> 0) & MASK;
    const marks = page[MARKS + i] ?? 0;
    if ((marks & BROADCAST) === 0) return false;
    return (marks & KNOWN) === 0 ? this.define(zxid, digest) : page[i] === digest >>> 0;
  }

  /** Enters the state after it; `false` when another state was entered before. */
  applied(zxid: number, state: number): boolean {
    const page = this.#open(zxid);
    const i = (zxid >>> 0) & MASK;
    const marks = page[MARKS + i] ?? 0;
    if ((marks & APPLIED) !== 0) return page[STATES + i] === state >>> 0;
    page[MARKS + i] = marks | APPLIED;
    page[STATES + i] = state;
    return true;
  }

  /** The state after it, or −1. */
  stateAfter(zxid: number): number {
    if (zxid <= 0 || (this.#marks(zxid) & APPLIED) === 0) return -1;
    return this.#open(zxid)[STATES + ((zxid >>> 0) & MASK)] ?? -1;
  }

  #marks(zxid: number): number {
    const key = Math.floor(zxid * PAGES_PER_TXN);
    if (key === this.#key) return this.#page[MARKS + ((zxid >>> 0) & MASK)] ?? 0;
    return this.#pages.get(key)?.[MARKS + ((zxid >>> 0) & MASK)] ?? 0;
  }

  #open(zxid: number): Uint32Array {
    const key = Math.floor(zxid * PAGES_PER_TXN);
    if (key === this.#key) return this.#page;
    let page = this.#pages.get(key);
    if (page === undefined) {
      page = newPage();
      this.#pages.set(key, page);
    }
    this.#key = key;
    this.#page = page;
    return page;
  }
}
