import type { Predicate } from '../../check/history/predicate.ts';
import type { HistorySummary } from '../outcome.ts';

/** Under which name, and how gravely, a run is accused of having broken a guarantee of its clients. */
export interface HistoryInvariant {
  readonly invariant: string;
  /** 1: a client was told something wrong; 2: it was told too late, or not at all. */
  readonly tier: 1 | 2;
}

const LINEARIZABLE = { invariant: 'linearizable-writes', tier: 1 } as const;
const ORDERED = { invariant: 'session-order', tier: 1 } as const;
const RISING = { invariant: 'zxid-never-regresses', tier: 1 } as const;
const FIRING = { invariant: 'watches-fire', tier: 1 } as const;

/** By guarantee. */
export const HISTORY_INVARIANTS: { readonly [P in Predicate]: HistoryInvariant } = {
  K1: LINEARIZABLE,
  K2: ORDERED,
  K3: ORDERED,
  K4: RISING,
  K4w: RISING,
  K5: { invariant: 'reads-committed', tier: 1 },
  K6: LINEARIZABLE,
  K7: LINEARIZABLE,
  K8: { invariant: 'acked-writes-survive', tier: 1 },
  K9: { invariant: 'reads-are-recent', tier: 2 },
  K10: { invariant: 'watch-before-data', tier: 1 },
  K11: FIRING,
  K12: FIRING,
  K13: { invariant: 'ephemerals-owned', tier: 1 },
  K14: { invariant: 'sessions-expire-in-time', tier: 2 },
  K15: { invariant: 'sync-is-a-barrier', tier: 1 },
  K16: ORDERED,
  K17: { invariant: 'healed-serves', tier: 2 },
  lin: LINEARIZABLE,
  recipe: { invariant: 'recipes-hold', tier: 1 },
};

/** The invariants of what clients saw for which something was checked; one may rest on several guarantees. */
export function judgedInvariants({ skipped }: Pick<HistorySummary, 'skipped'>): ReadonlySet<string> {
  const checked = Object.entries(HISTORY_INVARIANTS).filter(([predicate]) => !(predicate in skipped));
  return new Set(checked.map(([, { invariant }]) => invariant));
}

/** The invariants of what clients saw for which nothing was checked, each with the reason, by name. */
export function unjudgedInvariants(summary: Pick<HistorySummary, 'skipped'>): ReadonlyMap<string, string> {
  const judged = judgedInvariants(summary);
  const unjudged = new Map<string, string>();
  for (const [predicate, why] of Object.entries(summary.skipped)) {
    const { invariant } = HISTORY_INVARIANTS[predicate as Predicate];
    if (!judged.has(invariant)) unjudged.set(invariant, why);
  }
  return unjudged;
}
