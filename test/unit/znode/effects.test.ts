import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/core/utf8.ts';
import { makeZxid } from '../../../src/core/zxid.ts';
import { NO_SESSION } from '../../../src/node/ids.ts';
import { anyone, OPEN_ACL, PERMS } from '../../../src/znode/acl.ts';
import { limitsPath, statsPath } from '../../../src/znode/quota.ts';
import { reapable } from '../../../src/znode/reaper.ts';
import { INITIAL_STAT } from '../../../src/znode/stat.ts';
import { ALICE, ask, BOB, digestOf, Leader } from './bench.ts';

/** The leader has opened two sessions: its next zxid has this counter, and a time of 1000 ms times it. */
const FIRST = 3;
const at = (counter: number) => makeZxid(1, counter);

describe('the stat', () => {
  test('of a fresh root shows cversion −1, of /zookeeper −2, and the tree has its known digest', () => {
    const leader = new Leader();
    expect(leader.stat('/')).toMatchObject({
      cversion: -1,
      numChildren: 1,
      czxid: 0,
      ephemeralOwner: NO_SESSION,
    });
    expect(leader.stat('/zookeeper')).toMatchObject({ cversion: -2, numChildren: 2 });
    expect(BigInt(`0x${leader.store.treeDigest()}`)).toBe(1371985504n);
    expect(leader.store.tree.size).toBe(4);
  });

  test('of a new node bears its zxid and time, and the parent counts it', () => {
    const leader = new Leader();
    leader.do(ask.create('/x', 0, { data: 'abc' }));
    expect(leader.stat('/x')).toEqual({
      czxid: at(FIRST),
      mzxid: at(FIRST),
      pzxid: at(FIRST),
      ctimeMs: 3000,
      mtimeMs: 3000,
      version: 0,
      cversion: 0,
      aversion: 0,
      ephemeralOwner: NO_SESSION,
      dataLength: 3,
      numChildren: 0,
    });
    expect(leader.stat('/')).toMatchObject({ cversion: 0, numChildren: 2, pzxid: at(FIRST), mzxid: 0 });
  });

  test('changes with data, access list and children, each in its own fields', () => {
    const leader = new Leader();
    leader.do(ask.create('/x'));
    leader.do(ask.setData('/x', 'four'));
    expect(leader.stat('/x')).toMatchObject({
      version: 1,
      mzxid: at(4),
      mtimeMs: 4000,
      dataLength: 4,
      ctimeMs: 3000,
    });
    leader.do(ask.setAcl('/x'));
    expect(leader.stat('/x')).toMatchObject({ aversion: 1, version: 1, mzxid: at(4) });
    leader.do(ask.create('/x/y'));
    leader.do(ask.delete('/x/y'));
    expect(leader.stat('/x')).toMatchObject({ cversion: 2, numChildren: 0, pzxid: at(7), mzxid: at(4) });
    leader.do(ask.setData('/x', null));
    expect(leader.read({ kind: 'getData', path: '/x', watch: false })).toMatchObject({
      data: null,
      stat: { dataLength: 0 },
    });
  });

  test.each([
    ['of an ephemeral node names its session', ask.create('/x', 1), ALICE],
    ['of a container names nobody', ask.container('/x'), NO_SESSION],
    ['of a node with a time to live names nobody', ask.ttl('/x', 5), NO_SESSION],
  ])('%s', (_sentence, request, owner) => {
    const leader = new Leader();
    leader.do(request);
    expect(leader.stat('/x').ephemeralOwner).toBe(owner);
  });

  test('counts sequence numbers by all creates, and from 0 again for a new parent', () => {
    const leader = new Leader();
    leader.do(ask.create('/p'));
    leader.do(ask.create('/p/plain'));
    leader.do(ask.delete('/p/plain'));
    expect(leader.pipelined(ask.create('/p/s', 2), ask.create('/p/s', 3))).toEqual([
      'created /p/s0000000001',
      'created /p/s0000000002',
    ]);
    for (const child of leader.children('/p')) leader.do(ask.delete(`/p/${child}`));
    leader.do(ask.delete('/p'));
    leader.do(ask.create('/p'));
    expect(leader.verdict(ask.create('/p/s', 2))).toBe('created /p/s0000000000');
  });
});

