import type { Moment, TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';

/** One line of a trace, and what it comes from. */
export interface Happening {
  /** Its place in the recording, from 0. */
  readonly id: number;
  readonly atUs: number;
  /** The number of the event in whose handling it was told. */
  readonly step: number;
  /** Who it happened to; undefined for the world as a whole. */
  readonly who: NodeId | undefined;
  readonly event: TraceEvent;
  /** What happened to the same participant before it; −1: nothing. */
  readonly before: number;
  /** Of a delivery: its sending. Of a crash and the like: the fault, which is told after it. −1: nothing. */
  readonly cause: number;
}

/** What a fault does to whom it hits. */
const HITS: ReadonlySet<TraceEvent['kind']> = new Set([
  'crashed',
  'restarted',
  'paused',
  'resumed',
  'wiped',
  'lost',
  'corrupted',
]);

/**
 * All that happened in a run, with the order of happens-before (Lamport 1978): what happened to one
 * participant is ordered, and a message is sent before it is delivered. Connections keep the order of
 * messages and lose only their last ones, so that the nth delivery of a direction is that of its nth
 * message; a message without a connection has a number of its own.
 */
export class Recording {
  readonly happenings: Happening[] = [];
  readonly #last = new Map<NodeId, number>();
  /** Messages of a direction of a link that were not delivered yet, the first at `from`. */
  readonly #inFlight = new Map<string, { readonly ids: number[]; from: number }>();

  /** Keeps an event, which may be lent. */
  observe(event: TraceEvent, { atUs, event: step }: Moment): void {
    const id = this.happenings.length;
    const who = whoOf(event);
    const before = who === undefined ? -1 : (this.#last.get(who) ?? -1);
    const cause = this.#causeOf(event, id);
    this.happenings.push({ id, atUs, step, who, event: { ...event }, before, cause });
    if (who !== undefined) this.#last.set(who, id);
    if (event.kind === 'fault-fired') this.#blame(id, step);
  }

  /** A fault is told after what it did to servers. */
  #blame(fault: number, step: number): void {
    for (let id = fault - 1; this.happenings[id]?.step === step; id--) {
      const hit = this.happenings[id];
      if (hit !== undefined && HITS.has(hit.event.kind)) this.happenings[id] = { ...hit, cause: fault };
    }
  }

  #causeOf(event: TraceEvent, id: number): number {
    if (event.kind !== 'sent' && event.kind !== 'delivered') return -1;
    const key = `${event.link}/${event.from}`;
    const line = this.#inFlight.get(key) ?? { ids: [], from: 0 };
    this.#inFlight.set(key, line);
    // One without a connection may come twice.
    if (event.kind === 'delivered' && event.link < 0) return line.ids[0] ?? -1;
    if (event.kind === 'delivered') return line.ids[line.from++] ?? -1;
    line.ids.push(id);
    return -1;
  }
}

/** Whom an event happens to: a delivery happens to the receiver. */
export function whoOf(event: TraceEvent): NodeId | undefined {
  if ('server' in event) return event.server;
  if (event.kind === 'delivered') return event.to;
  return 'from' in event && event.kind !== 'reachable' ? event.from : undefined;
}
