import { describe, expect, test } from 'vitest';
import type { LoggedTxn } from '../../../../src/check/history/logged-txn.ts';
import { ask, made, ToldHistory, z } from './told-history.ts';
import { a3, at, only, set, silent, stat3 } from './told-steps.ts';

/** For each guarantee: a history that breaks it, and one that looks like it and is legal. */

describe('K1, linearizable writes', () => {
  const read4 = (told: ToldHistory) =>
    a3(told).log(z(4), set('x', 1), 2, 1).op(1, ask.exists('/a'), z(4), at(20), {});

  test('a write ordered before what had been seen when it was sent', () => {
    const told = read4(ToldHistory.two()).op(2, ask.set('/a', 'x'), z(4), at(30));
    only(told, 'K1: a write was ordered before what had been seen when it was sent');
  });

  test('one that was under way then', () =>
    silent(read4(ToldHistory.two()).op(2, ask.set('/a', 'x'), z(4), at(15, 40))));

  test('two writes with one zxid, as a reused one for an undecodable body', () => {
    const told = a3(ToldHistory.two()).op(2, ask.set('/a', 'x'), z(3), at(10), {}, { error: -5 });
    expect(told.broken()).toContain('K1: two writes were answered with one zxid');
  });

  test('a write without an answer that took effect twice', () => {
    const told = a3(ToldHistory.two()).op(2, ask.set('/a', 'x'), -1, at(10));
    told.log(z(4), set('x', 1), 2, 1).log(z(5), set('x', 2), 2, 1);
    expect(told.broken()).toContain('K1: a write without an answer took effect twice');
  });

  test('one that took effect once, or never', () => {
    silent(a3(ToldHistory.two()).op(2, ask.set('/a', 'x'), -1, at(10)).log(z(4), set('x', 1), 2, 1));
    silent(a3(ToldHistory.two()).op(2, ask.set('/a', 'x'), -1, at(10)));
  });

  test('a write without an answer, after its session was closed', () => {
    const told = a3(ToldHistory.two()).op(2, ask.set('/a', 'x'), -1, at(10));
    told.log(z(4), { type: 'closeSession', paths: [] }, 2).log(z(5), set('x', 1), 2, 1);
    expect(told.broken()).toEqual([
      'K13: a session changed something after it was closed',
      'K1: a write took effect after its session was closed',
    ]);
  });

  test('a leader with local sessions takes a closed one for one of another server', () => {
    const late = (txn: LoggedTxn) => {
      const told = a3(ToldHistory.two({ localSessions: true })).op(2, ask.set('/a', 'x'), -1, at(10));
      return told.log(z(4), { type: 'closeSession', paths: [] }, 2).log(z(5), txn, 2, 1);
    };
    silent(late(set('x', 1)), 'local-sessions');
    expect(late(made('/e', { life: 'ephemeral' })).broken()).toContain(
      'K13: a session changed something after it was closed',
    );
  });

  test('a multi that was refused is no effect', () => {
    const multi = { op: 'multi', parts: [ask.set('/a', 'x')] } as never;
    const told = a3(ToldHistory.two()).op(2, multi, -1, at(10));
    told.log(z(4), { type: 'closeSession', paths: [] }, 2);
    silent(told.log(z(5), { type: 'multi', parts: [{ type: 'error', code: -112 }] }, 2, 1));
  });

  test('a log that has something else there', () => {
    const told = ToldHistory.two().op(1, ask.create('/a'), z(3), at(10)).log(z(3), made('/a'), 2, 9);
    only(told, 'K1: the log holds something else at a write’s zxid');
  });
});

describe('the end of a local session', () => {
  const told = (localSessions: boolean) =>
    a3(new ToldHistory({ localSessions }).conn(1).conn(2).session(1, z(1)).session(2, z(2)))
      .op(2, ask.exists('/a'), z(3), at(20), { stat: stat3() })
      .op(2, ask.close, z(3), at(30));

  test('takes no zxid, unlike that of a global one', () => {
    silent(told(true));
    expect(told(false).broken()).toContain('K1: two writes were answered with one zxid');
  });
});