describe('a multi', () => {
  test('sees what its earlier parts did, and all of it has one zxid', () => {
    const leader = new Leader();
    const parts = [
      ask.create('/a'),
      ask.create('/a/b'),
      ask.setData('/a', 'x', 0),
      ask.check('/a', 1),
      ask.delete('/a/b'),
    ];
    expect(leader.verdict(ask.multi(...parts))).toBe(
      'created /a created /a/b dataSet /a checked /a deleted /a/b',
    );
    expect(leader.stat('/a')).toMatchObject({
      czxid: at(FIRST),
      mzxid: at(FIRST),
      pzxid: at(FIRST),
      version: 1,
    });
  });

  test('that fails says so of each part, keeps the good ones, and changes nothing', () => {
    const leader = new Leader();
    const before = leader.store.treeDigest();
    const txn = leader.prepare(ask.multi(ask.create('/a'), ask.check('/missing'), ask.create('/b')));
    expect(txn).toMatchObject({
      kind: 'multi',
      parts: [
        { kind: 'create', path: '/a' },
        { kind: 'error', err: -101 },
        { kind: 'error', err: -2 },
      ],
    });
    expect(leader.pipelined(ask.delete('/a'), ask.create('/s', 2)).slice(1)).toEqual([
      'NONODE',
      'created /s0000000000',
    ]);
    leader.do(ask.delete('/s0000000000'));
    expect(leader.store.treeDigest()).not.toBe(before);
    expect(leader.children('/')).toEqual(['zookeeper']);
  });

  test('that fails gives back what was pending before it', () => {
    const leader = new Leader();
    leader.prepare(ask.create('/p'));
    leader.prepare(ask.create('/p/x'));
    leader.prepare(
      ask.multi(ask.delete('/p/x'), ask.delete('/p'), ask.create('/p', 1), ask.setData('/p', 'x', 7)),
    );
    expect(leader.pipelined(ask.delete('/p'), ask.create('/p/s', 2)).slice(2)).toEqual([
      'OK OK OK BADVERSION',
      'NOTEMPTY',
      'created /p/s0000000001',
    ]);
  });

  test('takes its creates by their flags: create2 becomes create, the flag of a container makes one', () => {
    const leader = new Leader();
    const txn = leader.prepare(ask.multi(ask.create('/a', 0, { kind: 'create2' }), ask.create('/b', 4)));
    expect(txn).toMatchObject({ parts: [{ kind: 'create' }, { kind: 'createContainer' }] });
  });

  test('without parts is a transaction all the same', () => {
    expect(new Leader().do(ask.multi())).toEqual({ kind: 'multi', aborted: false, results: [] });
  });
});

describe('the end of a session', () => {
  test('takes its nodes along at one zxid: the applied, the pending, not those that go already', () => {
    const leader = new Leader();
    for (const path of ['/b', '/a', '/gone']) leader.do(ask.create(path, 1));
    leader.do(ask.create('/other', 1), { session: BOB });
    leader.prepare(ask.delete('/gone'));
    leader.prepare(ask.create('/c', 1));
    expect(leader.prepare({ kind: 'closeSession' })).toMatchObject({ paths: ['/a', '/b', '/c'] });
    expect(leader.pipelined(ask.create('/late', 1)).at(-1)).toBe('SESSIONEXPIRED');
    expect(leader.children('/')).toEqual(['other', 'zookeeper']);
    expect(leader.stat('/').pzxid).toBe(at(9));
    expect(leader.store.sessions).toEqual([[BOB, 4000]]);
  });

  test('finds the nodes on each server, where the transaction does not list them', () => {
    const leader = new Leader({ closeSessionTxn: false });
    leader.do(ask.create('/a', 1));
    expect(leader.do({ kind: 'closeSession' })).toMatchObject({ kind: 'sessionClosed', paths: ['/a'] });
  });

  test('is forgotten when the next role begins, unless it was committed', () => {
    const leader = new Leader();
    leader.prepare({ kind: 'closeSession' });
    expect(leader.store.sessionBook.isClosing(ALICE)).toBe(true);
    leader.store.forget();
    expect(leader.store.sessionBook.isClosing(ALICE)).toBe(true);
    leader.store.sessionBook.begin();
    expect(leader.store.sessionBook.isClosing(ALICE)).toBe(false);
    expect(leader.store.sessionBook.check(ALICE, 5)).toBe(0);
  });

  test('moves with its owner: who speaks first after a change of leader, or whom a renewal names', () => {
    const { sessionBook } = new Leader().store;
    expect(sessionBook.check(ALICE, 2)).toBe(-118);
    sessionBook.setOwner(ALICE, 2);
    expect(sessionBook.check(ALICE, 2)).toBe(0);
    expect(sessionBook.check(ALICE, 0)).toBe(-118);
    sessionBook.forget();
    expect(sessionBook.check(ALICE, 3)).toBe(0);
    expect(sessionBook.ownerOf(ALICE)).toBe(3);
  });
});

