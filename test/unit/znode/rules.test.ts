import { describe, expect, test } from 'vitest';
import { anyone, PERMS } from '../../../src/znode/acl.ts';
import { limitsPath, statsPath } from '../../../src/znode/quota.ts';
import { FAITHFUL_ZNODE_RULES, FIXED_ZNODE_RULES, type ZnodeRules } from '../../../src/znode/rules.ts';
import { ask, BOB, Leader, nameOfResult } from './bench.ts';

/** A leader whose rules are ours but for this one. */
function withRule(rule: Partial<ZnodeRules>): Leader {
  return new Leader({ rules: { ...FIXED_ZNODE_RULES, ...rule }, enforceQuota: true });
}

interface Anomaly {
  readonly rule: Partial<ZnodeRules>;
  readonly run: (leader: Leader) => readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

const { closeLowersChildCounts, pendingPath, pendingCversion, quotaCountsPending } = FAITHFUL_ZNODE_RULES;
const { rollbackIsExact, pendingOwnerIsExact, clientsMayReap } = FAITHFUL_ZNODE_RULES;

const anomalies: [string, Anomaly][] = [
  [
    'deleting the parent right behind the close of the session that owned its child',
    {
      rule: { closeLowersChildCounts },
      run: (leader) => {
        leader.do(ask.create('/p'));
        leader.do(ask.create('/p/e', 1), { session: BOB });
        leader.prepare({ kind: 'closeSession' }, { session: BOB });
        return leader.pipelined(ask.delete('/p'));
      },
      ours: ['sessionClosed', 'deleted /p'],
      theirs: ['sessionClosed', 'NOTEMPTY'],
    },
  ],
  [
    'creating below the root right behind a setACL of the root',
    {
      rule: { pendingPath },
      run: (leader) => leader.pipelined(ask.setAcl('/', [anyone(PERMS.READ)]), ask.create('/x')),
      ours: ['aclSet /', 'NOAUTH'],
      theirs: ['aclSet /', 'created /x'],
    },
  ],
  [
    'writing right behind the setACL that forbids it',
    {
      rule: { setAclBindsAtOnce: false },
      run: (leader) => {
        leader.do(ask.create('/x'));
        return leader.pipelined(ask.setAcl('/x', [anyone(PERMS.READ)]), ask.setData('/x'));
      },
      ours: ['aclSet /x', 'NOAUTH'],
      theirs: ['aclSet /x', 'dataSet /x'],
    },
  ],
  [
    'creating sequential nodes at the end of the counter',
    {
      rule: { pendingCversion },
      run: (leader) => {
        leader.do(ask.create('/p'));
        const stat = { ...leader.store.tree.get('/p')?.stat, cversion: 2147483646 };
        leader.store.tree.put('/p', null, [anyone(PERMS.ALL)], stat as never);
        const verdicts = leader.pipelined(...Array.from({ length: 4 }, () => ask.create('/p/', 2)));
        return [...verdicts, leader.verdict(ask.create('/p/', 2))];
      },
      ours: ['created /p/2147483646', 'created /p/2147483647', 'NODEEXISTS', 'NODEEXISTS', 'NODEEXISTS'],
      theirs: [
        'created /p/2147483646',
        'created /p/2147483647',
        'created /p/-2147483648',
        'created /p/-2147483647',
        'NODEEXISTS',
      ],
    },
  ],
  [
    'creating two nodes at once where a quota leaves room for one',
    {
      rule: { quotaCountsPending },
      run: (leader) => {
        for (const path of ['/q', '/zookeeper/quota/q']) leader.do(ask.create(path));
        leader.do(ask.create(limitsPath('/q'), 0, { data: 'count=-1,bytes=-1=;countHardLimit=2' }));
        leader.do(ask.create(statsPath('/q'), 0, { data: 'count=0,bytes=0' }));
        return leader.pipelined(ask.create('/q/a'), ask.create('/q/b'));
      },
      ours: ['created /q/a', 'QUOTAEXCEEDED'],
      theirs: ['created /q/a', 'created /q/b'],
    },
  ],
  [
    'a failed multi whose sequential node has the name of one that is going',
    {
      rule: { rollbackIsExact },
      run: (leader) => {
        leader.do(ask.create('/p'));
        leader.do(ask.create('/p/0000000001'));
        leader.prepare(ask.delete('/p/0000000001'));
        leader.prepare(ask.multi(ask.create('/p/', 2), ask.delete('/missing')));
        return leader.pipelined(ask.create('/p/0000000001'));
      },
      ours: ['deleted /p/0000000001', 'OK NONODE', 'created /p/0000000001'],
      theirs: ['deleted /p/0000000001', 'OK NONODE', 'NODEEXISTS'],
    },
  ],
  [
    'a child of a container that was made with the flag of an ephemeral node',
    {
      rule: { pendingOwnerIsExact },
      run: (leader) => leader.pipelined(ask.container('/c', 1), ask.create('/c/x')),
      ours: ['created /c', 'created /c/x'],
      theirs: ['created /c', 'NOCHILDRENFOREPHEMERALS'],
    },
  ],
  [
    'a client that sends deleteContainer',
    {
      rule: { clientsMayReap },
      run: (leader) => {
        leader.do(ask.create('/mine', 0, { acl: [anyone(0)] }));
        return [leader.verdict(ask.reap('/mine'), { session: 'dead' })];
      },
      ours: ['BADARGUMENTS'],
      theirs: ['deleted /mine'],
    },
  ],
];

describe.each(anomalies)('%s', (_name, { rule, run, ours, theirs }) => {
  test('is judged by the transactions before it', () => {
    expect(run(withRule({}))).toEqual(ours);
  });

  test('shows the anomaly under the faithful rule', () => {
    expect(run(withRule(rule))).toEqual(theirs);
  });
});

test('a replayed delete leaves the children of a later node in the way, under the faithful rule', () => {
  for (const replayRemovesWholly of [true, false]) {
    const leader = withRule({ replayRemovesWholly });
    const txns = [ask.create('/p'), ask.delete('/p'), ask.create('/p'), ask.create('/p/x')].map((request) =>
      leader.prepare(request),
    );
    leader.apply();
    // The snapshot was begun before these four, and saw all they did.
    const again = txns.map((txn, i) => nameOfResult(leader.store.apply(txn, (4294967299 + i) as never)));
    expect(again.at(-1)).toBe(replayRemovesWholly ? 'created /p/x' : 'NODEEXISTS');
    expect(leader.children('/p')).toEqual(replayRemovesWholly ? ['x'] : []);
  }
});

test('the rules cannot be changed by accident', () => {
  expect([FIXED_ZNODE_RULES, FAITHFUL_ZNODE_RULES].every((rules) => Object.isFrozen(rules))).toBe(true);
});
