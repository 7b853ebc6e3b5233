import { expect, test } from 'vitest';
import type { ConnectionEntry } from '../../../../src/check/history/client-history.ts';
import { ask, ToldHistory, z } from './told-history.ts';
import { a3, at, error, only, silent } from './told-steps.ts';

const OVER = 'K14: a session was said to be over that nobody ended';
const UNMOVED = 'K6: a write was refused since its session had moved, and it had not';

/** Client 2 asks for its session once more. */
const back = (told: ToldHistory, fields: Partial<ConnectionEntry> = {}) =>
  told.conn(3, { handle: 2, requested: '0xb', invokedUs: 30, returnedUs: 31, ...fields });
const turnedAway = { outcome: 'expired', session: '0x0', timeoutUs: 0, serverZxid: z(3) } as const;

test('who is told that its living session is over', () => {
  only(back(a3(ToldHistory.two()), turnedAway), OVER);
  only(back(a3(ToldHistory.two()), { ...turnedAway, role: 'read-only' }), OVER);
  silent(back(a3(ToldHistory.two())));
});

test('a session that ended, or was about to, may be said to be over', () => {
  const closed = { type: 'closeSession', paths: [] } as const;
  silent(back(a3(ToldHistory.two()).log(z(4), closed, 2), turnedAway));
  const asked = a3(ToldHistory.two()).op(2, ask.close, -1, at(20), {}, { outcome: 'unknown' });
  silent(back(asked, turnedAway));
  silent(back(a3(ToldHistory.two({ localSessions: true })), turnedAway));
  // A leader that was replaced before the session began.
  silent(back(a3(ToldHistory.two()), { ...turnedAway, serverZxid: z(1) }));
});

test('a write of a living session is not refused as if it were over', () => {
  const refused = a3(ToldHistory.two())
    .log(z(4), error(-112), 2, 1)
    .op(2, ask.create('/b'), z(4), at(20), {}, { error: -112 });
  only(refused, OVER);
});

/** Client 2 is refused since its session speaks through another server, and told nothing. */
const refusedAsMoved = (told: ToldHistory) =>
  told
    .op(2, ask.create('/b'), -1, at(20), {}, { outcome: 'unknown', cxid: 5 })
    .log(z(4), error(-118), 2, 5)
    .apply(2, z(4), { atUs: 25 });

test('a write is refused as moved whose session was never elsewhere', () => {
  only(refusedAsMoved(a3(ToldHistory.two())), UNMOVED);
});

test('a session that went on, or whose earlier attempt was not answered, may have moved', () => {
  silent(refusedAsMoved(back(a3(ToldHistory.two()), { invokedUs: 22 })));
  only(refusedAsMoved(back(a3(ToldHistory.two()), { invokedUs: 26 })), UNMOVED);
  const lost = { handle: 2, server: 1, requested: '0xb', outcome: 'lost', session: '0x0' } as const;
  const told = new ToldHistory().conn(1, { handle: 1 }).conn(0, lost).conn(2);
  silent(refusedAsMoved(a3(told.session(1, z(1)).session(2, z(2)))));
});

test('nobody is told that a session has moved', () => {
  const told = a3(ToldHistory.two())
    .log(z(4), error(-118), 2, 1)
    .op(2, ask.create('/b'), z(4), at(20), {}, { error: -118 });
  expect(told.broken()).toContain(
    'K6: a client was told that its session has moved, and its connection not closed',
  );
});

test('a session is tracked with the timeout that was negotiated', () => {
  const expired = (timeoutUs: number) =>
    a3(ToldHistory.two())
      .tell({
        kind: 'expiry',
        server: 1,
        session: '0xb',
        touchedUs: 20,
        timeoutUs,
        preparedUs: 20 + timeoutUs,
      })
      .log(z(4), { type: 'closeSession', paths: [] }, 2);
  silent(expired(4_000_000));
  only(expired(8_000_000), 'K14: a session was given another timeout than was negotiated');
});

test('setACL stores what was asked for', () => {
  const acl = [
    { perms: 31, scheme: 'world', id: 'anyone' },
    { perms: 1, scheme: 'ip', id: '10.0.0.1' },
  ];
  const request = { op: 'setACL', path: '/a', acl, version: -1 } as const;
  const stored = (kept: typeof acl) =>
    a3(ToldHistory.two()).write(
      1,
      request,
      { type: 'setACL', path: '/a', acl: kept, version: 1 },
      z(4),
      at(20),
    );
  silent(stored(acl));
  only(stored(acl.slice(0, 1)), 'K6: the log holds another change than was asked for');
});

