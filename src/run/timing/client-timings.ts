import type { Moment, TraceEvent } from '../../node/facts.ts';
import { isBlow } from './blows.ts';
import type { MeasureName, Sample } from './measures.ts';
import { demandOf } from './operation-text.ts';

/** The kinds of events that the clients' timings are read from. */
export const CLIENT_KINDS: readonly TraceEvent['kind'][] = [
  'fault-fired',
  'fault-ended',
  'invoked',
  'returned',
];

/** What clients see of one kind of operation. */
class Answers {
  /** When the operations under way were asked for, by client and number. */
  readonly #sentAtUs = new Map<string, number>();
  /** Durations of those that were answered before the first blow. */
  readonly latencies: number[] = [];
  /** When the first and the last of those were answered; −1: none. */
  firstUs = -1;
  calmUntilUs = -1;
  #lastUs = -1;
  #lastSentUs = -1;
  #lastLostUs = -1;
  /** The longest time between two answers that ended after the first blow. */
  longestGapUs = -1;
  longestGapEndedUs = -1;

  sent(key: string, atUs: number): void {
    this.#sentAtUs.set(key, atUs);
    this.#lastSentUs = atUs;
  }

  /** It ended; `lost`: nobody knows how, for the connection went before the answer came. */
  ended(key: string, lost: boolean, atUs: number, calm: boolean): void {
    const sentAtUs = this.#sentAtUs.get(key);
    if (sentAtUs === undefined) return;
    this.#sentAtUs.delete(key);
    if (lost) {
      this.#lastLostUs = atUs;
      return;
    }
    if (this.firstUs < 0) this.firstUs = atUs;
    if (calm) {
      this.latencies.push(atUs - sentAtUs);
      this.calmUntilUs = atUs;
    } else {
      this.#gap(atUs);
    }
    this.#lastUs = atUs;
  }

  /**
   * The run ended. Where nobody was answered since somebody asked last, the gap lasts to the end, if
   * somebody still waits, else until the last answer was given up.
   */
  finish(atUs: number, calm: boolean): void {
    if (!calm && this.#lastSentUs > this.#lastUs)
      this.#gap(this.#sentAtUs.size > 0 ? atUs : this.#lastLostUs);
  }

  #gap(atUs: number): void {
    if (this.#lastUs < 0 || atUs - this.#lastUs <= this.longestGapUs) return;
    this.longestGapUs = atUs - this.#lastUs;
    this.longestGapEndedUs = atUs;
  }
}

/** How long clients wait, and for how long nobody answers them, read from the clients' own testimony. */
export class ClientTimings {
  readonly #writes = new Answers();
  readonly #reads = new Answers();
  #calm = true;

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'fault-fired':
        if (isBlow(event)) this.#calm = false;
        return;
      case 'invoked':
        this.#answersTo(event.operation)?.sent(keyOf(event), atUs);
        return;
      case 'returned':
        // What the service refuses was answered all the same.
        for (const answers of [this.#writes, this.#reads]) {
          answers.ended(keyOf(event), event.outcome === 'unknown', atUs, this.#calm);
        }
        return;
      default:
    }
  }

  /** What it came to in a run that ended at `endUs`. */
  samples(endUs: number): readonly Sample[] {
    const found: Sample[] = [];
    const tell = (measure: MeasureName, value: number, atUs: number): void => {
      found.push({ measure, value, atUs, server: 0 });
    };
    for (const [answers, gap, latency] of [
      [this.#writes, 'write-gap', 'write-latency'],
      [this.#reads, 'read-gap', 'read-latency'],
    ] as const) {
      answers.finish(endUs, this.#calm);
      if (answers.longestGapUs >= 0) tell(gap, answers.longestGapUs, answers.longestGapEndedUs);
      if (answers.latencies.length > 0) tell(latency, median(answers.latencies), answers.calmUntilUs);
    }
    const { latencies, firstUs, calmUntilUs } = this.#writes;
    if (calmUntilUs > firstUs) {
      const perSecond = Math.round(((latencies.length - 1) * 1e6) / (calmUntilUs - firstUs));
      tell('throughput', perSecond, calmUntilUs);
    }
    return found;
  }

  #answersTo(operation: string): Answers | undefined {
    const demand = demandOf(operation);
    if (demand === undefined) return undefined;
    return demand === 'write' ? this.#writes : this.#reads;
  }
}

function keyOf({ server, cxid }: { readonly server: number; readonly cxid: number }): string {
  return `${server}/${cxid}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}
