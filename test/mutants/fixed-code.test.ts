import { expect, test } from 'vitest';
import { FIXED_RULES } from '../../src/protocols/zab/rules.ts';
import { findings } from './killing.ts';
import { load, patchedText } from './mutation.ts';
import { randomPlan } from './nemesis.ts';

test('the judges find nothing in the code as it is, whatever the nemesis does', () => {
  expect(findings(randomPlan, { first: 0, limit: 150 })).toEqual([]);
});

test('a patched copy of the protocol that changes nothing behaves like the code as it is', async () => {
  const patches = [{ file: 'zab.ts', find: "name: 'zab',", put: "name: 'zab',\n" }];
  const loaded = await load({ name: 'nothing is changed', patches });
  expect(findings(randomPlan, { first: 0, limit: 10 }, loaded)).toEqual([]);
});

test('a patch whose text is not there fails', () => {
  const patch = { file: 'a.ts', find: 'b', put: 'c' };
  expect(() => patchedText('a', patch)).toThrow('the source has changed');
});

test('a patch whose text is there twice fails', () => {
  const patch = { file: 'a.ts', find: 'b', put: 'c' };
  expect(() => patchedText('a b b', patch)).toThrow('the source has changed');
});

test('a patch of what the rules are made of reaches the rules', async () => {
  const patches = [
    { file: 'sync.ts', find: 'export function chooseSync(', put: 'export function chooseSync(' },
  ];
  const { rules } = await load({ name: 'nothing is changed', patches });
  expect(rules.chooseSync).toBeTypeOf('function');
  expect(rules.chooseSync).not.toBe(FIXED_RULES.chooseSync);
});

test('a patch that would have no effect fails', async () => {
  const patches = [{ file: 'language.ts', find: 'zabLanguage', put: 'zabLanguage' }];
  await expect(load({ name: 'nothing is changed', patches })).rejects.toThrow('has no effect');
});
