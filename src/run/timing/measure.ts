import type { TraceEvent } from '../../node/facts.ts';
import type { Witness } from '../../sim/profile.ts';
import type { Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { quorumsOf } from '../quorums-of.ts';
import { simulate } from '../simulate.ts';
import { CLIENT_KINDS, ClientTimings } from './client-timings.ts';
import { ENSEMBLE_KINDS, EnsembleTimings, overlapsOf } from './ensemble-timings.ts';
import type { Sample } from './measures.ts';
import { STALE_READ_KINDS, StaleReads } from './stale-reads.ts';

/** A run and its timings. */
export interface Measured {
  readonly outcome: Outcome;
  /** In the order in which they were complete. */
  readonly samples: readonly Sample[];
}

/** Runs a plan and measures it. Pure, as `simulate` is. */
export function measure(plan: Plan, seed: number): Measured {
  const ensemble = new EnsembleTimings(quorumsOf(plan.ensemble));
  const clients = new ClientTimings();
  const stale = new StaleReads();
  const outcome = simulate(plan, {
    seed,
    witnesses: [
      reader(ENSEMBLE_KINDS, ensemble),
      reader(CLIENT_KINDS, clients),
      reader(STALE_READ_KINDS, stale),
    ],
  });
  const overlaps = overlapsOf(outcome.leaders, outcome.virtualUs);
  const samples = [
    ...ensemble.samples,
    ...clients.samples(outcome.virtualUs),
    ...overlaps,
    ...stale.samples(overlaps.length > 0),
    ...wholeRun(outcome),
  ];
  return { outcome, samples: samples.sort((a, b) => a.atUs - b.atUs) };
}

function wholeRun({ leaders, unavailableUs, virtualUs }: Outcome): readonly Sample[] {
  const established = leaders.filter((term) => term.establishedAtUs >= 0).length;
  return [
    { measure: 'unavailable', value: unavailableUs, atUs: virtualUs, server: 0 },
    { measure: 'leaders', value: established, atUs: virtualUs, server: 0 },
  ];
}

function reader(kinds: readonly TraceEvent['kind'][], to: Pick<Witness, 'observe'>): Witness {
  const wanted = new Set(kinds);
  return { wants: (kind) => wanted.has(kind), observe: (event, moment) => to.observe(event, moment) };
}
