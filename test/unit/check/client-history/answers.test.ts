import { describe, expect, test } from 'vitest';
import type { HistoryHeader } from '../../../../src/check/history/client-history.ts';
import { ask, made, statOf, ToldHistory, z } from './told-history.ts';
import { a3, at, error, only, set, silent, stat3 } from './told-steps.ts';

/** For each guarantee: a history that breaks it, and one that looks like it and is legal. */

describe('K5, reads', () => {
  test('a value, a Stat, a child or an error that is not so at its zxid', () => {
    const rule = ['K5: a read did not answer from the state of its zxid'];
    const story = () => a3(ToldHistory.two());
    expect(story().op(2, ask.get('/a'), z(3), at(20), { data: 'x', stat: stat3() }).broken()).toEqual(rule);
    expect(
      story()
        .op(2, ask.get('/a'), z(3), at(20), { data: null, stat: stat3({ version: 1 }) })
        .broken(),
    ).toEqual(rule);
    expect(
      story()
        .op(2, ask.list('/'), z(3), at(20), { children: ['zookeeper'] })
        .broken(),
    ).toEqual(rule);
    expect(story().op(2, ask.exists('/a'), z(3), at(20), {}, { error: -101 }).broken()).toEqual(rule);
  });

  test('a stale read, and the epoch’s own zxid', () => {
    const told = a3(ToldHistory.two()).op(2, ask.exists('/a'), z(2), at(20), {}, { error: -101 });
    silent(told.op(2, ask.list('/'), z(0, 2), at(30), { children: ['a', 'zookeeper'] }));
  });

  test('the configuration’s Stat is the server’s own', () => {
    const told = a3(ToldHistory.two()).op(2, ask.get('/zookeeper/config'), z(3), at(20), {
      data: 'server.1=…',
      stat: statOf({ version: -1 }),
    });
    silent(told, 'W5');
  });

  test('without a log: two values that overlap, a lost update, one zxid with two values', () => {
    const seen =
      (connection: number, until: number, mzxid: number, version: number, data: string) =>
      (told: ToldHistory) =>
        told.op(connection, ask.get('/a'), until, at(50), { data, stat: stat3({ mzxid, version }) });
    const told = () => a3(ToldHistory.two({ whiteBox: false }));
    expect(
      seen(2, z(6), z(4), 1, 'x')(seen(1, z(5), z(5), 2, 'y')(told())).broken({ search: false }),
    ).toEqual(['K5: a value was seen after the one that replaced it']);
    expect(
      seen(2, z(5), z(4), 1, 'x')(seen(1, z(5), z(4), 1, 'y')(told())).broken({ search: false }),
    ).toEqual(['K5: one mzxid stands for two values']);
    const lost = told().op(1, ask.set('/a', 'x'), z(4), at(20));
    expect(seen(2, z(5), z(3), 0, 'y')(lost).broken({ search: false })).toEqual([
      'K5: an acknowledged change was not seen',
    ]);
    expect(
      seen(2, z(5), z(5), 1, 'x')(seen(1, z(4), z(4), 1, 'y')(told())).broken({ search: false }),
    ).toEqual(['K5: a version did not rise']);
  });
});