describe('a quota', () => {
  function quotaOn(limits: string): Leader {
    const leader = new Leader({ enforceQuota: true });
    for (const path of ['/q', '/q/old', '/zookeeper/quota/q']) leader.do(ask.create(path, 0, { data: 'ab' }));
    leader.do(ask.create(limitsPath('/q'), 0, { data: limits }));
    leader.do(ask.create(statsPath('/q'), 0, { data: 'count=0,bytes=0' }));
    return leader;
  }
  const used = (leader: Leader) => {
    const read = leader.read({ kind: 'getData', path: statsPath('/q'), watch: false });
    return read.kind === 'data' ? decodeUtf8(read.data ?? new Uint8Array(0)) : read.kind;
  };

  test('counts nodes and bytes at and below its path, without a trace in the stat or the digest', () => {
    const leader = quotaOn('count=9,bytes=9');
    expect(used(leader)).toBe('count=2,bytes=4');
    leader.do(ask.create('/q/new', 0, { data: 'xyz' }));
    leader.do(ask.setData('/q', null));
    expect(used(leader)).toBe('count=3,bytes=5');
    leader.do(ask.delete('/q/old'));
    expect(used(leader)).toBe('count=2,bytes=3');
    expect(leader.stat(statsPath('/q'))).toMatchObject({ version: 0, mzxid: at(7) });
  });

  test('begins to count behind the answer to who made the node that it counts in', () => {
    const leader = new Leader({ enforceQuota: true });
    for (const path of ['/q', '/zookeeper/quota/q']) leader.do(ask.create(path));
    leader.do(ask.create(limitsPath('/q'), 0, { data: 'count=9,bytes=9' }));
    const made = leader.do(ask.create(statsPath('/q'), 0, { data: 'x', kind: 'create2' }));
    expect(made).toMatchObject({ kind: 'created', stat: { dataLength: 1 } });
    expect(used(leader)).toBe('count=1,bytes=0');
  });

  test('is soft unless it says otherwise', () => {
    const leader = quotaOn('count=2,bytes=1');
    expect(leader.verdict(ask.create('/q/new', 0, { data: 'xyz' }))).toBe('created /q/new');
  });

  test.each([
    ['a node too many', 'count=-1,bytes=-1=;countHardLimit=2', ask.create('/q/new'), 'QUOTAEXCEEDED'],
    [
      'a byte too many in a new node',
      'count=-1,bytes=-1=;byteHardLimit=5',
      ask.create('/q/n', 0, { data: 'xx' }),
      'QUOTAEXCEEDED',
    ],
    [
      'just the bytes that fit',
      'count=-1,bytes=-1=;byteHardLimit=6',
      ask.create('/q/n', 0, { data: 'xx' }),
      'created /q/n',
    ],
    [
      'a byte too many in an old node',
      'count=-1,bytes=-1=;byteHardLimit=4',
      ask.setData('/q', 'abc'),
      'QUOTAEXCEEDED',
    ],
    [
      'a wrong version beyond the quota: the quota is judged first',
      'count=-1,bytes=-1=;byteHardLimit=4',
      ask.setData('/q', 'abc', 9),
      'QUOTAEXCEEDED',
    ],
    [
      'a node elsewhere',
      'count=-1,bytes=-1=;countHardLimit=2',
      ask.create('/elsewhere'),
      'created /elsewhere',
    ],
  ])('judges %s', (_what, limits, request, verdict) => {
    expect(quotaOn(limits).verdict(request)).toBe(verdict);
  });

  test.each(['garbage', 'count=', 'count=x', 'count= 5', ',count=5', 'count=9223372036854775808'])(
    'that nobody can read lets nothing pass: %s',
    (limits) => {
      expect(quotaOn(limits).verdict(ask.create('/q/new'))).toBe('MARSHALLINGERROR');
      expect(quotaOn(limits).verdict(ask.setData('/q', 'abc', 9))).toBe('MARSHALLINGERROR');
      expect(quotaOn(limits).verdict(ask.multi(ask.create('/other'), ask.create('/q/new')))).toBe(
        'MARSHALLINGERROR',
      );
      expect(quotaOn(limits).verdict(ask.create('/elsewhere'))).toBe('created /elsewhere');
    },
  );

  test.each(['', 'count=5,,bytes=3', ' count=+5;', 'anything=1=2', 'count==5', '=-7'])(
    'is read where there are names and numbers: %s',
    (limits) => expect(quotaOn(limits).verdict(ask.create('/q/new'))).toBe('created /q/new'),
  );
});

