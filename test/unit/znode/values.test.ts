import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_SESSION } from '../../../src/node/ids.ts';
import { anyone, fixupAcl, maskedAcl, PERMS, permits } from '../../../src/znode/acl.ts';
import { AclTable, OPEN_ACL_ID } from '../../../src/znode/acl-table.ts';
import { withIds } from '../../../src/znode/authentication.ts';
import { digestId } from '../../../src/znode/digest-id.ts';
import { ERRORS, errorName } from '../../../src/znode/errors.ts';
import { addressMatches, isAddressRange } from '../../../src/znode/ip-address.ts';
import {
  CONTAINER_OWNER,
  modeOf,
  ownerKind,
  sequentialName,
  ttlOf,
  ttlOwner,
} from '../../../src/znode/modes.ts';
import { isValidPath, parentOf } from '../../../src/znode/path.ts';
import { quotaPart, readQuota, writeQuota } from '../../../src/znode/quota.ts';
import { frameLength, isTooLarge, MAX_BUFFER } from '../../../src/znode/request-size.ts';
import { serverOfSession, sessionIdOf } from '../../../src/znode/session-id.ts';
import { nextVersion, visibleCversion } from '../../../src/znode/stat.ts';
import { TreeSum } from '../../../src/znode/tree-sum.ts';
import { ask } from './bench.ts';

