import TinyQueue from 'tinyqueue';
import { CalendarQueue } from '../../src/core/calendar.ts';
import { Kernel, SOURCE } from '../../src/sim/kernel.ts';

/**
 * The hold model: a fixed number of messages under way, each sent again on arrival, and of timers, one of
 * which is reset at every third event.
 */
export interface HoldModel {
  /** Runs that many events. */
  run(events: number): void;
}

const MESSAGES = 300;
const TIMERS = 60;
const TIMEOUT_US = 2_000_000;
const DELAYS = 1 << 16;

/** Delays of 0.1 to 5.1 ms, the same for both: no draw is measured. */
function delays(): Int32Array {
  let state = 12345;
  return Int32Array.from({ length: DELAYS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 100 + (state % 5001);
  });
}

/** The kernel's way: a slot for each source, and deadlines that move without queue traffic. */
export class KernelHold implements HoldModel {
  readonly #kernel = new Kernel(new CalendarQueue());
  readonly #delays = delays();
  readonly #timers: number[] = [];
  #next = 0;
  #reset = 0;
  fired = 0;

  constructor() {
    const kernel = this.#kernel;
    for (let i = 0; i < MESSAGES; i++) {
      kernel.arm(kernel.open(SOURCE.pipe, this), this.#delay(), kernel.nextSeq());
    }
    for (let i = 0; i < TIMERS; i++) {
      this.#timers.push(kernel.arm(kernel.open(SOURCE.timer, this), TIMEOUT_US, kernel.nextSeq()));
    }
  }

  run(events: number): void {
    const kernel = this.#kernel;
    const timers = this.#timers;
    for (let i = 0; i < events; i++) {
      const slot = kernel.next(Number.MAX_SAFE_INTEGER);
      if (kernel.kindOf(slot) === SOURCE.pipe) {
        kernel.arm(slot, kernel.now + this.#delay(), kernel.nextSeq());
      } else {
        this.fired++;
        kernel.arm(slot, kernel.now + TIMEOUT_US, kernel.nextSeq());
      }
      if (i % 3 !== 0) continue;
      const timer = this.#reset++ % TIMERS;
      timers[timer] = kernel.arm(timers[timer] as number, kernel.now + TIMEOUT_US, kernel.nextSeq());
    }
  }

  #delay(): number {
    return this.#delays[this.#next++ & (DELAYS - 1)] as number;
  }
}

interface Pending {
  readonly time: number;
  readonly seq: number;
  /** −1: a message. */
  readonly timer: number;
  cancelled: boolean;
}

/** The usual way: a heap of objects under a comparator; what is cancelled stays in it as a tombstone. */
export class TombstoneHold implements HoldModel {
  readonly #queue = new TinyQueue<Pending>([], (a, b) => a.time - b.time || a.seq - b.seq);
  readonly #delays = delays();
  readonly #timers: Pending[] = [];
  #next = 0;
  #reset = 0;
  #seq = 0;
  fired = 0;

  constructor() {
    for (let i = 0; i < MESSAGES; i++) this.#push(this.#delay(), -1);
    for (let i = 0; i < TIMERS; i++) this.#timers.push(this.#push(TIMEOUT_US, i));
  }

  run(events: number): void {
    for (let i = 0; i < events; i++) {
      const event = this.#pop();
      if (event.timer < 0) {
        this.#push(event.time + this.#delay(), -1);
      } else {
        this.fired++;
        this.#timers[event.timer] = this.#push(event.time + TIMEOUT_US, event.timer);
      }
      if (i % 3 !== 0) continue;
      const timer = this.#reset++ % TIMERS;
      (this.#timers[timer] as Pending).cancelled = true;
      this.#timers[timer] = this.#push(event.time + TIMEOUT_US, timer);
    }
  }

  #pop(): Pending {
    for (;;) {
      const event = this.#queue.pop();
      if (event === undefined) throw new Error('the model ran dry');
      if (!event.cancelled) return event;
    }
  }

  #push(time: number, timer: number): Pending {
    const event = { time, seq: this.#seq++, timer, cancelled: false };
    this.#queue.push(event);
    return event;
  }

  #delay(): number {
    return this.#delays[this.#next++ & (DELAYS - 1)] as number;
  }
}