test('removeWatches is answered as the watches are', () => {
  const rule = 'K11: a connection was told otherwise than its watches are';
  const remove = { op: 'removeWatches', path: '/a', type: 'any' } as const;
  const watched = () =>
    a3(ToldHistory.two()).op(2, ask.exists('/b', true), z(3), at(20), {}, { error: -101 });
  only(watched().op(2, remove, z(3), at(25)), rule);
  silent(watched().op(2, remove, z(3), at(25), {}, { error: -121 }));
  silent(watched().op(2, { ...remove, path: '/b' }, z(3), at(25)));
  only(watched().op(2, { ...remove, path: '/b' }, z(3), at(25), {}, { error: -121 }), rule);
});

test('checkWatches is answered as the watches are', () => {
  const rule = 'K11: a connection was told otherwise than its watches are';
  const check = { op: 'checkWatches', path: '/b', type: 'data' } as const;
  const watched = () =>
    a3(ToldHistory.two()).op(2, ask.exists('/b', true), z(3), at(20), {}, { error: -101 });
  silent(watched().op(2, check, z(3), at(25)).op(2, check, z(3), at(26)));
  only(watched().op(2, check, z(3), at(25)).op(2, check, z(3), at(26), {}, { error: -121 }), rule);
  silent(watched().op(2, { ...check, type: 'any' }, z(3), at(25)));
  silent(watched().op(2, { ...check, type: 'children' }, z(3), at(25), {}, { error: -121 }));
  only(watched().op(2, { ...check, type: 'persistent' }, z(3), at(25)), rule);
});

test('a session is given the timeout that was asked for, within bounds', () => {
  const bounds = { leastTimeoutMs: 2000, mostTimeoutMs: 10_000 };
  const given = (askedUs: number, timeoutUs: number) =>
    a3(ToldHistory.two(bounds)).conn(3, { handle: 1, requested: '0xa', askedUs, timeoutUs });
  silent(given(3_000_000, 3_000_000));
  silent(given(1_000_000, 2_000_000));
  silent(given(60_000_000, 10_000_000));
  const rule = 'K14: a session was not given the timeout that it asked for, within bounds';
  only(given(60_000_000, 60_000_000), rule);
  only(given(1_000_000, 1_000_000), rule);
});

test('whoAmI names who is asking', () => {
  const digest = { scheme: 'digest', id: 'bob' };
  const ip = { scheme: 'ip', id: '10.0.0.1' };
  const told = () => new ToldHistory().conn(1, { identities: [ip] }).session(1, z(1));
  const auth = { op: 'auth', scheme: 'digest', id: 'bob:fyVm' } as const;
  const who = { op: 'whoAmI' } as const;
  const named = (first: ToldHistory, ...identities: { scheme: string; id: string }[]) =>
    first.op(1, who, z(1), at(20), { identities });
  const rule = 'K5: whoAmI named another than was asking';
  silent(named(told(), ip));
  only(named(told(), digest), rule);
  only(named(told(), ip, digest), rule);
  const proven = () => told().op(1, auth, 0, at(10), {}, { cxid: -4 });
  silent(named(proven(), digest, ip));
  only(named(proven(), ip), rule);
  // What is proven behind the question counts as soon as it comes.
  silent(named(told(), ip, digest).op(1, auth, 0, at(21), {}, { cxid: -4 }));
});

test('who did not ask for it is not served without a quorum', () => {
  const served = (readOnlyClients?: boolean) =>
    back(a3(ToldHistory.two(readOnlyClients === undefined ? {} : { readOnlyClients })), {
      role: 'read-only',
    });
  silent(served());
  silent(served(true));
  only(served(false), 'K9: a client is served without a quorum that did not ask for it');
});

test('who is let in again has been heard of', () => {
  const S = 1_000_000;
  const expired = (ledSinceUs: number) =>
    back(a3(ToldHistory.two()), { invokedUs: 40 * S, returnedUs: 40 * S + 10 })
      .tell({
        kind: 'expiry',
        server: 1,
        session: '0xb',
        touchedUs: 37 * S,
        timeoutUs: 4 * S,
        preparedUs: 41 * S,
        ledSinceUs,
      })
      .log(z(4), { type: 'closeSession', paths: [] }, 2)
      .apply(1, z(4), { atUs: 41 * S });
  only(expired(5 * S), 'K14: a session expired although its client had been answered');
  // Who led before may have let it in.
  expect(expired(30 * S).broken()).toEqual([]);
});