describe('K6, verdicts on writes', () => {
  const rule = 'K6: a write was judged otherwise than the state before it demands';

  test('one that should have failed, and one that should not', () => {
    const wrong = a3(ToldHistory.two()).write(2, ask.set('/a', 'x', 7), set('x', 1), z(4), at(20));
    expect(wrong.broken()).toEqual([rule, 'lin: no order explains what was answered']);
    const fails = { error: -103 };
    const refused = a3(ToldHistory.two()).write(
      2,
      ask.set('/a', 'x', 0),
      error(-103),
      z(4),
      at(20),
      {},
      fails,
    );
    expect(refused.broken()).toEqual([rule, 'lin: no order explains what was answered']);
  });

  test('where the servers had data before, nothing is searched that begins with none', () => {
    const there = (priorData?: boolean) =>
      ToldHistory.two({ whiteBox: false, ...(priorData === undefined ? {} : { priorData }) })
        .op(1, ask.create('/a'), z(3), at(10), {}, { error: -110 })
        .broken();
    expect(there()).toEqual(['lin: no order explains what was answered']);
    expect(there(true)).toEqual([]);
  });

  test('an answer that is not the log’s, another change than asked for, and a wrong Stat', () => {
    expect(
      a3(ToldHistory.two())
        .write(2, ask.set('/a', 'x', 7), error(-103), z(4), at(20))
        .broken({ search: false }),
    ).toEqual(['K6: a write was answered otherwise than the log has it']);
    only(
      a3(ToldHistory.two()).write(2, ask.set('/a', 'x'), set('y', 1), z(4), at(20)),
      'K6: the log holds another change than was asked for',
    );
    only(
      a3(ToldHistory.two()).write(2, ask.set('/a', 'x'), set('x', 1), z(4), at(20), {
        stat: stat3({ mzxid: z(4), version: 1 }),
      }),
      'K6: a write answered what is not so after it',
    );
    const right = { stat: stat3({ mzxid: z(4), version: 1, dataLength: 1 }) };
    silent(a3(ToldHistory.two()).write(2, ask.set('/a', 'x'), set('x', 1), z(4), at(20), right));
  });

  test('a sequential name', () => {
    const request = ask.create('/a/n', { mode: 'persistent-sequential' });
    const story = (name: string) =>
      a3(ToldHistory.two()).write(2, request, made(name), z(4), at(20), { path: name });
    silent(story('/a/n0000000000'));
    only(story('/a/n0000000001'), 'K6: the log holds another change than was asked for');
  });

  const closing = (closeMs: number, deleteMs: number) => {
    const told = a3(ToldHistory.two()).write(
      2,
      ask.ephemeral('/a/e'),
      made('/a/e', { life: 'ephemeral' }),
      z(4),
      at(20),
      { path: '/a/e' },
    );
    told.log(z(5), { type: 'closeSession', paths: ['/a/e'] }, 2, 0, closeMs);
    told.op(1, ask.remove('/a'), z(6), at(40), {}, { error: -111 });
    return told.log(z(6), error(-111), 1, 2, deleteMs);
  };

  test('W1: NOTEMPTY right after a close', () => silent(closing(1000, 1500), 'W1'));
  test('but not long after it', () => only(closing(1000, 60_000), rule));

  test('W2: a counter that ran over', () => {
    const told = a3(ToldHistory.two()).log(z(4), made('/a/x', { parentCversion: 2147483647 }));
    const request = ask.create('/a/n', { mode: 'persistent-sequential' });
    silent(told.write(2, request, error(-110), z(5), at(20), {}, { error: -110 }), 'W2');
  });

  test('W3: a quota, where there is one', () => {
    const full = (told: ToldHistory) =>
      told.write(2, ask.create('/a/b'), error(-125), z(6), at(20), {}, { error: -125 });
    const limits = a3(ToldHistory.two())
      .log(z(4), made('/zookeeper/quota/a'))
      .log(z(5), made('/zookeeper/quota/a/zookeeper_limits'));
    silent(full(limits), 'W3');
    only(full(a3(ToldHistory.two())), rule);
  });

  test('an ACL forbids, unless no ACL counts', () => {
    const acl = [{ perms: 1, scheme: 'digest', id: 'a:b' }];
    const told = (skipAcl: boolean) =>
      a3(ToldHistory.two({ skipAcl }))
        .log(z(4), { type: 'setACL', path: '/a', acl, version: 1 }, 1, 9)
        .write(2, ask.set('/a', 'x'), set('x', 1), z(5), at(30));
    only(told(false), 'K6: a write was judged otherwise than the state before it demands');
    silent(told(true));
  });

  test('W4: a setACL of the root under way', () => {
    const acl = [{ perms: 1, scheme: 'world', id: 'anyone' }];
    const closed = a3(ToldHistory.two()).log(z(4), { type: 'setACL', path: '/', acl, version: 1 }, 1, 9);
    silent(closed.write(2, ask.create('/b'), made('/b'), z(5), at(20), { path: '/b' }), 'W4');
  });

  const reaped = { type: 'delete', path: '/t' } as const;
  const ttl = (refreshes: readonly number[] = [], header = {}) => {
    const told = ToldHistory.two({ ttlNodes: true, maxNeverUsedMs: 5000, ...header });
    told.log(z(3), made('/t', { life: 'ttl', ttl: 20_000 }), 0, 0, 1000);
    for (const [i, atMs] of refreshes.entries())
      told.log(z(4 + i), { ...set('x', i + 1), path: '/t' }, 1, 1 + i, atMs);
    return told;
  };
  const box = () =>
    ToldHistory.two({ maxNeverUsedMs: 5000 }).log(z(3), made('/t', { life: 'container' }), 0, 0, 1000);

  test('what the reaper takes is due', () => {
    silent(ttl().log(z(4), reaped, 0, 0, 21_001));
    silent(box().log(z(4), reaped, 0, 0, 6001));
    silent(
      box()
        .log(z(4), made('/t/c'), 1, 1, 1100)
        .log(z(5), { type: 'delete', path: '/t/c' }, 1, 2, 1200)
        .log(z(6), reaped, 0, 0, 1201),
    );
    const early = 'K6: the reaper took a znode before its time';
    only(ttl().log(z(4), reaped, 0, 0, 21_000), early);
    only(box().log(z(4), reaped, 0, 0, 6000), early);
    only(
      a3(ToldHistory.two()).log(z(4), { type: 'delete', path: '/a' }),
      'K6: the reaper took a znode that is neither container nor TTL',
    );
  });

  test('what is due goes: within a round, and what a commit may take', () => {
    const other = (epoch: number, counter: number, atMs: number, header = {}) =>
      ttl([], { reaperCheckMs: 1000, ...header }).log(z(counter, epoch), made('/o'), 1, 1, atMs);
    const left = 'K6: the reaper leaves a znode that is due';
    silent(other(1, 4, 33_000));
    only(other(1, 4, 33_001), left);
    only(other(1, 4, 43_000, { reaperPauseMs: 4999 }), left);
    silent(other(1, 4, 43_000, { reaperPauseMs: 5000 }));
    silent(other(1, 4, 33_001, { wallJumpMs: 1 }));
    // The next leader begins anew.
    silent(other(2, 1, 60_000).log(z(2, 2), made('/p'), 1, 2, 72_000));
    only(other(2, 1, 60_000).log(z(2, 2), made('/p'), 1, 2, 72_001), left);
  });

  test('the round before what is due takes as long as it has nodes', () => {
    const told = ttl([], { reaperCheckMs: 1000, reaperPauseMs: 5000 })
      .log(z(4), made('/u', { life: 'ttl', ttl: 20_000 }), 0, 0, 1001)
      .log(z(5), { type: 'delete', path: '/u' }, 0, 0, 21_002);
    silent(told.log(z(6), made('/o'), 1, 1, 53_000));
  });

  test('one node after the other goes, with a pause in between', () => {
    const fast = 'K6: the reaper does not pause between two znodes';
    const gone = (header: Partial<HistoryHeader>, ...timesMs: number[]) => {
      const told = ToldHistory.two({ maxNeverUsedMs: 1, reaperPauseMs: 100, slackUs: 48_000, ...header });
      for (const i of timesMs.keys()) told.log(z(3 + i), made(`/${i}`, { life: 'container' }), 0, 0, 1000);
      for (const [i, ms] of timesMs.entries())
        told.log(z(3 + i + timesMs.length), { type: 'delete', path: `/${i}` }, 0, 0, ms);
      return told;
    };
    silent(gone({}, 2000, 2100, 2200));
    // The first may have come late, but not that late.
    silent(gone({}, 2000, 2050, 2150));
    only(gone({}, 2000, 2049, 2149), fast);
    only(gone({}, 2000, 2080, 2160, 2240), fast);
    // A rest does not save up for later.
    only(gone({}, 2000, 9000, 9049), fast);
    silent(gone({}, 2000, 9000, 9100));
    silent(gone({ wallJumpMs: 1 }, 2000, 2000));
    silent(gone({ reaperPauseMs: 0 }, 2000, 2000));
    silent(gone({ reaperPauseMs: undefined }, 2000, 2000));
    // Another leader has a pace of its own; what failed counts.
    const other = gone({}, 2000);
    silent(other.log(z(1, 2), made('/n', { life: 'container' }), 0, 0, 1000));
    silent(other.log(z(2, 2), { type: 'delete', path: '/n' }, 0, 0, 2001));
    only(other.log(z(3, 2), error(-101), 0, 0, 2002), fast);
  });

  test('a clock that was set back right after the reaper looked at it', () => {
    silent(ttl([], { wallJumpMs: 2600 }).log(z(4), reaped, 0, 0, 18_500));
    only(
      ttl([], { wallJumpMs: 2400 }).log(z(4), reaped, 0, 0, 18_500),
      'K6: the reaper took a znode before its time',
    );
  });

  test('W6: a TTL node that was just refreshed, a container that is another now', () => {
    silent(ttl([20_995, 21_002]).log(z(6), reaped, 0, 0, 21_003), 'W6');
    // The round began when it was due, and takes its time.
    silent(ttl([20_995], { reaperPauseMs: 10_000 }).log(z(5), reaped, 0, 0, 30_996), 'W6');
    // What was refreshed so long ago has been applied.
    only(ttl([20_995]).log(z(5), reaped, 0, 0, 30_996), 'K6: the reaper took a znode before its time');
    silent(
      box().log(z(4), reaped, 1, 1, 7000).log(z(5), made('/t'), 1, 2, 7001).log(z(6), reaped, 0, 0, 7002),
      'W6',
    );
  });
});

