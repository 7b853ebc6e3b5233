import { Columns } from './columns.ts';
import { EventQueue, QUEUE_BYTES } from './heap.ts';

/** How many µs a day lasts. */
const DAY_US = 32;
/** A power of two: to multiply by it is as exact as the division, and three times as fast. */
const DAYS_PER_US = 1 / DAY_US;
/** A year has so many, a power of two: 8.2 ms, and most messages are sent no further ahead. */
const DAYS = 256;
const START_CAPACITY = 64;
const TAKEN = DAYS / 32;
const BYTES = 2 * QUEUE_BYTES + START_CAPACITY * (8 + 8 + 4 + 4) + (DAYS + TAKEN) * 4;

/**
 * The pending events of a run, in the order of (time, seq) and nothing else: a calendar queue. The coming
 * year has a list for each day; what is due today lies in a heap, and so does what comes after the year,
 * timers for the most part. Most events thus cost a place in a list and a very small heap. May be cleared
 * and used again for another run: only its arrays stay. Source: Brown, "Calendar Queues" (CACM 31, 1988).
 */
export class CalendarQueue {
  /** How many events are pending. */
  size = 0;
  readonly #today: EventQueue;
  readonly #later: EventQueue;
  /** The day that it is, counted from time 0. */
  #day = 0;
  /** How many events are in the lists. */
  #listed = 0;
  /** By day of the year: the first entry of its list; −1: none. */
  readonly #heads: Int32Array;
  /** By 32 days of the year: a bit for each day that has a list. */
  readonly #taken: Int32Array;
  #times: Float64Array;
  #seqs: Float64Array;
  #slots: Int32Array;
  /** By entry: the next one of its list, or of those that are free; −1: none. */
  #nexts: Int32Array;
  #free = -1;
  /** Entries from here on have never been used. */
  #fresh = 0;

  constructor() {
    const columns = new Columns(BYTES);
    this.#times = columns.floats(START_CAPACITY);
    this.#seqs = columns.floats(START_CAPACITY);
    this.#today = new EventQueue(columns);
    this.#later = new EventQueue(columns);
    this.#slots = columns.ints(START_CAPACITY);
    this.#nexts = columns.ints(START_CAPACITY);
    this.#heads = columns.ints(DAYS).fill(-1);
    this.#taken = columns.ints(TAKEN);
  }

  /** Time of the first event; only after `bring`. */
  get firstTime(): number {
    return this.#today.firstTime;
  }

  /** Sequence number of the first event; only after `bring`. */
  get firstSeq(): number {
    return this.#today.firstSeq;
  }

  /** Slot of the first event; only after `bring`. */
  get firstSlot(): number {
    return this.#today.firstSlot;
  }

  /** Adds an event. No two events may share a seq. */
  push(time: number, seq: number, slot: number): void {
    const day = dayOf(time);
    this.size++;
    if (day <= this.#day) this.#today.push(time, seq, slot);
    else if (day < this.#day + DAYS) this.#list(day, time, seq, slot);
    else this.#later.push(time, seq, slot);
  }

  /** Finds the first event; false: there is none. To be called before each look at it. */
  bring(): boolean {
    if (this.#today.size > 0) return true;
    if (this.size === 0) return false;
    this.#turnTo(this.#listed > 0 ? this.#nextListed() : dayOf(this.#later.firstTime));
    return true;
  }

  /** Removes the first event; only after `bring`. */
  pop(): void {
    this.size--;
    this.#today.pop();
  }

  /** Forgets all events, keeps the arrays. */
  clear(): void {
    this.size = 0;
    this.#day = 0;
    this.#listed = 0;
    this.#today.clear();
    this.#later.clear();
    this.#heads.fill(-1);
    this.#taken.fill(0);
    this.#free = -1;
    this.#fresh = 0;
  }

  #list(day: number, time: number, seq: number, slot: number): void {
    let entry = this.#free;
    if (entry >= 0) this.#free = this.#nexts[entry] as number;
    else {
      entry = this.#fresh++;
      if (entry === this.#slots.length) this.#grow();
    }
    this.#times[entry] = time;
    this.#seqs[entry] = seq;
    this.#slots[entry] = slot;
    const place = day & (DAYS - 1);
    this.#nexts[entry] = this.#heads[place] as number;
    this.#heads[place] = entry;
    this.#taken[place >> 5] = (this.#taken[place >> 5] as number) | (1 << (place & 31));
    this.#listed++;
  }

  /** The first day after today that has a list; there is one. */
  #nextListed(): number {
    const taken = this.#taken;
    let day = this.#day + 1;
    for (;;) {
      const place = day & (DAYS - 1);
      const rest = (taken[place >> 5] as number) >>> (place & 31);
      if (rest !== 0) return day + 31 - Math.clz32(rest & -rest);
      day += 32 - (place & 31);
    }
  }

  /** It is that day now: what is due lies in the heap of today, and the year ends later. */
  #turnTo(day: number): void {
    this.#day = day;
    const today = this.#today;
    const place = day & (DAYS - 1);
    let entry = this.#heads[place] as number;
    this.#heads[place] = -1;
    this.#taken[place >> 5] = (this.#taken[place >> 5] as number) & ~(1 << (place & 31));
    while (entry >= 0) {
      today.push(this.#times[entry] as number, this.#seqs[entry] as number, this.#slots[entry] as number);
      const next = this.#nexts[entry] as number;
      this.#nexts[entry] = this.#free;
      this.#free = entry;
      this.#listed--;
      entry = next;
    }
    const later = this.#later;
    while (later.size > 0) {
      const time = later.firstTime;
      const its = dayOf(time);
      if (its >= day + DAYS) break;
      if (its === day) today.push(time, later.firstSeq, later.firstSlot);
      else this.#list(its, time, later.firstSeq, later.firstSlot);
      later.pop();
    }
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    this.#times = grown(this.#times, new Float64Array(capacity));
    this.#seqs = grown(this.#seqs, new Float64Array(capacity));
    this.#slots = grown(this.#slots, new Int32Array(capacity));
    this.#nexts = grown(this.#nexts, new Int32Array(capacity));
  }
}

/** Which day a time is on: times have up to 52 bits. */
function dayOf(time: number): number {
  return Math.floor(time * DAYS_PER_US);
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
