import type { Moment, TraceEvent } from '../node/facts.ts';
import type { Witness } from '../sim/profile.ts';

type Handler = (event: TraceEvent, moment: Moment) => void;

/**
 * One witness for several: each is told what it wants, in their order. Who wants a kind is asked once, and
 * all that listen to it lie in one row.
 */
export function fanOut(witnesses: readonly Witness[]): Witness {
  const byKind = new Map<TraceEvent['kind'], readonly Handler[]>();
  const handlers = (kind: TraceEvent['kind']): readonly Handler[] => {
    let known = byKind.get(kind);
    if (known === undefined) {
      known = rowFor(witnesses, kind);
      byKind.set(kind, known);
    }
    return known;
  };
  return {
    wants: (kind) => handlers(kind).length > 0,
    observe: (event: TraceEvent, moment: Moment) => {
      const { kind } = event;
      const row = byKind.get(kind) ?? handlers(kind);
      for (let i = 0; i < row.length; i++) row[i]?.(event, moment);
    },
    lend: (moment) => {
      for (const witness of witnesses) witness.lend?.(moment);
    },
    handlers,
  };
}

function rowFor(witnesses: readonly Witness[], kind: TraceEvent['kind']): readonly Handler[] {
  const row: Handler[] = [];
  for (const witness of witnesses) {
    if (!witness.wants(kind)) continue;
    const own = witness.handlers?.(kind);
    if (own === undefined) row.push((event, moment) => witness.observe(event, moment));
    else for (const handler of own) row.push(handler);
  }
  return row;
}