describe('K7, multis', () => {
  const multi = { op: 'multi', parts: [ask.create('/x'), ask.create('/y')] } as never;
  const done = (told: ToldHistory) =>
    told.write(1, multi, { type: 'multi', parts: [made('/x'), made('/y')] }, z(4), at(20), {
      parts: [
        { error: 0, path: '/x' },
        { error: 0, path: '/y' },
      ],
    });
  const list = (children: string[]) =>
    done(a3(ToldHistory.two())).op(2, ask.list('/'), z(4), at(30), { children });
  const rule = 'K7: a read saw a multi undone or half done at its zxid';

  test('half of one, or none of it, at its zxid', () => {
    only(list(['a', 'x', 'zookeeper']), rule);
    only(list(['a', 'zookeeper']), rule);
  });

  test('all of it', () => silent(list(['a', 'x', 'y', 'zookeeper'])));

  test('part of one that failed', () => {
    const told = (children: string[]) =>
      a3(ToldHistory.two())
        .write(
          1,
          { op: 'multi', parts: [ask.create('/x'), ask.remove('/q')] } as never,
          {
            type: 'multi',
            parts: [made('/x'), error(-101)],
          },
          z(4),
          at(20),
          { parts: [{ error: 0 }, { error: -101 }] },
          { error: -101 },
        )
        .op(2, ask.list('/'), z(4), at(30), { children });
    only(told(['a', 'x', 'zookeeper']), rule);
    silent(told(['a', 'zookeeper']));
  });
});

