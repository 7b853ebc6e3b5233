import { describe, expect, test } from 'vitest';
import { NO_SESSION } from '../../../src/node/ids.ts';
import { type Acl, anyone, PERMS } from '../../../src/znode/acl.ts';
import type { Caller, WriteOperation } from '../../../src/znode/requests.ts';
import { ALICE, ask, BOB, digestOf, Leader } from './bench.ts';

const CLOSED: Acl = [{ perms: PERMS.ALL, scheme: 'digest', id: 'root:x' }];
const ROOT = { ids: [digestOf('root:x')] };
const LISTING: Acl = [anyone(PERMS.READ)];

/**
 * `/plain` with a child, `/eph` of ALICE, `/box` a container, `/ttl`, `/shut` for root only, with a child.
 */
function forest(): Leader {
  const leader = new Leader();
  for (const request of [
    ask.create('/plain'),
    ask.create('/plain/child'),
    ask.create('/eph', 1),
    ask.container('/box'),
    ask.ttl('/ttl', 5000),
    ask.create('/listed', 0, { acl: LISTING }),
    ask.create('/shut', 0, { acl: [anyone(PERMS.ALL)] }),
    ask.create('/shut/child'),
    ask.setAcl('/shut', CLOSED),
    ask.create('/secret', 0, { acl: CLOSED }),
  ]) {
    leader.do(request);
  }
  return leader;
}

type Case = [sentence: string, request: WriteOperation, verdict: string, by?: Partial<Caller>];

const creates: Case[] = [
  ['a plain node', ask.create('/new'), 'created /new'],
  ['a node by create2', ask.create('/new', 0, { kind: 'create2' }), 'created /new'],
  ['an ephemeral node', ask.create('/new', 1), 'created /new'],
  ['a sequential node', ask.create('/plain/n-', 2), 'created /plain/n-0000000001'],
  ['an ephemeral sequential node', ask.create('/plain/n-', 3), 'created /plain/n-0000000001'],
  ['a sequential node without a name of its own', ask.create('/plain/', 2), 'created /plain/0000000001'],
  ['a container', ask.container('/new'), 'created /new'],
  ['a plain node, though the flag says container', ask.create('/new', 4), 'created /new'],
  ['a node with a time to live', ask.ttl('/new', 1), 'created /new'],
  [
    'a sequential node with a time to live',
    ask.ttl('/plain/n-', 1099511627775, 6),
    'created /plain/n-0000000001',
  ],
  ['a child of a container', ask.create('/box/new'), 'created /box/new'],
  ['a child of a node with a time to live', ask.create('/ttl/new'), 'created /ttl/new'],
  ['a node beside those that always exist', ask.create('/zookeeper/new'), 'created /zookeeper/new'],
  ['an unknown mode', ask.create('/new', 7), 'BADARGUMENTS'],
  ['a negative mode', ask.create('/new', -1), 'BADARGUMENTS'],
  ['the mode of a time to live without one', ask.create('/new', 5), 'BADARGUMENTS'],
  ['no time to live', ask.ttl('/new', 0), 'BADARGUMENTS'],
  ['a time to live beyond 40 bits', ask.ttl('/new', 1099511627776), 'BADARGUMENTS'],
  ['a time to live for a plain node', ask.ttl('/new', 5, 0), 'BADARGUMENTS'],
  ['the same in a multi, where the flags decide', ask.multi(ask.ttl('/new', 5, 0)), 'created /new'],
  ['the flags of a container in a multi', ask.multi(ask.ttl('/new', 5, 4)), 'created /new'],
  ['a path without a slash', ask.create('new'), 'BADARGUMENTS'],
  ['an empty path', ask.create(''), 'BADARGUMENTS'],
  ['a path with U+0000', ask.create('/a\u0000'), 'BADARGUMENTS'],
  ['two slashes', ask.create('//'), 'BADARGUMENTS'],
  ['a dot', ask.create('/.'), 'BADARGUMENTS'],
  ['two dots below a missing node: the parent is looked for first', ask.create('/a/../b'), 'NONODE'],
  ['a slash at the end below a missing node', ask.create('/missing/'), 'NONODE'],
  ['a slash at the end of a node', ask.create('/plain/'), 'BADARGUMENTS'],
  ['an empty component', ask.create('/plain//new'), 'NONODE'],
  ['a relative path', ask.create('plain/new'), 'NONODE'],
  ['no access list', ask.create('/new', 0, { acl: null }), 'INVALIDACL'],
  ['an empty access list', ask.create('/new', 0, { acl: [] }), 'INVALIDACL'],
  [
    'a bad access list below a missing node: the list is judged first',
    ask.create('/a/b', 0, { acl: [] }),
    'INVALIDACL',
  ],
  [
    'auth without being anyone',
    ask.create('/new', 0, { acl: [{ perms: 31, scheme: 'auth', id: '' }] }),
    'INVALIDACL',
  ],
  ['a missing parent', ask.create('/missing/new'), 'NONODE'],
  ['a parent that lets nobody in', ask.create('/shut/new'), 'NOAUTH'],
  ['the same, by its owner', ask.create('/shut/new'), 'created /shut/new', ROOT],
  ['a parent to be read only', ask.create('/listed/new'), 'NOAUTH'],
  ['an existing node below a closed one: access is judged first', ask.create('/shut/child'), 'NOAUTH'],
  ['an existing node', ask.create('/plain'), 'NODEEXISTS'],
  ['the root', ask.create('/'), 'NODEEXISTS'],
  ['a child of an ephemeral node', ask.create('/eph/new'), 'NOCHILDRENFOREPHEMERALS'],
  ['anything by an unknown session', ask.create('/new'), 'SESSIONEXPIRED', { session: 'dead' }],
  ['anything by a session that moved', ask.create('/new'), 'SESSIONMOVED', { owner: 7 }],
  [
    'a bad mode by an unknown session: the mode is judged first',
    ask.create('/x', 9),
    'BADARGUMENTS',
    { session: 'dead' },
  ],
  [
    'a bad path by an unknown session: the session is judged first',
    ask.create('x'),
    'SESSIONEXPIRED',
    { session: 'dead' },
  ],
];

