import type { LeaderTerm } from '../run/outcome.ts';

/** How long the phases of a term took, in µs; −1 for a phase that did not happen or did not end. */
export interface Phases {
  /** From when the winner last began to look for a leader, to its election. */
  readonly electionUs: number;
  /** From the election to the establishment: discovery and synchronization. */
  readonly recoveryUs: number;
}

/** The phases of a term. */
export function phasesOf(term: LeaderTerm): Phases {
  return {
    electionUs: term.lookingAtUs < 0 ? -1 : term.electedAtUs - term.lookingAtUs,
    recoveryUs: term.establishedAtUs < 0 ? -1 : term.establishedAtUs - term.electedAtUs,
  };
}
