import { describe, expect, test } from 'vitest';
import type { ConnectionEntry, HistoryHeader } from '../../../../src/check/history/client-history.ts';
import type { Request } from '../../../../src/check/history/request.ts';
import { ask, made, ToldHistory, z } from './told-history.ts';
import { a3, at, error, only, set, silent, stat3 } from './told-steps.ts';

const NO_CAUSE = 'a request failed with a code for which there is no cause';
const OVER = 'K14: a session was said to be over that nobody ended';
const NOT_REFUSED = 'K6: a local session was not refused an ephemeral node';
const NO_LOCAL = 'K6: a write was refused to a local session that is none, or makes no ephemeral';

describe('codes without a cause', () => {
  const failed = (request: Request, code: number, header: Partial<HistoryHeader> = { ownClients: true }) =>
    a3(ToldHistory.two(header)).op(2, request, z(3), at(20), {}, { error: code });

  test('no server makes up what clients do, and nobody sends garbage', () => {
    only(failed(ask.get('/a'), -4), `K5: ${NO_CAUSE}`);
    only(failed(ask.sync, -122), `K15: ${NO_CAUSE}`);
    only(failed(ask.ping, -127), `K5: ${NO_CAUSE}`);
    only(failed(ask.get('/b'), -5), `K5: ${NO_CAUSE}`);
    silent(failed(ask.get('/a'), -4, {}));
    silent(failed(ask.sync, -127, {}));
  });

  test('what looks at no znode fails for its session or its watches alone', () => {
    const remove = { op: 'removeWatches', path: '/a', type: 'any' } as const;
    only(failed(ask.sync, -101), `K15: ${NO_CAUSE}`);
    only(failed({ op: 'whoAmI' }, -101), `K5: ${NO_CAUSE}`);
    only(failed(remove, -101), `K5: ${NO_CAUSE}`);
    silent(failed(remove, -121));
    silent(failed(ask.sync, -101, {}));
  });

  test('a write that was taken for garbage, in the log', () => {
    const garbled = (header: Partial<HistoryHeader>, code = -5) =>
      a3(ToldHistory.two(header)).write(
        2,
        ask.set('/b', 'x'),
        error(code),
        z(4),
        at(20),
        {},
        { error: code },
      );
    const told = garbled({ ownClients: true }).broken();
    expect(told).toEqual([`K6: ${NO_CAUSE}`]);
    silent(garbled({}));
    silent(garbled({ ownClients: true }, -101));
    const unanswered = a3(ToldHistory.two({ ownClients: true }))
      .op(2, ask.set('/b', 'x'), -1, at(20), {}, { cxid: 5 })
      .log(z(4), error(-5), 2, 5);
    only(unanswered, 'K6: a write was judged otherwise than the state before it demands');
  });
});

describe('without a quorum', () => {
  const READER: Partial<ConnectionEntry> = { handle: 2, role: 'read-only', invokedUs: 11, returnedUs: 12 };
  const asked = (
    request: Request,
    code: number,
    conn: Partial<ConnectionEntry> = {},
    result: Parameters<ToldHistory['op']>[4] = {},
  ) =>
    a3(ToldHistory.two({ localSessions: true }))
      .conn(3, { ...READER, ...conn })
      .op(3, request, z(3), at(20), result, { error: code });
  const REFUSED = 'what needs a quorum was not refused where there is none';
  const AS_IF = 'a server refused what it can do as if it had no quorum';

  test('writes and syncs are refused, and nothing else is', () => {
    for (const request of [ask.set('/a', 'x'), ask.sync]) silent(asked(request, -119));
    expect(asked(ask.set('/a', 'x'), -101).broken()).toContain(`K6: ${REFUSED}`);
    only(asked(ask.sync, 0), `K15: ${REFUSED}`);
    only(asked(ask.get('/a'), -119), `K5: ${AS_IF}`);
    only(asked(ask.get('/a'), -119, { role: 'follower' }), `K5: ${AS_IF}`);
    only(asked(ask.sync, -119, { role: 'leader' }), `K15: ${AS_IF}`);
    silent(asked(ask.sync, -119, { role: 'unknown' }));
    // A local session ends here, a global one elsewhere.
    silent(asked(ask.close, 0));
    silent(asked(ask.close, -119));
  });

  test('reads answer from the state of their zxid, if that is what the server has', () => {
    const exact = { serverZxid: z(3), exact: true } as const;
    const rule = 'K5: a read did not answer from the state of its zxid';
    silent(asked(ask.get('/a'), 0, exact, { data: null, stat: stat3() }));
    only(asked(ask.get('/a'), -101, exact), rule);
    silent(asked(ask.get('/a'), -101, { serverZxid: z(3) }));
    silent(asked(ask.get('/a'), -101, { serverZxid: z(2), exact: true }));
  });

  test('a server whose history is not that of all may have another state', () => {
    const told = a3(ToldHistory.two())
      .conn(3, { ...READER, serverZxid: z(9), exact: true })
      .op(3, ask.get('/a'), z(9), at(20), {}, { error: -101 });
    silent(told);
  });
});

