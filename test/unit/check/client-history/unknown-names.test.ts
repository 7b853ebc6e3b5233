import { expect, test } from 'vitest';
import { IndexedHistory } from '../../../../src/check/history/indexed-history.ts';
import { UnknownNames } from '../../../../src/check/history/linear/unknown-names.ts';
import { ask, ToldHistory, z } from './told-history.ts';
import { at } from './told-steps.ts';

const sequential = ask.create('/a/n', { mode: 'persistent-sequential' });

/** A sequential create without an answer, and later one that made the first name. */
function twoCreates(between: (told: ToldHistory) => ToldHistory = (told) => told): UnknownNames {
  const told = ToldHistory.two().op(1, ask.create('/a'), z(3), at(10)).op(1, sequential, -1, at(20));
  between(told).op(2, sequential, z(6), at(50), { path: '/a/n0000000000' });
  return new UnknownNames(new IndexedHistory(told.history()));
}

test('a name that an answered create made, no create without an answer has made', () => {
  expect(twoCreates().has('/a/n0000000000')).toBe(false);
  expect(twoCreates().has('/a/n0000000001')).toBe(true);
});

test('where the parent was made anew, numbers begin anew, and both may have made it', () => {
  const anew = (outcome: number) =>
    twoCreates((told) => told.op(2, ask.remove('/a'), outcome, at(30)).op(2, ask.create('/a'), z(5), at(40)));
  expect(anew(z(4)).has('/a/n0000000000')).toBe(true);
  expect(anew(-1).has('/a/n0000000000')).toBe(true);
});
