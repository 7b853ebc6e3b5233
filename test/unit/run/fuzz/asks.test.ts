import { expect, test } from 'vitest';
import { nodeId } from '../../../../src/node/ids.ts';
import { withoutFrailVoters } from '../../../../src/run/fuzz/changes.ts';
import { nemesis } from '../../../../src/run/fuzz/nemesis.ts';
import { cook } from '../../../../src/run/fuzz/recipe.ts';
import { at } from '../../../../src/run/fuzz/script.ts';
import { resolvePlan } from '../../../../src/run/fuzz/shrink/resolve-plan.ts';
import type { Plan } from '../../../../src/run/plan.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { writeScenario } from '../../../../src/run/scenario-writer.ts';
import { simulate } from '../../../../src/run/simulate.ts';
import type { Action, Fault } from '../../../../src/sim/fault.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);
const OPTIONS = { profile: 'all', behaviour: [] } as const;

function asks({ faults }: Plan) {
  return faults.filter(({ action }) => action.verb === 'ask');
}

test('only servers that know what they are asked for are asked, in copies of plans too', () => {
  const count = (protocol: string) => {
    const drawn = SEEDS.map((seed) => nemesis(seed, { ...OPTIONS, protocol }));
    const copies = SEEDS.map((seed) => {
      const ancestors = [seed, seed + 100, seed + 200];
      return cook({ seed: seed + 1000, ancestors }, { ...OPTIONS, protocol, seed: 1 });
    });
    return [...drawn, ...copies].reduce((sum, plan) => sum + asks(plan).length, 0);
  };
  expect(count('zab')).toBe(0);
  expect(count('paxos')).toBe(0);
  expect(count('raft')).toBeGreaterThan(40);
});

test('a plan that asks is a scenario, and stays the same where it is resolved', () => {
  let hits = 0;
  for (const seed of SEEDS) {
    const plan = nemesis(seed, { ...OPTIONS, protocol: 'raft' });
    if (asks(plan).length === 0) continue;
    expect(writeScenario(parseScenario(writeScenario(plan)))).toBe(writeScenario(plan));
    const outcome = simulate(plan);
    const resolved = resolvePlan(plan, outcome);
    for (const { action } of asks(resolved)) {
      if (action.verb !== 'ask') continue;
      hits++;
      expect([...action.server, ...(action.subject ?? [])].every(Number.isInteger)).toBe(true);
    }
  }
  expect(hits).toBeGreaterThan(5);
});

test('servers come and go where they know how, and nobody gets a vote whose disk is wiped', () => {
  const words = (protocol: string) =>
    SEEDS.flatMap((seed) => asks(nemesis(seed, { ...OPTIONS, protocol }))).map(({ action }) =>
      action.verb === 'ask' ? action.request : '',
    );
  for (const word of ['hand-over', 'add-voter', 'remove-voter']) {
    expect(words('raft').filter((other) => other === word).length).toBeGreaterThan(10);
  }
  const wiped: Fault = faultOf({ verb: 'wipe', servers: [nodeId(4)] });
  const subject = [nodeId(4)];
  const added = faultOf({ verb: 'ask', server: ['leader'], request: 'add-voter', subject });
  const removed = faultOf({ verb: 'ask', server: ['leader'], request: 'remove-voter', subject });
  expect(withoutFrailVoters([added, removed])).toEqual([added, removed]);
  expect(withoutFrailVoters([added, wiped, removed])).toEqual([wiped, removed]);
});

function faultOf(action: Action): Fault {
  return { name: action.verb, trigger: at(1), optional: false, forUs: undefined, action };
}
