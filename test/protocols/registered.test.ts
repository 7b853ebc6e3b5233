import { expect, test } from 'vitest';
import { PROTOCOL_NAMES } from '../../src/run/registry/protocols.ts';
import { CASES, protocolCases, type Skips } from './protocol-cases.ts';

const NOBODY_LEADS = 'nobody leads: every decree has a ballot of its own';
const LEADERLESS: Skips = {
  elects: NOBODY_LEADS,
  tree: 'nobody leads who could watch over sessions: the servers keep a counter',
  'leader-crash': NOBODY_LEADS,
  minority: 'without a leader there is no span of unavailability to measure',
  'majority-lost': 'without a leader there is no span of unavailability to measure',
  observers: 'without a leader there is no span of unavailability to measure',
};
const DUELS = 'several proposers may duel for ever, if all wait equally long';

/** By protocol: the cases that it is not held to, each with the reason. */
const SKIPS: Readonly<Record<string, Skips>> = {
  'paxos-leaderless': LEADERLESS,
  'paxos-duel': {
    ...LEADERLESS,
    answers: DUELS,
    heals: DUELS,
    'power-cut': DUELS,
    late: DUELS,
    loss: DUELS,
    'slow-disk': DUELS,
  },
};

for (const name of PROTOCOL_NAMES) protocolCases(name, SKIPS[name] ?? {});

test('no protocol is let off that is not there, or from all', () => {
  for (const [name, skips] of Object.entries(SKIPS)) {
    expect(PROTOCOL_NAMES).toContain(name);
    expect(Object.keys(skips).length).toBeLessThan(CASES.length);
  }
});
