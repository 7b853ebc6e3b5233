import type { Moment, TraceEvent } from '../node/facts.ts';
import type { Witness } from './profile.ts';

/** One line of a trace; JSON as it stands. */
export interface TraceEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Virtual µs. */
  readonly atUs: number;
  /** Number of the event in whose handling it was told. */
  readonly event: number;
  readonly told: TraceEvent;
}

/** Writes down everything that is told of a run. It changes neither the run nor its fingerprint. */
export class Trace implements Witness {
  readonly #entries: TraceEntry[] = [];

  /** All entries, in order. */
  get entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  wants(_kind: TraceEvent['kind']): boolean {
    return true;
  }

  observe(event: TraceEvent, moment: Moment): void {
    this.#entries.push({
      seq: this.#entries.length + 1,
      atUs: moment.atUs,
      event: moment.event,
      told: { ...event },
    });
  }
}
