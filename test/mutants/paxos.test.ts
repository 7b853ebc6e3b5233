import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PAXOS_RULES } from '../../src/protocols/paxos/rules.ts';
import { readScenario } from '../../src/run/files.ts';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import { PROFILES } from '../../src/run/fuzz/profile.ts';
import type { Plan } from '../../src/run/plan.ts';
import { startPaxos } from '../../src/run/registry/paxos-world.ts';
import type { StartWorld } from '../../src/run/registry/protocols.ts';
import { simulate } from '../../src/run/simulate.ts';
import { PAXOS_MUTANTS, type PaxosMutant } from './paxos-mutants.ts';

/** Seeds tried from the known one on, for when the code has moved on. */
const TRIES = 100;

function planOf({ plan, protocol = 'paxos' }: PaxosMutant, seed: number): Plan {
  const profile = PROFILES.find((name) => name === plan);
  if (profile !== undefined) return nemesis(seed, { profile, behaviour: [], protocol });
  return { ...readScenario(fileURLToPath(new URL(`../../scenarios/${plan}`, import.meta.url))), seed };
}

/** What is broken in a run with the mistake. */
function broken(mutant: PaxosMutant, seed: number): string[] {
  const rules = { ...PAXOS_RULES, ...mutant.rules };
  const mode = mutant.protocol === undefined ? 'president' : 'leaderless';
  const start: StartWorld = (plan, decisions, witness) =>
    startPaxos(plan, decisions, witness, { rules, mode });
  return simulate(planOf(mutant, seed), { start }).violations.map((violation) => violation.invariant);
}

describe('votes on disks and what clients see give mistakes in Paxos away', () => {
  test.each(PAXOS_MUTANTS)('$name', (mutant) => {
    const seeds = Array.from({ length: TRIES }, (_, i) => mutant.seed + i);
    const seed = seeds.find((candidate) =>
      broken(mutant, candidate).some((name) => mutant.killers.includes(name)),
    );
    expect(seed).toBeDefined();
    expect(simulate(planOf(mutant, seed ?? mutant.seed)).violations).toEqual([]);
  });
});
