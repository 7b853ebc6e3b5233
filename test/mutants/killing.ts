import { type Judgement, judged, type MutantPlan } from './harness.ts';
import { type LoadedMutant, load, type Mutant } from './mutation.ts';

/** How a mutant was killed. */
export interface Kill {
  readonly seed: number;
  /** What the judges say of the run with the mistake. */
  readonly mutant: Judgement;
  /** What they say of the same run without it. */
  readonly fixed: Judgement;
}

/** Which seeds are tried: the first is known to do; the others are for when the code has moved on. */
export interface Seeds {
  readonly first: number;
  readonly limit: number;
}

/** Looks for a run that `kills` accepts; undefined: the mutant outlives all seeds. */
export async function killed(
  mutant: Mutant,
  plan: (seed: number) => MutantPlan,
  seeds: Seeds,
  kills: (broken: readonly string[]) => boolean,
): Promise<Kill | undefined> {
  const loaded = await load(mutant);
  const { first, limit } = seeds;
  for (let tried = 0; tried < limit; tried++) {
    const seed = first + tried;
    const found = judged(plan(seed), loaded);
    if (kills(found.broken)) return { seed, mutant: found, fixed: judged(plan(seed)) };
  }
  return undefined;
}

/** What the judges find in the runs of a random plan with these seeds, one line each. */
export function findings(plan: (seed: number) => MutantPlan, seeds: Seeds, loaded?: LoadedMutant): string[] {
  const lines: string[] = [];
  for (let seed = seeds.first; seed < seeds.first + seeds.limit; seed++) {
    const { violations, stalls } = judged(plan(seed), loaded);
    for (const { invariant, rule, message } of [...violations, ...stalls]) {
      lines.push(`seed ${seed}: ${invariant}: ${rule}: ${message}`);
    }
  }
  return lines;
}
