import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RAFT_RULES } from '../../src/protocols/raft/rules.ts';
import { readScenario } from '../../src/run/files.ts';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import { PROFILES } from '../../src/run/fuzz/profile.ts';
import type { Plan } from '../../src/run/plan.ts';
import { startRaft } from '../../src/run/registry/raft-world.ts';
import { simulate } from '../../src/run/simulate.ts';
import { RAFT_MUTANTS, type RaftMutant } from './raft-mutants.ts';

/** Seeds tried from the known one on, for when the code has moved on. */
const TRIES = 100;

function planOf({ plan }: RaftMutant, seed: number): Plan {
  const profile = PROFILES.find((name) => name === plan);
  if (profile !== undefined) return nemesis(seed, { profile, behaviour: [], protocol: 'raft' });
  return { ...readScenario(fileURLToPath(new URL(`../../scenarios/${plan}`, import.meta.url))), seed };
}

/** What is broken in a run with the mistake. */
function broken(mutant: RaftMutant, seed: number): string[] {
  const rules = { ...RAFT_RULES, ...mutant.rules };
  const start: typeof startRaft = (plan, decisions, witness) => startRaft(plan, decisions, witness, rules);
  const { violations, unmet } = simulate(planOf(mutant, seed), { start });
  return [...violations.map((violation) => violation.invariant), ...unmet.map(({ expect: key }) => key)];
}

describe('the monitors that watch over ZAB find mistakes in Raft', () => {
  test.each(RAFT_MUTANTS)('$name', (mutant) => {
    const seeds = Array.from({ length: TRIES }, (_, i) => mutant.seed + i);
    const seed = seeds.find((candidate) =>
      broken(mutant, candidate).some((name) => mutant.killers.includes(name)),
    );
    expect(seed).toBeDefined();
    const fixed = simulate(planOf(mutant, seed ?? mutant.seed));
    expect(fixed.violations).toEqual([]);
  });
});
