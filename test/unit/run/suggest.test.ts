import { expect, test } from 'vitest';
import { suggest } from '../../../src/run/suggest.ts';

const BUGS = ['ZOOKEEPER-962', 'ZOOKEEPER-2099', 'ZOOKEEPER-2845', '3.8.0', 'fixed'];

test.each([
  ['fixd', 'fixed'],
  ['zookeeper2845', 'ZOOKEEPER-2845'],
  ['ZOOKEEPER-2854', 'ZOOKEEPER-2845'],
  ['ZOOKEPER-2844', 'ZOOKEEPER-2845'],
  ['3.8', '3.8.0'],
])('%s was meant to be %s', (word, meant) => {
  expect(suggest(word, BUGS)).toBe(meant);
});

test.each(['ZOOKEEPER-9999', 'ZOOKEEPER-1', '9.9.9'])('%s is another number, no misspelt one', (word) => {
  expect(suggest(word, BUGS)).toBeUndefined();
});
