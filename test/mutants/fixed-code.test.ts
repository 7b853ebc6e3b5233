import { expect, test } from 'vitest';
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
