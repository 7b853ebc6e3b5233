import type { TraceEvent } from '../node/facts.ts';

/** Faults that are over at once: nothing of them is in force afterwards. */
const MOMENTARY: ReadonlySet<string> = new Set(
  'crash powerCut restart start stop resume wipe heal reset corrupt jump ask'.split(' '),
);

/** Which faults of the plan last at the moment. */
export class FaultsInForce {
  readonly #names = new Set<string>();

  /** Takes in a fault's begin or end. */
  observe(event: Extract<TraceEvent, { readonly kind: 'fault-fired' | 'fault-ended' }>): void {
    if (event.kind === 'fault-ended') this.#names.delete(event.name);
    else if (!MOMENTARY.has(event.verb)) this.#names.add(event.name);
  }

  /** Whether any does. */
  get any(): boolean {
    return this.#names.size > 0;
  }
}