describe('a path', () => {
  test.each(['/', '/a', '/a/b', '/...', '/.a', '/a..b', '/a/..b', '/\u00e9\u4e2d', '/a b', '/\ufeff'])(
    '%j is well formed',
    (path) => expect(isValidPath(path)).toBe(true),
  );

  test.each(
    [
      ['', 'a', 'a/b', '/a/', '//', '//a', '/a//b', '/.', '/..', '/a/.', '/a/..', '/./a', '/../a'],
      [
        '/\u0000',
        '/\u0001',
        '/\u001f',
        '/\u007f',
        '/\u009f',
        '/\ud800',
        '/\uf8ff',
        '/\ufff0',
        '/\uffff',
        '/\u{1f600}',
      ],
    ].flat(),
  )('%j is not', (path) => expect(isValidPath(path)).toBe(false));

  test('has a parent before its last slash', () => {
    expect(['/a/b', '/a', '/', 'a/b', 'a', '', '/a\u0000'].map(parentOf)).toEqual([
      '/a',
      '',
      '',
      'a',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('versions', () => {
  test.each([
    [0, 1],
    [2147483647, -2147483648],
    [-2, 0],
    [-3, -2],
  ])('%i is followed by %i', (version, next) => expect(nextVersion(version)).toBe(next));

  test('of children count creates and deletes, in 32 bits', () => {
    expect([visibleCversion(0, 1), visibleCversion(0, 2), visibleCversion(3, 1)]).toEqual([-1, -2, 5]);
    expect(visibleCversion(2147483647, 0)).toBe(-2);
  });

  test.each([
    [0, 'n0000000000'],
    [12, 'n0000000012'],
    [2147483647, 'n2147483647'],
    [-5, 'n-000000005'],
    [-2147483648, 'n-2147483648'],
  ])('the counter %i makes the name %s', (counter, name) => expect(sequentialName('n', counter)).toBe(name));
});

describe('owners', () => {
  test('say what kind of node it is', () => {
    expect(
      [NO_SESSION, CONTAINER_OWNER, ttlOwner(5), '0100000000000001', 'ff00010000000000'].map((o) =>
        ownerKind(o, true),
      ),
    ).toEqual(['none', 'container', 'ttl', 'session', 'reserved']);
    expect(ownerKind(ttlOwner(5), false)).toBe('session');
  });

  test('hold the time to live in their last 40 bits', () => {
    expect(ttlOwner(3600000)).toBe(sessionIdOf(BigInt.asIntN(64, (0xffn << 56n) | 3600000n)));
    fc.assert(fc.property(fc.integer({ min: 1, max: 1099511627775 }), (ms) => ttlOf(ttlOwner(ms)) === ms));
  });

  test('name their server in the top byte', () => {
    expect(serverOfSession(sessionIdOf(-1n))).toBe(255);
    expect(sessionIdOf(72057721613713408n)).toMatch(/^01[0-9a-f]{14}$/);
  });

  test('come with seven modes', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, -1, 0.5].map((flags) => modeOf(flags)?.name)).toEqual([
      'PERSISTENT',
      'EPHEMERAL',
      'PERSISTENT_SEQUENTIAL',
      'EPHEMERAL_SEQUENTIAL',
      'CONTAINER',
      'PERSISTENT_WITH_TTL',
      'PERSISTENT_SEQUENTIAL_WITH_TTL',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('access lists', () => {
  const bob = { scheme: 'digest', id: 'bob:x' };
  const here = { scheme: 'ip', id: '10.1.2.3' };

  test('know the ids that ZooKeeper computes', () => {
    expect(digestId('super:test')).toBe('super:D/InIHSb7yEEbrWz8b9l71RjZJU=');
    expect(digestId('bob:secret')).toBe('bob:fyVmFCwVbTJYrznoSu1koqYEYF0=');
  });

  test.each([
    ['anyone, for one of several things', [anyone(PERMS.READ)], PERMS.READ | PERMS.ADMIN, [], true],
    ['anyone, for something else', [anyone(PERMS.READ)], PERMS.WRITE, [], false],
    ['an empty list', [], PERMS.ALL, [], true],
    ['a digest', [{ perms: 31, ...bob }], PERMS.WRITE, [bob], true],
    ['another digest', [{ perms: 31, scheme: 'digest', id: 'eve:x' }], PERMS.WRITE, [bob], false],
    ['the super user', [], PERMS.ALL, [{ scheme: 'super', id: '' }], true],
    ['the super user before a closed list', [anyone(0)], PERMS.ALL, [{ scheme: 'super', id: '' }], true],
    ['an address in its network', [{ perms: 1, scheme: 'ip', id: '10.0.0.0/8' }], 1, [here], true],
    ['an address of another', [{ perms: 1, scheme: 'ip', id: '11.0.0.0/8' }], 1, [here], false],
    ['an unknown scheme', [{ perms: 31, scheme: 'sasl', id: 'x' }], 1, [{ scheme: 'sasl', id: 'x' }], false],
  ])('judge %s', (_who, acl, needed, ids, allowed) => expect(permits(acl, needed, ids)).toBe(allowed));

  test('are stored without duplicates, and with auth replaced', () => {
    const auth = { perms: 31, scheme: 'auth', id: 'whatever' };
    expect(fixupAcl([anyone(1), anyone(1), anyone(2)], [])).toEqual([anyone(1), anyone(2)]);
    expect(fixupAcl([auth], [bob, here])).toEqual([{ perms: 31, ...bob }]);
    expect(fixupAcl([auth], [here])).toBeUndefined();
  });

  test.each([
    ['digest', 'a:b', true],
    ['digest', 'a:b:', true],
    ['digest', ':b', true],
    ['digest', 'a:', false],
    ['digest', 'a', false],
    ['digest', 'a:b:c', false],
    ['ip', '10.0.0.1', true],
    ['ip', '10.0.0.0/33', false],
    ['world', 'someone', false],
    ['super', '', false],
  ])('take %s %s: %s', (scheme, id, valid) => {
    expect(fixupAcl([{ perms: 1, scheme, id }], []) !== undefined).toBe(valid);
  });

  test('of `auth` name what a connection has proven, each once, in the order of the real server', () => {
    const own = (scheme: string, id: string) => ({ scheme, id });
    const address = own('ip', '127.0.0.1');
    const [bob, alice] = [own('digest', digestId('bob:pw')), own('digest', digestId('alice:x'))];
    const first = withIds([address], [alice]);
    expect(first).toEqual([alice, address]);
    const both = withIds(withIds(first, [bob]), [address, bob]);
    expect(both).toEqual([bob, alice, address]);
    expect(fixupAcl([{ perms: 31, ...own('auth', '') }], both)).toEqual([
      { perms: 31, ...bob },
      { perms: 31, ...alice },
    ]);
  });

  test('are masked from the first colon on', () => {
    expect(
      maskedAcl([
        { perms: 1, scheme: 'digest', id: 'a:b' },
        { perms: 1, scheme: 'ip', id: '1:2' },
      ]),
    ).toEqual([
      { perms: 1, scheme: 'digest', id: 'a:x' },
      { perms: 1, scheme: 'ip', id: '1:2' },
    ]);
  });

  test('lie once in the table, as long as they are used', () => {
    const table = new AclTable();
    const id = table.retain([anyone(1)]);
    expect([table.retain([anyone(1)]), table.retain([anyone(31)])]).toEqual([id, OPEN_ACL_ID]);
    table.release(id);
    expect(table.get(id)).toEqual([anyone(1)]);
    table.release(id);
    expect([table.get(id), table.ids()]).toEqual([undefined, []]);
  });

  test('know addresses by their leading bits', () => {
    expect(['1.2.3.4', '1.2.3.4/0', '1.2.3.4/32', '255.255.255.255'].every(isAddressRange)).toBe(true);
    expect(['1.2.3', '1.2.3.256', 'a.b.c.d', '1.2.3.4/', '1.2.3.4/-1', '', '::1'].some(isAddressRange)).toBe(
      false,
    );
    expect(addressMatches('192.168.1.9', '192.168.1.0/29')).toBe(false);
    expect(addressMatches('192.168.1.7', '192.168.1.0/29')).toBe(true);
    expect(addressMatches('8.8.8.8', '1.2.3.4/0')).toBe(true);
    expect(addressMatches('200.1.1.1', '200.1.1.1')).toBe(true);
    expect(addressMatches('x', '1.2.3.4')).toBe(false);
  });
});

test('errors have the numbers and names of ZooKeeper', () => {
  expect(ERRORS.NONODE).toBe(-101);
  expect([0, -101, -125, -999].map(errorName)).toEqual(['OK', 'NONODE', 'QUOTAEXCEEDED', undefined]);
  const codes = Object.values(ERRORS);
  expect(new Set(codes).size).toBe(codes.length);
});

test('the text of a quota is read as it is written', () => {
  const numbers = { count: 3, bytes: -1, byteHardLimit: 10, countHardLimit: 5 };
  expect(new TextDecoder().decode(writeQuota(numbers))).toBe(
    'count=3,bytes=-1=;byteHardLimit=10;countHardLimit=5',
  );
  expect(readQuota(writeQuota(numbers))).toEqual(numbers);
  expect(readQuota(null)).toEqual({ count: -1, bytes: -1, byteHardLimit: -1, countHardLimit: -1 });
  expect(quotaPart('/zookeeper/quota/a/b/zookeeper_limits')).toEqual({ root: '/a/b', part: 'limits' });
  expect(quotaPart('/zookeeper/quota/zookeeper_limits')).toBeUndefined();
});

test('the sum of a tree wraps at 64 bits, and what was added can be taken off', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 40 }),
      fc.nat(40),
      (words, kept) => {
        const sum = new TreeSum();
        let expected = 0n;
        for (const word of words) sum.add(word);
        for (const word of words.slice(kept)) sum.subtract(word);
        for (const word of words.slice(0, kept)) expected += BigInt(word);
        sum.subtract(1);
        sum.add(0);
        expect(sum.hex()).toBe(
          BigInt.asUintN(64, expected - 1n)
            .toString(16)
            .padStart(16, '0'),
        );
      },
    ),
  );
});

test('a request is as long as its frame on the wire, and too long beyond jute.maxbuffer', () => {
  // header 8; path 4+2; data 4+3; list 4 + perms 4 + "world" 9 + "anyone" 10; flags 4
  expect(frameLength(ask.create('/x', 0, { data: 'abc' }))).toBe(52);
  expect(frameLength({ kind: 'exists', path: '/\u00e9', watch: true })).toBe(16);
  expect(frameLength(ask.multi(ask.delete('/a'), ask.check('/b')))).toBe(8 + 2 * (9 + 10) + 9);
  const data = (length: number) =>
    ({ kind: 'setData', path: '/x', data: new Uint8Array(length), version: 0 }) as const;
  expect([isTooLarge(data(MAX_BUFFER - 22)), isTooLarge(data(MAX_BUFFER - 21))]).toEqual([false, true]);
});
