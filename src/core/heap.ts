import { Columns } from './columns.ts';

const START_CAPACITY = 64;

/** Bytes of the columns that a queue begins with: times, seqs and slots. */
export const QUEUE_BYTES = START_CAPACITY * (8 + 8 + 4);

/**
 * The pending events of a run, as numbers: a 4-ary heap over three columns, ordered by (time, seq) and
 * nothing else. `slot` says whose event it is. May be cleared and used again for another run: only its
 * arrays stay.
 */
export class EventQueue {
  /** How many events are pending. */
  size = 0;
  #times: Float64Array;
  #seqs: Float64Array;
  #slots: Int32Array;

  /** @param columns room of `QUEUE_BYTES` for it */
  constructor(columns = new Columns(QUEUE_BYTES)) {
    this.#times = columns.floats(START_CAPACITY);
    this.#seqs = columns.floats(START_CAPACITY);
    this.#slots = columns.ints(START_CAPACITY);
  }

  /** Time of the first event; only while `size > 0`. */
  get firstTime(): number {
    return this.#times[0] as number;
  }

  /** Sequence number of the first event; only while `size > 0`. */
  get firstSeq(): number {
    return this.#seqs[0] as number;
  }

  /** Slot of the first event; only while `size > 0`. */
  get firstSlot(): number {
    return this.#slots[0] as number;
  }

  /** Adds an event. No two events may share a seq. */
  push(time: number, seq: number, slot: number): void {
    if (this.size === this.#slots.length) this.#grow();
    const times = this.#times;
    const seqs = this.#seqs;
    const slots = this.#slots;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent] as number;
      if (parentTime < time || (parentTime === time && (seqs[parent] as number) < seq)) break;
      times[at] = parentTime;
      seqs[at] = seqs[parent] as number;
      slots[at] = slots[parent] as number;
      at = parent;
    }
    times[at] = time;
    seqs[at] = seq;
    slots[at] = slot;
  }

  /** Removes the first event; only while `size > 0`. */
  pop(): void {
    const last = --this.size;
    if (last === 0) return;
    const times = this.#times;
    const seqs = this.#seqs;
    const slots = this.#slots;
    const time = times[last] as number;
    const seq = seqs[last] as number;
    let at = 0;
    for (let child = 1; child < last; child = at * 4 + 1) {
      let least = child;
      let leastTime = times[child] as number;
      const end = Math.min(child + 4, last);
      for (let i = child + 1; i < end; i++) {
        const t = times[i] as number;
        if (t < leastTime || (t === leastTime && (seqs[i] as number) < (seqs[least] as number))) {
          least = i;
          leastTime = t;
        }
      }
      const leastSeq = seqs[least] as number;
      if (time < leastTime || (time === leastTime && seq < leastSeq)) break;
      times[at] = leastTime;
      seqs[at] = leastSeq;
      slots[at] = slots[least] as number;
      at = least;
    }
    times[at] = time;
    seqs[at] = seq;
    slots[at] = slots[last] as number;
  }

  /** Forgets all events, keeps the arrays. */
  clear(): void {
    this.size = 0;
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    const times = new Float64Array(capacity);
    const seqs = new Float64Array(capacity);
    const slots = new Int32Array(capacity);
    times.set(this.#times);
    seqs.set(this.#seqs);
    slots.set(this.#slots);
    this.#times = times;
    this.#seqs = seqs;
    this.#slots = slots;
  }
}
