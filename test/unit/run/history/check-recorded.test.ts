import { expect, test } from 'vitest';
import { PREDICATES, type Predicate } from '../../../../src/check/history/predicate.ts';
import { checkRecorded } from '../../../../src/run/history/check-recorded.ts';
import { HISTORY_INVARIANTS } from '../../../../src/run/history/history-invariants.ts';
import { INVARIANTS } from '../../../../src/run/invariants.ts';
import { FAITHFUL_ZNODE_RULES } from '../../../../src/znode/rules.ts';
import { ask, made, ToldHistory, z } from '../../check/client-history/told-history.ts';

test('every guarantee has a name that scenarios may expect to be violated', () => {
  for (const predicate of Object.keys(PREDICATES) as Predicate[])
    expect(INVARIANTS).toContain(HISTORY_INVARIANTS[predicate].invariant);
});

test('a violation names invariant, rule, servers, and when the client was told', () => {
  const told = ToldHistory.two();
  told.write(1, ask.create('/a'), made('/a'), z(3), [10, 20], { path: '/a' });
  told.op(2, ask.exists('/a'), z(3), [30, 50], {}, { error: -101 });
  const [violation, ...others] = checkRecorded(told.history(), { events: 99 }).violations;
  expect(others).toEqual([]);
  expect(violation).toEqual({
    invariant: 'reads-committed',
    tier: 1,
    atUs: 50,
    event: 99,
    servers: [2],
    rule: 'K5 a read did not answer from the state of its zxid',
    message:
      'a read did not answer from the state of its zxid: expected error 0 at 0x100000003, seen -101 (op 1)',
  });
});

test('what a repaired service does not do is no excuse, what ZooKeeper does is one', () => {
  const told = new ToldHistory().conn(1, { role: 'leader' }).conn(2).session(1, z(1)).session(2, z(2));
  told.write(2, ask.create('/a'), made('/a'), z(3), [10, 20], { path: '/a' });
  told.op(1, ask.sync, z(2), [30, 50], { path: '/' });
  const history = told.history();
  expect(checkRecorded(history, { events: 1 }).violations).toMatchObject([
    { invariant: 'sync-is-a-barrier' },
  ]);
  expect(checkRecorded(history, { events: 1, rules: FAITHFUL_ZNODE_RULES }).violations).toEqual([]);
});
