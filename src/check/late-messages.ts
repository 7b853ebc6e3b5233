import type { TraceEvent } from '../node/facts.ts';

/** Faults under which what was sent may arrive much later. */
const DELAYING: readonly string[] = ['loss', 'slow', 'bandwidth'];

/** Faults under which it does not arrive at all, and TCP sends it again when it does not know yet. */
const CUTTING: readonly string[] = ['partition', 'isolate', 'cut'];

/** How long TCP waits before it sends something again for the first time. */
const FIRST_PAUSE_US = 200_000;

/**
 * Whether messages may come later than the network has it: while a fault loses or slows them, and after it
 * for as long as it was in force, since TCP's pauses double, or for as long as the last of those that were
 * slowed is under way, since none overtakes it.
 */
export class LateMessages {
  readonly #verbs: ReadonlySet<string>;
  readonly #slowUs: number;
  /** By fault that delays messages, and is in force: when it began. */
  readonly #delays = new Map<string, number>();
  /** Until when messages may arrive that such a fault, now over, has held up. */
  #untilUs = 0;

  /**
   * @param slowUs how long a message that is slowed on purpose is under way at most
   * @param ofCuts whether cuts count, too: after one, what was sent again comes when its pause is over
   */
  constructor(slowUs = 0, ofCuts = false) {
    this.#slowUs = slowUs;
    this.#verbs = new Set(ofCuts ? [...DELAYING, ...CUTTING] : DELAYING);
  }

  /** Takes in a fault's begin or end; `true` if it is one that delays. */
  observe(
    event: Extract<TraceEvent, { readonly kind: 'fault-fired' | 'fault-ended' }>,
    atUs: number,
  ): boolean {
    if (!this.#verbs.has(event.verb)) return false;
    if (event.kind === 'fault-fired') {
      this.#delays.set(event.name, atUs);
    } else {
      const lastedUs = atUs - (this.#delays.get(event.name) ?? atUs);
      this.#delays.delete(event.name);
      const slowUs = event.verb === 'slow' ? this.#slowUs : 0;
      this.#untilUs = Math.max(this.#untilUs, atUs + Math.max(slowUs, lastedUs + FIRST_PAUSE_US));
    }
    return true;
  }

  /** From when on messages are in time again: virtual µs, `Infinity` while such a fault is in force. */
  get overUs(): number {
    return this.#delays.size > 0 ? Infinity : this.#untilUs;
  }
}
