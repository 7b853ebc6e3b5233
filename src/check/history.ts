import { ZERO_ZXID, type Zxid } from '../core/zxid.ts';

/**
 * The content that everyone knows under a zxid; any other number is the digest of a record that differs from
 * it.
 */
export const CANONICAL = -1;

/** The mark of a record that a disk fault made unreadable. */
export const DAMAGED = -2;

/**
 * A sequence of transactions, kept as runs of consecutive zxids: a million transactions of one epoch are one
 * run. Two histories are compared run by run, which is exact, where a chain hash would only be likely.
 * Contents are those of the `TxnBook`, but for records marked otherwise. Nothing is known of what lies at or
 * below `floor`: it agrees with everything. Source: the ghost ledger of the invariants, after Zab's histories
 * (Junqueira et al., DSN 2011).
 */
export class History {
  /** Up to here the content is unknown: a snapshot was found whose transactions nobody saw. */
  floor: Zxid = ZERO_ZXID;
  /** Number of known records. */
  length = 0;
  readonly #lo: number[] = [];
  readonly #hi: number[] = [];
  readonly #mark: number[] = [];

  /** The zxid of the last record, or the floor. */
  get last(): Zxid {
    const n = this.#hi.length;
    return n === 0 ? this.floor : (this.#hi[n - 1] as Zxid);
  }

  /**
   * The first zxid of the run that the last record belongs to; 1 more than `last` when there is no record.
   */
  get lastRunStart(): number {
    const n = this.#lo.length;
    return n === 0 ? this.floor + 1 : (this.#lo[n - 1] ?? 0);
  }

  /** How the last record is marked. */
  get lastMark(): number {
    const n = this.#mark.length;
    return n === 0 ? CANONICAL : (this.#mark[n - 1] ?? CANONICAL);
  }

  /** The first known record's zxid, or −1. */
  get first(): number {
    return this.#lo[0] ?? -1;
  }

  push(zxid: number, mark: number = CANONICAL): void {
    const end = this.#hi.length - 1;
    this.length++;
    if (end >= 0 && mark === CANONICAL && this.#hi[end] === zxid - 1 && this.#mark[end] === CANONICAL) {
      this.#hi[end] = zxid;
      return;
    }
    this.#lo.push(zxid);
    this.#hi.push(zxid);
    this.#mark.push(mark);
  }

  /** Whether the transaction known as `zxid` is in it. */
  has(zxid: number): boolean {
    if (zxid <= this.floor) return true;
    for (let i = this.#lo.length - 1; i >= 0; i--) {
      if (zxid >= (this.#lo[i] ?? 0) && zxid <= (this.#hi[i] ?? 0) && this.#mark[i] === CANONICAL)
        return true;
    }
    return false;
  }

  /** The first transaction after `zxid`, or −1. For ascending histories, as are the three below. */
  successorOf(zxid: number): number {
    let found = -1;
    for (let i = this.#lo.length - 1; i >= 0; i--) {
      if ((this.#hi[i] ?? 0) <= zxid) return found;
      const lo = this.#lo[i] ?? 0;
      if (lo <= zxid) return zxid + 1;
      found = lo;
    }
    return found;
  }

  /** The last transaction before `zxid`, or the floor. */
  predecessorOf(zxid: number): number {
    for (let i = this.#lo.length - 1; i >= 0; i--) {
      if ((this.#lo[i] ?? 0) < zxid) return Math.min(this.#hi[i] ?? 0, zxid - 1);
    }
    return this.floor;
  }

  /** Drops every record after `zxid`. */
  cutAfter(zxid: number): void {
    if (this.floor > zxid) this.floor = zxid as Zxid;
    for (let i = this.#lo.length - 1; i >= 0 && (this.#hi[i] ?? 0) > zxid; i--) {
      const size = (this.#hi[i] ?? 0) - (this.#lo[i] ?? 0) + 1;
      const over = Math.min(size, (this.#hi[i] ?? 0) - zxid);
      this.#shrink(i, size, over);
      if (over < size) return;
    }
  }

  /** Keeps the first `count` records. */
  keep(count: number): void {
    while (this.length > count) {
      const i = this.#lo.length - 1;
      const size = (this.#hi[i] ?? 0) - (this.#lo[i] ?? 0) + 1;
      this.#shrink(i, size, Math.min(size, this.length - count));
    }
  }

  #shrink(i: number, size: number, over: number): void {
    this.length -= over;
    if (over < size) {
      this.#hi[i] = (this.#hi[i] ?? 0) - over;
      return;
    }
    this.#lo.pop();
    this.#hi.pop();
    this.#mark.pop();
  }

  /** The zxid of the record with this index, from 0; 0 when there is none. Fast near the end. */
  zxidAt(index: number): number {
    let start = this.length;
    if (index < 0 || index >= start) return 0;
    for (let i = this.#lo.length - 1; i >= 0; i--) {
      start -= (this.#hi[i] ?? 0) - (this.#lo[i] ?? 0) + 1;
      if (index >= start) return (this.#lo[i] ?? 0) + index - start;
    }
    return 0;
  }

  /** Marks the record with this index as unreadable. */
  damage(index: number): void {
    const old = this.copy();
    this.keep(0);
    for (let i = 0; i < old.#lo.length; i++) {
      const lo = old.#lo[i] ?? 0;
      const mark = old.#mark[i] ?? CANONICAL;
      for (let zxid = lo; zxid <= (old.#hi[i] ?? 0); zxid++) {
        this.push(zxid, this.length === index ? DAMAGED : mark);
      }
    }
  }

  copy(): History {
    const copy = new History();
    copy.floor = this.floor;
    copy.extend(this, -1, Infinity);
    return copy;
  }

  /** A copy of what lies at or before `zxid`. */
  through(zxid: number): History {
    const copy = this.copy();
    copy.cutAfter(zxid);
    return copy;
  }

  /** Appends the records of `other` with `after` < zxid ≤ `upTo`. */
  extend(other: History, after: number, upTo: number): void {
    for (let i = 0; i < other.#lo.length; i++) {
      const lo = Math.max(other.#lo[i] ?? 0, after + 1);
      const hi = Math.min(other.#hi[i] ?? 0, upTo);
      if (lo > hi) continue;
      this.push(lo, other.#mark[i] ?? CANONICAL);
      if (hi > lo) {
        this.#hi[this.#hi.length - 1] = hi;
        this.length += hi - lo;
      }
    }
  }

  /** Whether `other` begins with this history. */
  isPrefixOf(other: History): boolean {
    const floor = Math.max(this.floor, other.floor);
    let i = this.#firstAfter(floor);
    let j = other.#firstAfter(floor);
    for (; i < this.#lo.length; i++, j++) {
      if (j >= other.#lo.length || this.#mark[i] !== other.#mark[j]) return false;
      if (Math.max(this.#lo[i] ?? 0, floor + 1) !== Math.max(other.#lo[j] ?? 0, floor + 1)) return false;
      const hi = this.#hi[i] ?? 0;
      const otherHi = other.#hi[j] ?? 0;
      if (hi !== otherHi) return hi < otherHi && i === this.#lo.length - 1;
    }
    return true;
  }

  /** Whether one of the two begins with the other. */
  agreesWith(other: History): boolean {
    return this.isPrefixOf(other) || other.isPrefixOf(this);
  }

  /** The first transactions that are here and not in `other`, `limit` at most. */
  without(other: History, limit: number): Zxid[] {
    const found: Zxid[] = [];
    for (let i = this.#lo.length - 1; i >= 0; i--) {
      for (let zxid = this.#hi[i] ?? 0; zxid >= (this.#lo[i] ?? 0); zxid--) {
        if (other.has(zxid)) break;
        if (found.length >= limit) return found;
        found.push(zxid as Zxid);
      }
    }
    return found;
  }

  #firstAfter(floor: number): number {
    if (floor <= 0) return 0;
    let i = 0;
    while (i < this.#hi.length && (this.#hi[i] ?? 0) <= floor) i++;
    return i;
  }
}