const deletes: Case[] = [
  ['a leaf', ask.delete('/plain/child'), 'deleted /plain/child'],
  ['a leaf at its version', ask.delete('/plain/child', 0), 'deleted /plain/child'],
  ['an ephemeral node of another session', ask.delete('/eph'), 'deleted /eph', { session: BOB }],
  ['a container', ask.delete('/box'), 'deleted /box'],
  ['a node that is closed itself: its parent decides', ask.delete('/secret'), 'deleted /secret'],
  ['the root', ask.delete('/'), 'BADARGUMENTS'],
  ['/zookeeper', ask.delete('/zookeeper'), 'BADARGUMENTS'],
  ['/zookeeper/quota', ask.delete('/zookeeper/quota'), 'BADARGUMENTS'],
  ['/zookeeper/config', ask.delete('/zookeeper/config'), 'BADARGUMENTS'],
  ['a path without a slash', ask.delete('plain'), 'BADARGUMENTS'],
  ['a path with U+0000', ask.delete('/plain\u0000'), 'BADARGUMENTS'],
  ['a malformed path, which is only a missing node', ask.delete('/plain/..'), 'NONODE'],
  ['a missing parent', ask.delete('/missing/x'), 'NONODE'],
  ['a missing node below a closed one: access is judged first', ask.delete('/shut/missing'), 'NOAUTH'],
  ['the same, by its owner', ask.delete('/shut/missing'), 'NONODE', ROOT],
  ['a missing node', ask.delete('/missing'), 'NONODE'],
  [
    'another version of a node with children: the version is judged first',
    ask.delete('/plain', 1),
    'BADVERSION',
  ],
  ['a node with children', ask.delete('/plain'), 'NOTEMPTY'],
  ['anything by an unknown session', ask.delete('/'), 'SESSIONEXPIRED', { session: 'dead' }],
];

const reaps: Case[] = [
  ['a container', ask.reap('/box'), 'deleted /box', { session: NO_SESSION }],
  ['a node with a time to live', ask.reap('/ttl'), 'deleted /ttl', { session: NO_SESSION }],
  ['a plain node', ask.reap('/secret'), 'BADVERSION', { session: NO_SESSION }],
  ['an ephemeral node', ask.reap('/eph'), 'BADVERSION', { session: NO_SESSION }],
  ['a node with children', ask.reap('/plain'), 'NOTEMPTY', { session: NO_SESSION }],
  ['a missing node', ask.reap('/missing'), 'NONODE', { session: NO_SESSION }],
  ['the root', ask.reap('/'), 'BADARGUMENTS', { session: NO_SESSION }],
  ['anything, by a client', ask.reap('/box'), 'BADARGUMENTS'],
];

const withTtlFlags = ask.multi(ask.create('/x'), ask.create('/y', 5));