describe('a read', () => {
  const nobody = { ids: [] };

  test.each([
    ['exists of a path with U+0000', { kind: 'exists', path: '/\u0000', watch: false }, -8],
    ['exists of a missing node', { kind: 'exists', path: '/missing', watch: false }, -101],
    ['exists of a closed node', { kind: 'exists', path: '/shut', watch: false }, -102],
    ['getData of a malformed path', { kind: 'getData', path: 'x//', watch: false }, -101],
    ['getData of a closed node', { kind: 'getData', path: '/shut', watch: false }, -102],
    ['getChildren of a closed node', { kind: 'getChildren', path: '/shut', watch: false }, -102],
    ['getChildren2 of a missing node', { kind: 'getChildren2', path: '/missing', watch: false }, -101],
    ['getACL of a closed node', { kind: 'getACL', path: '/shut' }, -102],
    ['getAllChildrenNumber of a closed node', { kind: 'getAllChildrenNumber', path: '/shut' }, -102],
  ] as const)('%s fails', (_what, operation, err) => {
    const leader = new Leader();
    leader.do(ask.create('/shut', 0, { acl: [{ perms: PERMS.ALL, scheme: 'digest', id: 'root:x' }] }));
    expect(leader.read(operation, nobody)).toEqual({ kind: 'failed', err });
  });

  test('of several nodes answers each for itself', () => {
    const leader = new Leader();
    leader.do(ask.create('/b', 0, { data: 'B' }));
    const operations = [
      { kind: 'getData', path: '/b' },
      { kind: 'getData', path: '/missing' },
      { kind: 'getChildren', path: '' },
    ] as const;
    expect(leader.read({ kind: 'multiRead', operations })).toMatchObject({
      results: [{ data: encodeUtf8('B') }, { err: -101 }, { children: ['b', 'zookeeper'] }],
    });
  });

  test('of an access list hides passwords from those who may not change it', () => {
    const acl = [{ perms: PERMS.ALL, scheme: 'digest', id: 'root:x=' }, anyone(PERMS.READ)];
    const leader = new Leader();
    leader.do(ask.create('/n', 0, { acl }));
    const masked = { acl: [{ ...acl[0], id: 'root:x' }, acl[1]] };
    expect(leader.read({ kind: 'getACL', path: '/n' })).toMatchObject(masked);
    expect(leader.read({ kind: 'getACL', path: '/n' }, { ids: [digestOf('root:x=')] })).toMatchObject({
      acl,
    });
  });

  test('tells the caller of its own nodes, of itself, and of numbers', () => {
    const leader = new Leader();
    for (const path of ['/e', '/d', '/deep']) leader.do(ask.create(path, path === '/deep' ? 0 : 1));
    leader.do(ask.create('/deep/e', 1));
    leader.do(ask.create('/bob', 1), { session: BOB });
    expect(leader.read({ kind: 'getEphemerals', prefix: '/' })).toMatchObject({
      paths: ['/d', '/deep/e', '/e'],
    });
    expect(leader.read({ kind: 'getEphemerals', prefix: '/d' })).toMatchObject({ paths: ['/d', '/deep/e'] });
    expect(leader.read({ kind: 'getAllChildrenNumber', path: '/' })).toMatchObject({ number: 8 });
    // Of the table that has the root under both names, as ZooKeeper's has.
    expect(leader.read({ kind: 'getAllChildrenNumber', path: '' })).toMatchObject({ number: 9 });
    expect(leader.read({ kind: 'getAllChildrenNumber', path: '/deep' })).toMatchObject({ number: 1 });
    expect(leader.read({ kind: 'sync', path: 'any' })).toEqual({ kind: 'synced', path: 'any' });
    const ids = [digestOf('bob:secret'), { scheme: 'ip', id: '10.0.0.1' }, { scheme: 'super', id: '' }];
    expect(leader.read({ kind: 'whoAmI' }, { ids })).toMatchObject({
      identity: [digestOf('bob'), ids[1], { scheme: 'super', id: '' }],
    });
  });
});

