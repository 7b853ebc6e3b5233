import type { Moment, TraceEvent } from '../../node/facts.ts';
import type { LinkId } from '../../node/ids.ts';
import type { Reply } from '../../znode/client-messages.ts';
import { type ClientOperation, isRead, isWrite } from '../../znode/operation-class.ts';
import { isBlow } from './blows.ts';
import type { MeasureName, Sample } from './measures.ts';

/** The kinds of events that the clients' timings are read from. */
export const CLIENT_KINDS: readonly TraceEvent['kind'][] = [
  'fault-fired',
  'fault-ended',
  'invoked',
  'returned',
  'client-sent',
  'client-received',
  'client-disconnected',
];

/** What clients see of one kind of operation. */
class Answers {
  /** When the operations under way were sent, by connection and number. */
  readonly #sentAtUs = new Map<string, number>();
  /** Durations of those that were answered before the first blow. */
  readonly latencies: number[] = [];
  /** When the first and the last of those were answered; −1: none. */
  firstUs = -1;
  calmUntilUs = -1;
  #lastUs = -1;
  #lastSentUs = -1;
  /** The longest time between two answers that ended after the first blow. */
  longestGapUs = -1;
  longestGapEndedUs = -1;

  sent(key: string, atUs: number): void {
    this.#sentAtUs.set(key, atUs);
    this.#lastSentUs = atUs;
  }

  answered(key: string, ok: boolean, atUs: number, calm: boolean): void {
    const sentAtUs = this.#sentAtUs.get(key);
    if (sentAtUs === undefined) return;
    this.#sentAtUs.delete(key);
    if (!ok) return;
    if (this.firstUs < 0) this.firstUs = atUs;
    if (calm) {
      this.latencies.push(atUs - sentAtUs);
      this.calmUntilUs = atUs;
    } else {
      this.#gap(atUs);
    }
    this.#lastUs = atUs;
  }

  /** The connection went: no answer will come. */
  forget(link: string): void {
    for (const key of [...this.#sentAtUs.keys()]) if (key.startsWith(link)) this.#sentAtUs.delete(key);
  }

  /** The run ended: if nobody was answered since somebody asked last, the gap lasts to the end. */
  finish(atUs: number, calm: boolean): void {
    if (!calm && this.#lastSentUs > this.#lastUs) this.#gap(atUs);
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
        this.#writes.sent(`c${event.server}/${event.cxid}`, atUs);
        return;
      case 'returned':
        this.#writes.answered(`c${event.server}/${event.cxid}`, event.outcome === 'ok', atUs, this.#calm);
        return;
      case 'client-sent':
        this.#answersTo(event.operation as ClientOperation)?.sent(keyOf(event.link, event.xid), atUs);
        return;
      case 'client-received': {
        const { kind, xid, err } = event.message as Reply;
        if (kind !== 'reply') return;
        const key = keyOf(event.link, xid);
        // A write that the service refuses was answered all the same.
        this.#writes.answered(key, err <= 0, atUs, this.#calm);
        this.#reads.answered(key, true, atUs, this.#calm);
        return;
      }
      case 'client-disconnected':
        this.#writes.forget(keyOf(event.link, ''));
        this.#reads.forget(keyOf(event.link, ''));
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

  #answersTo(operation: ClientOperation): Answers | undefined {
    if (isWrite(operation)) return this.#writes;
    return isRead(operation) ? this.#reads : undefined;
  }
}

function keyOf(link: LinkId, xid: number | ''): string {
  return `${link}/${xid}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}
