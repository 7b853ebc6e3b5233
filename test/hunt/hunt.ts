import { withLastingStalls } from '../../src/run/fuzz/lasting-stalls.ts';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import type { StartWorld } from '../../src/run/registry/protocols.ts';
import { MOST_EVENTS, RunawayError } from '../../src/run/settled.ts';
import { simulate } from '../../src/run/simulate.ts';

/** Something to be found: a bug to be switched on, or a mutant whose code is there. */
export interface Quarry {
  readonly name: string;
  /** What the servers do wrong. */
  readonly title: string;
  /** `D1` to `D4`, or the kind of mutant. */
  readonly group: string;
  readonly behaviour: readonly string[];
  /** What its servers run; ZAB if absent. */
  readonly protocol?: string;
  /** Makes the world of a mutant. */
  readonly start?: StartWorld;
  /** What counts as found: a broken invariant of this tier, or of a lower one; 2 if absent. */
  readonly tier?: 2 | 3;
  /** Why it cannot be found, if that is so: a control, on which an alarm would be false. */
  readonly harmless?: string;
}

/** What came of a hunt through one range of seeds. */
export interface Hunt {
  readonly found: boolean;
  /** Runs, the one that found it included. */
  readonly runs: number;
  /** CPU time of the process, user and system, in ms. */
  readonly cpuMs: number;
  readonly events: number;
  /** The invariant that broke first, of a tier that counts; empty: none. */
  readonly invariant: string;
  readonly seed: number;
}

/** Runs random plans with the seeds from `from` on, until a run breaks what counts or the time is over. */
export function hunt(quarry: Quarry, from: number, capMs: number): Hunt {
  const { behaviour, start, protocol, tier: most = 2 } = quarry;
  const began = process.cpuUsage();
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  let events = 0;
  for (let runs = 1; ; runs++) {
    const seed = from + runs - 1;
    const plan = nemesis(seed, {
      profile: 'all',
      behaviour,
      ...(protocol === undefined ? {} : { protocol }),
    });
    let broken: string | undefined;
    try {
      const code = start === undefined ? {} : { start };
      const outcome = simulate(plan, { untilSettled: true, untilTier: most, ...code });
      events += outcome.events;
      const { violations, stalls } = withLastingStalls(plan, outcome, (longer) =>
        simulate(longer, { mostEvents: MOST_EVENTS, ...code }),
      );
      broken = [...violations, ...stalls].find(({ tier }) => tier <= most)?.invariant;
    } catch (error) {
      // What a mutant has done to the servers may end in code that cannot go on; else that is our own defect.
      if (start === undefined && !(error instanceof RunawayError)) throw error;
      broken = 'an exception';
    }
    const spentMs = Math.round(cpuMs());
    if (broken !== undefined) return { found: true, runs, cpuMs: spentMs, events, invariant: broken, seed };
    if (spentMs >= capMs) return { found: false, runs, cpuMs: spentMs, events, invariant: '', seed };
  }
}
