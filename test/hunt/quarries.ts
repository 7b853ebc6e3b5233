import { BUGS } from '../../src/run/behaviour.ts';
import type { Mutant } from '../mutants/mutation.ts';
import { OTHER_MUTANTS } from '../mutants/other-mutants.ts';
import { PUBLIC_MUTANTS } from '../mutants/public-mutants.ts';
import { STEP_MUTANTS } from '../mutants/step-mutants.ts';
import { startMutant } from '../mutants/variant.ts';
import type { Quarry } from './hunt.ts';

/** Mutants that break nothing, and why: see `test/mutants/public.test.ts`. */
const HARMLESS: Readonly<Record<string, string>> = {
  M06: 'connections are FIFO, and acks come in order',
  M09: 'a kept vote names its round',
  M25: 'a correct election never prefers a shorter history',
};

/** The bugs of the catalogue. */
export const BUG_QUARRIES: readonly Quarry[] = BUGS.map(({ jira, title, difficulty }) => ({
  name: jira,
  title,
  group: difficulty,
  behaviour: [jira],
}));

/** All mutants; their code is loaded one by one. */
export const MUTANTS: readonly { readonly name: string; readonly group: string; readonly mutant: Mutant }[] =
  [...named(PUBLIC_MUTANTS, 'public'), ...named(OTHER_MUTANTS, 'own'), ...named(STEP_MUTANTS, 'step')];

/** A mutant to be hunted. */
export async function mutantQuarry({ name, group, mutant }: (typeof MUTANTS)[number]): Promise<Quarry> {
  const harmless = HARMLESS[name];
  return {
    name,
    title: mutant.name,
    group,
    behaviour: [],
    start: await startMutant(mutant),
    ...(harmless === undefined ? {} : { harmless }),
  };
}

function named(mutants: Readonly<Record<string, Mutant>>, group: string) {
  return Object.entries(mutants).map(([name, mutant]) => ({ name, group, mutant }));
}