test('auth stands for all that the caller has proven, its address not included', () => {
  const leader = new Leader();
  const ids = [digestOf('bob:x'), { scheme: 'ip', id: '10.0.0.1' }];
  leader.do(ask.create('/n', 0, { acl: [{ perms: 31, scheme: 'auth', id: '' }] }), { ids });
  expect(leader.read({ kind: 'getACL', path: '/n' }, { ids })).toMatchObject({
    acl: [{ perms: 31, scheme: 'digest', id: 'bob:x' }],
  });
});

test('the reaper finds used and abandoned containers, and nodes whose time is over', () => {
  const leader = new Leader();
  for (const request of [ask.container('/used'), ask.container('/full'), ask.container('/new')])
    leader.do(request);
  for (const path of ['/used/x', '/full/x']) leader.do(ask.create(path));
  leader.do(ask.delete('/used/x'));
  leader.do(ask.ttl('/short', 10));
  leader.do(ask.ttl('/long', 1_000_000));
  expect(reapable(leader.store.tree, 9010)).toEqual(['/used']);
  expect(reapable(leader.store.tree, 9011)).toEqual(['/used', '/short']);
  expect(reapable(leader.store.tree, 305_001)).toEqual(['/new', '/used', '/short']);
  expect(reapable(leader.store.tree, 305_001, 0)).toEqual(['/used', '/short']);
});

test('the digest of the state knows sessions, which that of the tree does not', () => {
  const one = new Leader();
  one.store.clear();
  const empty = one.store.digest();
  const tree = one.store.treeDigest();
  one.do({ kind: 'createSession', timeoutMs: 1 }, { session: '0300000000000003' });
  const opened = one.store.digest();
  expect(opened).not.toBe(empty);
  expect(one.store.treeDigest()).toBe(tree);
  const other = new Leader();
  other.store.clear();
  other.do({ kind: 'createSession', timeoutMs: 2 }, { session: '0300000000000003' });
  expect(other.store.digest()).not.toBe(opened);
  one.store.clear();
  expect(one.store.digest()).toBe(empty);
});

test('the digest of the state knows access lists and where they stand', () => {
  const acl = [{ perms: 1, scheme: 'world', id: 'anyone' }];
  const digests = ['/a', '/b'].map((path) => {
    const { store } = new Leader();
    for (const node of ['/a', '/b']) store.tree.put(node, null, OPEN_ACL, INITIAL_STAT);
    const open = store.digest();
    store.tree.put(path, null, acl, INITIAL_STAT);
    const listed = store.digest();
    store.tree.put(path, null, OPEN_ACL, INITIAL_STAT);
    expect(store.digest()).toBe(open);
    expect(listed).not.toBe(open);
    return listed;
  });
  expect(digests[0]).not.toBe(digests[1]);
});

test('equal transactions have equal digests, and any difference shows', () => {
  const leader = new Leader();
  const [a, b, c] = [ask.create('/a'), ask.create('/a'), ask.create('/b')].map((request) => {
    leader.store.forget();
    const body = { ...request, ids: [] };
    return leader.store.prepare({ origin: { session: ALICE, cxid: 1 }, body: body as never }, 0, at(9), 9000);
  });
  expect(a?.digest).toBe(b?.digest);
  expect(a?.digest).not.toBe(c?.digest);
  expect(a?.digest).toBeLessThan(2147483648);
});