describe('K8, durability', () => {
  test('an acknowledged write that is not in the log', () => {
    const told = a3(ToldHistory.two()).op(2, ask.set('/a', 'x'), z(4), at(20));
    only(told, 'K8: an acknowledged write is not in the log');
  });

  test('a server that delivers something else, trees that differ, a log cut too deep', () => {
    const story = () => a3(ToldHistory.two()).apply(1, z(3));
    only(story().apply(2, z(3), { hash: 8 }), 'K8: a server delivered something else than the log has');
    only(story().apply(2, z(3), { state: 8 }), 'K8: two servers have different trees at one zxid');
    only(
      story().tell({ kind: 'cut', server: 1, atUs: 9, zxid: z(2) }),
      'K8: a log was cut below what its server had delivered',
    );
    silent(
      story()
        .apply(2, z(3))
        .tell({ kind: 'cut', server: 2, atUs: 9, zxid: z(3) }),
    );
    // A fuzzy snapshot may be ahead of what is applied on it.
    silent(story().apply(2, z(3), { state: -1 }));
    // A cut before the delivery says nothing of it.
    silent(
      a3(ToldHistory.two())
        .tell({ kind: 'cut', server: 1, atUs: 9, zxid: z(1) })
        .apply(1, z(3)),
    );
  });
});