describe('K2 and K16, a session across connections', () => {
  const story = (servers: readonly number[], lateZxid: number, localSessions = false) => {
    const told = new ToldHistory({ localSessions }).session(1, z(1));
    for (const [i, server] of servers.entries()) told.conn(i + 1, { handle: 1, server });
    told.op(1, ask.create('/late'), -1, at(10));
    told.write(2, ask.create('/a'), made('/a'), z(3), at(20), { path: '/a' });
    if (lateZxid > z(4)) told.log(z(4), { type: 'closeSession', paths: [] }, 1);
    return told.log(lateZxid, made('/late'), 1, 1);
  };

  test('a write of the old connection after one of the new', () => {
    expect(story([1, 2], z(4)).broken()).toEqual([
      'K16: a write of an older connection came after one of a newer connection',
      'K2: a session’s write was committed after a later one of it',
    ]);
  });

  test('a write of the old connection before it', () => silent(story([1, 2], z(2))));

  test('the session came back to the server of the late write', () =>
    silent(story([1, 2, 1], z(4)), 'server-return'));

  test('a closed session of an ensemble with local ones', () =>
    silent(story([1, 2], z(5), true), 'local-sessions'));
});

describe('K3, one connection', () => {
  test('a request overtaken by a later one', () => {
    const told = a3(ToldHistory.two());
    told.op(1, ask.exists('/b'), z(3), at(20, 30), {}, { error: -101, sent: 9 });
    told.op(1, ask.exists('/b'), z(3), at(20, 31), {}, { error: -101, sent: 8 });
    only(told, 'K3: a request was answered after a later one');
  });

  test('a request passed over: a later one was answered, it never was', () => {
    const waiting = () => a3(ToldHistory.two()).op(1, ask.exists('/b'), -1, at(20));
    only(
      waiting().op(1, ask.exists('/b'), z(3), at(20, 30), {}, { error: -101 }),
      'K3: a request was passed over',
    );
    silent(waiting().op(1, ask.exists('/b'), -1, at(20)));
  });

  test('an auth is answered out of turn', () => {
    const told = a3(ToldHistory.two());
    told.op(1, ask.exists('/b'), z(3), at(20, 30), {}, { error: -101, sent: 9 });
    told.op(1, { op: 'auth', scheme: 'digest', id: 'a:b' }, 0, at(20, 31), {}, { sent: 8, cxid: -4 });
    silent(told);
  });

  test('a read that does not see the write before it', () => {
    const told = a3(ToldHistory.two()).op(1, ask.exists('/a'), z(2), at(20), {}, { error: -101 });
    expect(told.broken()).toContain('K3: a read does not see the write that its connection sent before');
  });

  test('a read of another connection may be as old', () =>
    silent(a3(ToldHistory.two()).op(2, ask.exists('/a'), z(2), at(20), {}, { error: -101 })));
});

describe('K4, one client across connections', () => {
  const moved = (zxid: number, lastZxidSeen = z(3), serverZxid = z(3)) =>
    a3(ToldHistory.two())
      .conn(3, { handle: 1, requested: '0xa', lastZxidSeen, serverZxid, invokedUs: 20, returnedUs: 21 })
      .op(3, ask.exists('/b'), zxid, at(30), {}, { error: -101 });

  test('an older state than it has seen', () =>
    only(moved(z(2)), 'K4: a client was answered from an older state than it had seen'));

  test('the same state', () => silent(moved(z(3))));

  test('a server that lets it in too early', () =>
    only(moved(z(3), z(3), z(2)), 'K4w: a server let in a client that has seen more than it'));

  test('a server that refuses it for nothing', () => {
    const told = a3(ToldHistory.two()).conn(3, {
      handle: 1,
      outcome: 'behind',
      lastZxidSeen: z(3),
      serverZxid: z(3),
      invokedUs: 20,
    });
    only(told, 'K4w: a server refused a client that has seen no more than it');
  });

  test('a server that refuses it because it is behind', () =>
    silent(
      a3(ToldHistory.two()).conn(3, {
        handle: 1,
        outcome: 'behind',
        lastZxidSeen: z(3),
        serverZxid: z(2),
        invokedUs: 20,
      }),
    ));

  test('a client that tells less than it saw', () =>
    only(moved(z(3), z(2)), 'K4w: a client told less than it had seen'));

  test('an event alone does not count across connections', () => {
    const told = a3(ToldHistory.two()).op(2, ask.exists('/a', true), z(3), at(20), { stat: stat3() });
    told.log(z(4), set('x', 1), 1, 9).ev(2, 'data-changed', '/a', z(4), 25);
    told.conn(3, { handle: 2, requested: '0xb', lastZxidSeen: z(3), invokedUs: 30 });
    silent(told.op(3, ask.exists('/b'), z(3), at(40), {}, { error: -101 }), 'event-only');
  });
});
