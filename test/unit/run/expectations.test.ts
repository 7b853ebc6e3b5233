import { expect, test } from 'vitest';
import { nodeId } from '../../../src/node/ids.ts';
import { type Achieved, unmetOf } from '../../../src/run/expectations.ts';
import type { Comparison, Expectations } from '../../../src/run/plan.ts';

const NOTHING: Expectations = {
  verdict: 'passed',
  violates: undefined,
  leader: undefined,
  epoch: undefined,
  roles: new Map(),
  elections: undefined,
  commits: undefined,
  unavailableUs: undefined,
  checkpoints: [],
};

const PASSED: Achieved = {
  verdict: 'passed',
  violated: [],
  elections: 2,
  commits: 200,
  unavailableUs: 1_500_000,
  end: {
    atUs: 60_000_000,
    leader: nodeId(3),
    epoch: 2,
    roles: new Map([
      [nodeId(1), 'following'],
      [nodeId(3), 'leading'],
    ]),
  },
  checkpoints: [{ atUs: 9_000_000, leader: 'none', epoch: 1, roles: new Map() }],
  unfired: [],
};

function bound(text: string, operator: Comparison['operator'], value: number): Comparison {
  return { operator, value, text };
}

test('a passed run meets a scenario that expects nothing', () => {
  expect(unmetOf(NOTHING, PASSED)).toEqual([]);
});

test.each<[string, Partial<Expectations>, Partial<Achieved>, object[]]>([
  [
    'a violation that was not expected',
    {},
    { verdict: 'violated', violated: ['agreement'] },
    [{ expect: 'verdict', wanted: 'passed', got: 'violated', atUs: 60_000_000 }],
  ],
  [
    'the expected violation',
    { verdict: 'violated', violates: 'agreement' },
    { verdict: 'violated', violated: ['agreement'] },
    [],
  ],
  [
    'another violation than the expected',
    { verdict: 'violated', violates: 'integrity' },
    { verdict: 'violated', violated: ['agreement', 'total-order'] },
    [{ expect: 'violates', wanted: 'integrity', got: 'agreement, total-order' }],
  ],
  ['another leader', { leader: nodeId(2) }, {}, [{ expect: 'leader', wanted: '2', got: '3' }]],
  ['a leader where none is wanted', { leader: 'none' }, {}, [{ expect: 'leader', wanted: 'none', got: '3' }]],
  ['another epoch', { epoch: 3 }, {}, [{ expect: 'epoch', wanted: '3', got: '2' }]],
  [
    'other roles, and a server that does not run',
    {
      roles: new Map([
        [nodeId(3), 'following'],
        [nodeId(2), 'looking'],
      ]),
    },
    {},
    [
      { expect: 'roles.2', wanted: 'looking', got: 'stopped' },
      { expect: 'roles.3', wanted: 'following', got: 'leading' },
    ],
  ],
  ['a number that is met', { elections: bound('2', '=', 2), commits: bound('>= 200', '>=', 200) }, {}, []],
  [
    'a bound that is missed',
    { commits: bound('> 200', '>', 200) },
    {},
    [{ expect: 'commits', wanted: '> 200', got: '200' }],
  ],
  [
    'a span that is too long',
    { unavailableUs: bound('< 1s', '<', 1_000_000) },
    {},
    [{ expect: 'unavailable', wanted: '< 1s', got: '1500ms' }],
  ],
  [
    'a checkpoint that is missed, at its own time',
    { checkpoints: [{ atUs: 9_000_000, leader: nodeId(3), epoch: 1, roles: new Map() }] },
    {},
    [{ expect: 'checkpoints[0].leader', wanted: '3', got: 'none', atUs: 9_000_000 }],
  ],
  [
    'a fault that never fired',
    {},
    { unfired: [{ name: 'fault 2', why: 'trigger' }] },
    [{ expect: 'faults', wanted: 'fault 2 fires', got: 'its trigger never came' }],
  ],
  [
    'a fault whose selector found nobody, and one that waits for it',
    {},
    {
      unfired: [
        { name: 'fault 2', why: { selector: 'leader', atUs: 5_000_000 } },
        { name: 'fault 3', why: 'before' },
      ],
    },
    [
      {
        expect: 'faults',
        wanted: 'fault 2 fires',
        got: 'when its trigger came, at 5s, there was no leader',
        atUs: 5_000_000,
      },
      { expect: 'faults', wanted: 'fault 3 fires', got: 'the fault before it never fired' },
    ],
  ],
])('%s', (_name, wanted, got, unmet) => {
  const found = unmetOf({ ...NOTHING, ...wanted }, { ...PASSED, ...got });
  expect(found).toHaveLength(unmet.length);
  expect(found).toMatchObject(unmet);
});
