import type { Moment, TraceEvent } from '../node/facts.ts';
import type { Witness } from '../sim/profile.ts';

/**
 * One witness for several: each is told what it wants, in their order. Whether it wants a kind is asked once.
 */
export function fanOut(witnesses: readonly Witness[]): Witness {
  const byKind = new Map<TraceEvent['kind'], readonly Witness[]>();
  const listeners = (kind: TraceEvent['kind']): readonly Witness[] => {
    let known = byKind.get(kind);
    if (known === undefined) {
      known = witnesses.filter((witness) => witness.wants(kind));
      byKind.set(kind, known);
    }
    return known;
  };
  return {
    wants: (kind) => listeners(kind).length > 0,
    observe: (event: TraceEvent, moment: Moment) => {
      const told = byKind.get(event.kind) ?? listeners(event.kind);
      for (let i = 0; i < told.length; i++) told[i]?.observe(event, moment);
    },
  };
}