const changes: Case[] = [
  ['setData of a node', ask.setData('/plain'), 'dataSet /plain'],
  ['setData of the root', ask.setData('/'), 'dataSet /'],
  ['setData to null', ask.setData('/plain', null, 0), 'dataSet /plain'],
  ['setData of a malformed path', ask.setData('/plain/'), 'BADARGUMENTS'],
  ['setData of a missing node', ask.setData('/missing'), 'NONODE'],
  [
    'setData of a closed node at a wrong version: access is judged first',
    ask.setData('/secret', 'x', 9),
    'NOAUTH',
  ],
  ['setData of a node to be read only', ask.setData('/listed'), 'NOAUTH'],
  ['setData at a wrong version', ask.setData('/plain', 'x', 1), 'BADVERSION'],
  ['setData by an unknown session', ask.setData('bad'), 'SESSIONEXPIRED', { session: 'dead' }],
  ['setACL of a node', ask.setAcl('/plain', LISTING), 'aclSet /plain'],
  ['setACL at its aversion', ask.setAcl('/shut', LISTING, 1), 'aclSet /shut', ROOT],
  [
    'setACL of a malformed path with a bad list: the path is judged first',
    ask.setAcl('x', []),
    'BADARGUMENTS',
  ],
  [
    'setACL of a missing node with a bad list: the list is judged first',
    ask.setAcl('/missing', []),
    'INVALIDACL',
  ],
  ['setACL of a missing node', ask.setAcl('/missing'), 'NONODE'],
  ['setACL without ADMIN', ask.setAcl('/listed'), 'NOAUTH'],
  ['setACL at the version of the data', ask.setAcl('/shut', LISTING, 0), 'BADVERSION', ROOT],
  ['setACL by an unknown session', ask.setAcl('x'), 'SESSIONEXPIRED', { session: 'dead' }],
  ['a check that holds', ask.multi(ask.check('/plain', 0)), 'checked /plain'],
  ['a check of a malformed path', ask.multi(ask.check('plain')), 'BADARGUMENTS'],
  ['a check of a missing node', ask.multi(ask.check('/missing')), 'NONODE'],
  ['a check without READ', ask.multi(ask.check('/secret', 9)), 'NOAUTH'],
  ['a check of another version', ask.multi(ask.check('/plain', 1)), 'BADVERSION'],
  ['a check by an unknown session', ask.multi(ask.check('x')), 'SESSIONEXPIRED', { session: 'dead' }],
  ['a multi of a plain create with the flags of a time to live', withTtlFlags, 'MARSHALLINGERROR'],
  [
    'the same behind a failure',
    ask.multi(ask.delete('/missing'), ask.create('/x', 5)),
    'NONODE RUNTIMEINCONSISTENCY',
  ],
  ['a body that makes no sense', { kind: 'undecodable' }, 'MARSHALLINGERROR'],
];

describe.each([
  ['create', creates],
  ['delete', deletes],
  ['deleteContainer', reaps],
  ['the other writes', changes],
])('%s', (_name, cases) => {
  test.each(cases)('%s', (_sentence, request, verdict, by) => {
    const leader = forest();
    const before = leader.store.treeDigest();
    expect(leader.verdict(request, by)).toBe(verdict);
    const changedNothing = /^[A-Z]|^checked/.test(verdict);
    if (changedNothing) expect(leader.store.treeDigest()).toBe(before);
    expect(leader.store.pendingChanges).toBe(0);
  });
});

test('without extended types a time to live is unimplemented, before it is looked at', () => {
  const leader = new Leader({ extendedTypes: false });
  expect(leader.verdict(ask.ttl('/x', -5))).toBe('UNIMPLEMENTED');
  expect(leader.verdict(ask.create('/x', 5))).toBe('UNIMPLEMENTED');
});

test('where no access list is looked at, everyone may do everything', () => {
  const leader = new Leader({ skipAcl: true });
  leader.do(ask.create('/secret', 0, { acl: CLOSED }));
  expect(leader.verdict(ask.create('/secret/x'))).toBe('created /secret/x');
  expect(leader.read({ kind: 'getACL', path: '/secret' })).toMatchObject({ kind: 'acl', acl: CLOSED });
});

test('with local sessions, one that the leader does not know may write, but owns nothing', () => {
  const leader = new Leader({ localSessions: true, serverId: 1 });
  const elsewhere = { session: '0300000000000009' };
  expect(leader.verdict(ask.create('/x'), elsewhere)).toBe('created /x');
  expect(leader.verdict(ask.create('/y', 1), elsewhere)).toBe('SESSIONEXPIRED');
  expect(leader.verdict(ask.create('/z'), { session: '0100000000000009' })).toBe('SESSIONEXPIRED');
  expect(leader.verdict(ask.create('/z', 1), { session: ALICE })).toBe('created /z');
});
