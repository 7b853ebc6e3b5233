import { PAXOS_RULES } from '../../src/protocols/paxos/rules.ts';
import { RAFT_RULES } from '../../src/protocols/raft/rules.ts';
import { BUGS } from '../../src/run/behaviour.ts';
import { startPaxos } from '../../src/run/registry/paxos-world.ts';
import type { StartWorld } from '../../src/run/registry/protocols.ts';
import { startRaft } from '../../src/run/registry/raft-world.ts';
import { OTHER_MUTANTS } from '../mutants/other-mutants.ts';
import { PAXOS_MUTANTS } from '../mutants/paxos-mutants.ts';
import { PUBLIC_MUTANTS } from '../mutants/public-mutants.ts';
import { RAFT_MUTANTS } from '../mutants/raft-mutants.ts';
import { REQUEST_MUTANTS } from '../mutants/request-mutants.ts';
import { loadService, startService } from '../mutants/service-harness.ts';
import { SERVICE_MUTANTS } from '../mutants/service-mutants.ts';
import { STEP_MUTANTS } from '../mutants/step-mutants.ts';
import { startMutant } from '../mutants/variant.ts';
import type { Quarry } from './hunt.ts';

/** Mutants that break nothing, and why: see `test/mutants/public.test.ts`. */
const HARMLESS: Readonly<Record<string, string>> = {
  M06: 'connections are FIFO, and acks come in order',
  M09: 'a kept vote names its round',
  M25: 'a correct election never prefers a shorter history',
};

/**
 * What shows in single steps: in what it comes to it is harmless, or nearly. ZOOKEEPER-1324 makes a learner
 * ack NEWLEADER twice, which is nothing for a leader that has its quorum.
 */
const BY_STEPS: readonly string[] = [
  'ZOOKEEPER-1324',
  ...['welcomesTwice', 'acksTwice', 'roundStartsAnew', 'leadsForOthers', 'claimsMore', 'claimsNextEpoch'],
  'forgetsEpoch',
  'followsBehindPromise',
];

/** The bugs of the catalogue. */
export const BUG_QUARRIES: readonly Quarry[] = BUGS.map(({ jira, title, difficulty }) => ({
  name: jira,
  title,
  group: difficulty,
  behaviour: [jira],
  ...(BY_STEPS.includes(jira) ? { tier: 3 } : {}),
}));

/** A mutant whose code is not there yet. */
interface Unloaded {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly load: () => Promise<StartWorld>;
}

/** All mutants; their code is loaded one by one. */
export const MUTANTS: readonly Unloaded[] = [
  ...unloaded(PUBLIC_MUTANTS, 'public', startMutant),
  ...unloaded(OTHER_MUTANTS, 'own', startMutant),
  ...unloaded(STEP_MUTANTS, 'step', startMutant),
  ...unloaded({ ...SERVICE_MUTANTS, ...REQUEST_MUTANTS }, 'service', async (mutant) =>
    startService(await loadService(mutant)),
  ),
];

/** A mutant to be hunted. */
export async function mutantQuarry({ name, title, group, load }: Unloaded): Promise<Quarry> {
  const harmless = HARMLESS[name];
  return {
    name,
    title,
    group,
    behaviour: [],
    start: await load(),
    ...(BY_STEPS.includes(name) ? { tier: 3 } : {}),
    ...(harmless === undefined ? {} : { harmless }),
  };
}

const RANDOM_PAXOS = PAXOS_MUTANTS.filter(({ plan }) => !plan.endsWith('.yaml'));

/** Mistakes in Paxos and in Raft, P01 and R01 onwards in the order of their tables. */
export const PROTOCOL_QUARRIES: readonly Quarry[] = [
  ...RANDOM_PAXOS.map(({ name: title, rules, protocol = 'paxos' }, place): Quarry => {
    const mode = protocol === 'paxos' ? 'president' : 'leaderless';
    const start: StartWorld = (plan, decisions, witness) =>
      startPaxos(plan, decisions, witness, { mode, rules: { ...PAXOS_RULES, ...rules } });
    return { name: numbered('P', place), title, group: 'paxos', behaviour: [], protocol, start };
  }),
  ...RAFT_MUTANTS.filter(({ plan }) => plan === 'all').map(({ name: title, rules }, place): Quarry => {
    const start: StartWorld = (plan, decisions, witness) =>
      startRaft(plan, decisions, witness, { ...RAFT_RULES, ...rules });
    return { name: numbered('R', place), title, group: 'raft', behaviour: [], protocol: 'raft', start };
  }),
];

function numbered(letter: string, place: number): string {
  return `${letter}${String(place + 1).padStart(2, '0')}`;
}

function unloaded<M extends { readonly name: string }>(
  mutants: Readonly<Record<string, M>>,
  group: string,
  start: (mutant: M) => Promise<StartWorld>,
): Unloaded[] {
  return Object.entries(mutants).map(([name, mutant]) => ({
    name,
    title: mutant.name,
    group,
    load: () => start(mutant),
  }));
}
