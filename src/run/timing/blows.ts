import type { WorldEvent } from '../../node/world-events.ts';

/** Faults that give something back. */
const MENDING: ReadonlySet<string> = new Set(['start', 'restart', 'resume', 'heal']);

/** Whether a fault that fired may hurt the ensemble: it had an effect, and does not mend what another did. */
export function isBlow(event: Extract<WorldEvent, { kind: 'fault-fired' }>): boolean {
  return event.effect && !MENDING.has(event.verb);
}
