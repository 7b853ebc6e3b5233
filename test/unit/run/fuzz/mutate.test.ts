import { expect, test } from 'vitest';
import { cook } from '../../../../src/run/fuzz/recipe.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { writeScenario } from '../../../../src/run/scenario-writer.ts';
import { simulate } from '../../../../src/run/simulate.ts';

const SETTINGS = { profile: 'all', behaviour: [], seed: 1 } as const;

test('copies of random plans differ from them, are scenarios, and heal in the end', () => {
  for (let seed = 0; seed < 60; seed++) {
    const parent = cook({ seed, ancestors: [] }, SETTINGS);
    const copy = cook({ seed: seed + 1000, ancestors: [seed] }, SETTINGS);
    const text = writeScenario(copy);
    expect(writeScenario(cook({ seed: seed + 1000, ancestors: [seed] }, SETTINGS))).toBe(text);
    expect(writeScenario({ ...copy, seed, title: parent.title })).not.toBe(writeScenario(parent));
    expect(writeScenario(parseScenario(text))).toBe(text);
    const verbs = ({ faults }: typeof copy) => faults.slice(-3).map(({ action }) => action.verb);
    if (verbs(parent).includes('resume')) expect(verbs(copy)).toEqual(['heal', 'resume', 'start']);
  }
});

test('copies of copies of random plans do not fail', () => {
  for (let seed = 0; seed < 20; seed++) {
    const ancestors = [seed, seed + 100, seed + 200, seed + 300];
    const { verdict } = simulate(cook({ seed: seed + 400, ancestors }, SETTINGS), { untilSettled: true });
    expect([seed, verdict]).toEqual([seed, 'passed']);
  }
});

test('a disk is damaged only at the moment at which its server goes down, in copies of copies too', () => {
  let damages = 0;
  for (let seed = 0; seed < 1500; seed++) {
    const { faults } = cook({ seed: seed + 9000, ancestors: [seed, seed + 3000, seed + 6000] }, SETTINGS);
    for (const [i, { action, trigger }] of faults.entries()) {
      if (action.verb !== 'corrupt' && action.verb !== 'wipe') continue;
      damages++;
      const before = faults[i - 1];
      expect(before?.action).toMatchObject({
        verb: 'powerCut',
        servers: 'server' in action ? action.server : action.servers,
      });
      expect(before?.trigger).toEqual(trigger);
    }
  }
  expect(damages).toBeGreaterThan(20);
});
