import { test } from 'vitest';
import type { ConnectionEntry } from '../../../../src/check/history/client-history.ts';
import { ask, made, ToldHistory, z } from './told-history.ts';
import { a3, at, only, silent } from './told-steps.ts';

const S = 1_000_000;

/** Client 2 watches `/a`, and moves to server 3; what it sends there first is the test's. */
const moved = (then: (told: ToldHistory) => ToldHistory = (told) => told, seen = z(3)) => {
  const watching = a3(ToldHistory.two({ ownClients: true })).op(
    2,
    ask.exists('/b', true),
    z(3),
    at(20),
    {},
    { error: -101 },
  );
  return watched(then(watching), seen);
};
const watched = (told: ToldHistory, seen: number) =>
  told.conn(3, { handle: 2, requested: '0xb', invokedUs: 30, returnedUs: 31, lastZxidSeen: seen });
const bring = (told: ToldHistory, paths: readonly string[], since = z(3)) =>
  told.op(3, ask.setWatches(since, { exist: paths }), z(3), at(40), {}, { cxid: -8 });
const asks = (told: ToldHistory) => told.op(3, ask.ping, z(3), at(50), {}, { cxid: -2 });

test('a client brings its watches along', () => {
  silent(asks(bring(moved(), ['/b'])));
  only(asks(moved()), 'K11: a client did not bring a watch along');
  // What did not get out before the connection broke was not forgotten.
  silent(moved());
  const fired = (told: ToldHistory) =>
    told
      .write(1, ask.create('/b'), made('/b', { parentCversion: 2 }), z(4), at(24), { path: '/b' })
      .ev(2, 'created', '/b', z(4), 25);
  silent(asks(moved(fired)));
  only(bring(moved(fired), ['/b']), 'K11: a client brought a watch along that it did not have');
});

test('it brings them along as of what it has seen', () => {
  const rule = 'K11: a client brought its watches along as of another state than it had seen';
  only(asks(bring(moved(), ['/b'], z(1))), rule);
});

test('it proves again who it is', () => {
  const auth = { op: 'auth', scheme: 'digest', id: 'bob:x' } as const;
  const proven = (told: ToldHistory) => told.op(2, auth, 0, at(22), {}, { cxid: -4 });
  only(asks(bring(moved(proven), ['/b'])), 'K5: a client did not prove again who it is');
  silent(asks(bring(moved(proven).op(3, auth, 0, at(35), {}, { cxid: -4 }), ['/b'])));
});

/** Client 2, whose session lives for 6 s, gives its connection up at `lostS`; it was answered before. */
const lost = (lostS: number, heardS: number) => {
  const conn: Partial<ConnectionEntry> = { timeoutUs: 6 * S, lostUs: lostS * S };
  const told = a3(
    new ToldHistory({ ownClients: true }).conn(1).conn(2, conn).session(1, z(1)).session(2, z(2)),
  );
  return told.op(2, ask.ping, z(3), [10 * S, heardS * S], {}, { cxid: -2 });
};
/** It pings once more. */
const pings = (told: ToldHistory, saidS: number) =>
  told.op(2, ask.ping, -1, [saidS * S, 0], {}, { cxid: -2 });

test('who hears nothing for two thirds of his time gives the connection up, and not before', () => {
  silent(pings(lost(14, 10), 11));
  only(pings(lost(13, 10), 11), 'K14: a client gave up a connection over which it heard');
});

test('who says nothing hears nothing', () => {
  only(lost(15, 11), 'K14: a client that heard nothing had not asked');
  silent(pings(lost(15, 11), 12));
});
