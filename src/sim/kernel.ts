import type { CalendarQueue } from '../core/calendar.ts';
import { calm } from '../core/decisions.ts';
import { Digest, digestText } from '../core/digest.ts';
import type { Moment } from '../node/facts.ts';
import { Buggify } from './buggify.ts';

/** What a slot of the queue belongs to. Also the event's kind in the fingerprint. */
export const SOURCE = {
  abandoned: 0,
  pipe: 1,
  timer: 2,
  stage: 3,
  disk: 4,
  datagram: 5,
  abort: 6,
  start: 7,
  fault: 8,
  faultEnd: 9,
  labour: 10,
} as const;

/** How many events lie between two checkpoints of the fingerprint. */
export const CHECKPOINT_EVENTS = 1024;

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Time, order and fingerprint of a run. Every source of events owns a slot with at most one entry in the
 * queue. A source that wants another time than its entry's is asked again when the entry comes up: a
 * deadline that moves costs no queue traffic. The order is that of (time, seq), as if every event lay in
 * the queue by itself.
 */
export class Kernel {
  /** Virtual µs since the start of the run. */
  now = 0;
  /** When and in which event things happen now: lent to witnesses. */
  readonly moment: Moment & { atUs: number; event: number } = { atUs: 0, event: 0 };
  readonly digest = new Digest();
  /** Where something may be late. */
  readonly buggify: Buggify;
  /** Of the fingerprint after each 1,024 events, both words: a text is ten times as large. */
  readonly #checkpoints: number[] = [];
  readonly #queue: CalendarQueue;
  readonly #owners: unknown[] = [];
  readonly #kinds: number[] = [];
  /** Time and seq that the source waits for; NEVER and −1 for none. */
  readonly #wantAt: number[] = [];
  readonly #wantSeq: number[] = [];
  /** Time of the source's entry in the queue; NEVER for none. */
  readonly #queuedAt: number[] = [];
  readonly #free: number[] = [];
  #seq = 0;
  #takenAt = 0;
  #takenSeq = 0;

  constructor(queue: CalendarQueue, buggify: Buggify = new Buggify(calm(), undefined)) {
    queue.clear();
    this.#queue = queue;
    this.buggify = buggify;
  }

  /** How many events have happened. */
  get events(): number {
    return this.moment.event;
  }

  /** The fingerprint after each 1,024 events. */
  get checkpoints(): readonly string[] {
    const words = this.#checkpoints;
    return Array.from({ length: words.length / 2 }, (_, i) =>
      digestText(words[2 * i] ?? 0, words[2 * i + 1] ?? 0),
    );
  }

  /** The place in the order of something that is scheduled now. */
  nextSeq(): number {
    return this.#seq++;
  }

  /** A slot for a source. */
  open(kind: number, owner: unknown): number {
    const slot = this.#free.pop() ?? this.#kinds.length;
    this.#kinds[slot] = kind;
    this.#owners[slot] = owner;
    this.#wantAt[slot] = NEVER;
    this.#wantSeq[slot] = -1;
    this.#queuedAt[slot] = NEVER;
    return slot;
  }

  /** The source is gone. Its slot is used again once its entry, if any, has left the queue. */
  close(slot: number): void {
    this.#owners[slot] = undefined;
    this.#kinds[slot] = SOURCE.abandoned;
    this.#wantAt[slot] = NEVER;
    this.#wantSeq[slot] = -1;
    if (this.#queuedAt[slot] === NEVER) this.#free.push(slot);
  }

  /**
   * The source shall come up at (at, seq), instead of when it wanted before. Returns its slot, which may be
   * another.
   */
  arm(slot: number, at: number, seq: number): number {
    const queuedAt = this.#queuedAt[slot] as number;
    let own = slot;
    if (queuedAt === NEVER) {
      this.#push(slot, at, seq);
    } else if (at < queuedAt) {
      own = this.open(this.#kinds[slot] as number, this.#owners[slot]);
      this.close(slot);
      this.#push(own, at, seq);
    }
    this.#wantAt[own] = at;
    this.#wantSeq[own] = seq;
    return own;
  }

  /** The source wants nothing any more. */
  disarm(slot: number): void {
    this.#wantAt[slot] = NEVER;
    this.#wantSeq[slot] = -1;
  }

  /**
   * The source that came up cannot be served yet: it keeps its place in the order, outside of the queue.
   */
  hold(slot: number): void {
    this.#wantAt[slot] = this.#takenAt;
    this.#wantSeq[slot] = this.#takenSeq;
  }

  /** Brings a held source back to its old place: it comes up at once, among others held in their order. */
  unhold(slot: number): void {
    const at = this.#wantAt[slot] as number;
    if (at === NEVER || this.#queuedAt[slot] !== NEVER) return;
    this.#push(slot, at, this.#wantSeq[slot] as number);
  }

  /** Takes the next source that comes up until `untilUs`, and moves time to it. −1: none. */
  next(untilUs: number): number {
    const queue = this.#queue;
    while (queue.bring()) {
      const at = queue.firstTime;
      if (at > untilUs) return -1;
      const seq = queue.firstSeq;
      const slot = queue.firstSlot;
      queue.pop();
      this.#queuedAt[slot] = NEVER;
      if (seq === this.#wantSeq[slot]) {
        this.#wantAt[slot] = NEVER;
        this.#wantSeq[slot] = -1;
        this.#takenAt = at;
        this.#takenSeq = seq;
        if (at > this.now) this.now = at;
        return slot;
      }
      if (this.#kinds[slot] === SOURCE.abandoned) this.#free.push(slot);
      else if (this.#wantAt[slot] !== NEVER)
        this.#push(slot, this.#wantAt[slot] as number, this.#wantSeq[slot] as number);
    }
    return -1;
  }

  /** What the slot belongs to. */
  kindOf(slot: number): number {
    return this.#kinds[slot] as number;
  }

  /** Whose slot it is. */
  ownerOf(slot: number): unknown {
    return this.#owners[slot];
  }

  /** An event happens now to `target` (0: the world). */
  begin(kind: number, target: number): void {
    const moment = this.moment;
    if (moment.event % CHECKPOINT_EVENTS === 0 && moment.event > 0)
      this.#checkpoints.push(this.digest.high, this.digest.low);
    moment.event++;
    moment.atUs = this.now;
    this.digest.integer(this.now);
    this.digest.word(target * 64 + kind);
  }

  /** The run goes no further for now: time moves on to its end. */
  settle(untilUs: number): void {
    if (untilUs > this.now) this.now = untilUs;
    this.moment.atUs = this.now;
  }

  #push(slot: number, at: number, seq: number): void {
    this.#queuedAt[slot] = at;
    this.#queue.push(at, seq, slot);
  }
}