describe('local sessions', () => {
  const LOCAL = { localSessions: true, sessionUpgrades: false, ownClients: true } as const;
  /** Client 1 wants an ephemeral node, and is told that; its session is in no log. */
  const refused = (
    code: number,
    header: Partial<HistoryHeader> = LOCAL,
    request = ask.ephemeral('/b'),
    logged = -112,
  ) =>
    a3(new ToldHistory(header).conn(1)).write(1, request, error(logged), z(4), at(20), {}, { error: code });

  test('one that may not become global is refused an ephemeral node, and told why', () => {
    silent(refused(-120));
    only(refused(-112), NOT_REFUSED);
    silent(refused(-120, { ...LOCAL, sessionUpgrades: undefined }));
    only(refused(-120, { ...LOCAL, sessionUpgrades: true }), NO_LOCAL);
    only(refused(-120, LOCAL, ask.create('/b')), NO_LOCAL);
  });

  test('nobody else is told that', () => {
    const told = new ToldHistory({ ...LOCAL, sessionUpgrades: undefined }).conn(1).session(1, z(1));
    only(a3(told).write(1, ask.ephemeral('/b'), error(-120), z(4), at(20), {}, { error: -120 }), NO_LOCAL);
  });

  const multi = (...codes: number[]) => {
    const parts = [ask.create('/c'), ask.ephemeral('/b')] as never;
    const error = codes.find((code) => code !== 0) ?? 0;
    const result = { parts: codes.map((code) => ({ error: code })) };
    return (header: Partial<HistoryHeader> = LOCAL) =>
      a3(new ToldHistory(header).conn(1))
        .op(1, { op: 'multi', parts }, z(4), at(20), result, { error, cxid: 7 })
        .log(z(4), { type: 'multi', parts: codes.map((code) => ({ type: 'error', code })) }, 1, 7);
  };

  test('in a multi it is the leader that does not know it', () => {
    silent(multi(0, -112)());
    silent(multi(0, -120)());
    expect(multi(0, -103)().broken()).toContain(NOT_REFUSED);
    only(multi(0, -112)({ ...LOCAL, sessionUpgrades: true }), OVER);
  });

  test('one that lives is not said to be over', () => {
    const SECOND = 1_000_000;
    const write = () => {
      const told = a3(new ToldHistory(LOCAL).conn(1));
      const times = at(20 * SECOND);
      return told.write(1, ask.set('/a', 'x'), error(-112), z(4), times, {}, { error: -112 });
    };
    only(write(), OVER);
    const expiry = { kind: 'expiry', server: 1, session: '0xa', timeoutUs: 4 * SECOND } as const;
    silent(write().tell({ ...expiry, touchedUs: 11 * SECOND, preparedUs: 15 * SECOND }));
    only(write().tell({ ...expiry, touchedUs: 20 * SECOND, preparedUs: 24 * SECOND + 1 }), OVER);
    silent(write().op(1, ask.close, -1, at(19 * SECOND), {}, { outcome: 'unknown' }));
    const others = a3(new ToldHistory({ ...LOCAL, ownClients: false }).conn(1));
    silent(others.write(1, ask.set('/a', 'x'), error(-112), z(4), at(20), {}, { error: -112 }));
  });

  test('a plain write of a local session', () => {
    const told = a3(new ToldHistory(LOCAL).conn(1));
    silent(told.write(1, ask.set('/a', 'x'), set('x', 1), z(4), at(20)));
    silent(told.write(1, ask.create('/b'), made('/b'), z(5), at(30), { path: '/b' }));
  });
});
