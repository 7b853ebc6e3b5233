import { expect, test } from 'vitest';
import { Digest } from '../../../src/core/digest.ts';
import type { Fact } from '../../../src/node/facts.ts';
import { FREQUENT_FACTS, foldFact } from '../../../src/node/fold-facts.ts';

const numbers = { server: 1, leader: 2, zxid: 3, digest: 4, state: 5, cxid: 6, via: 7, outcome: 'ok' };

test.each(Object.entries(FREQUENT_FACTS))(
  '%s is told by the number %i, by which it is handed on',
  (kind, number) => {
    expect(foldFact({ kind, ...numbers } as unknown as Fact, new Digest())).toBe(number);
  },
);

test('any other fact has no number', () => {
  const looking = { kind: 'looking', ...numbers, electionEpoch: 1, peerEpoch: 1 } as unknown as Fact;
  expect(foldFact(looking, new Digest())).toBe(0);
});
