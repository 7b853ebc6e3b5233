import { describe, expect, test } from 'vitest';
import { ask, made, ToldHistory, z } from './told-history.ts';
import { a3, at, error, only, set, silent, stat3 } from './told-steps.ts';

/** For each guarantee: a history that breaks it, and one that looks like it and is legal. */

describe('K9, timeliness', () => {
  const story = (sentUs: number) =>
    a3(ToldHistory.two()).op(2, ask.exists('/a'), z(2), at(sentUs), {}, { error: -101 });

  test('a read older than the bound', () => only(story(12_000_100), 'K9: a read was older than the bound'));

  test('an old one within it', () => {
    silent(story(12_000_000));
    expect(story(12_000_000).report().staleness).toMatchObject({
      stale: 1,
      maxUs: 11_999_989,
      maxZxidsBehind: 1,
    });
  });

  test('one that misses nothing of its path', () =>
    silent(a3(ToldHistory.two()).op(2, ask.exists('/b'), z(2), at(99_000_000), {}, { error: -101 })));
});

describe('K15, what a leader has committed', () => {
  const rule = 'K15: a sync was answered before what its leader had committed when it was sent';
  const story = (committedUs: number | undefined, conn: { role?: 'leader' } = {}) => {
    const told = new ToldHistory().conn(1).conn(2, conn).session(1, z(1)).session(2, z(2));
    const write = { type: 'create', path: '/a', data: null, acl: null, life: 'persistent', ttl: -1 } as const;
    return told.op(2, ask.sync, z(2), at(30), { path: '/' }).tell({
      kind: 'log',
      zxid: z(3),
      session: '0xa',
      cxid: 9,
      timeMs: 0,
      committedUs,
      hash: 7,
      txn: { ...write, parentCversion: -1 },
    });
  };

  test('is not missed by a sync that was sent later', () => {
    only(story(29), rule);
    silent(story(30));
    silent(story(undefined));
    silent(story(29, { role: 'leader' }), 'leader-sync');
  });

  test('in another epoch another leader answers', () => {
    const told = new ToldHistory().conn(1).conn(2).session(1, z(1)).session(2, z(2));
    const txn = made('/a');
    const entry = { kind: 'log', session: '0xa', cxid: 9, timeMs: 0, hash: 7, txn } as const;
    silent(told.tell({ ...entry, zxid: z(1, 2), committedUs: 10 }).op(2, ask.sync, z(2), at(30)));
  });
});

describe('K10 to K12, watches', () => {
  const watched = () => a3(ToldHistory.two()).op(2, ask.exists('/a', true), z(3), at(20), { stat: stat3() });
  const changed = () => watched().log(z(4), set('x', 1), 1, 9).log(z(5), set('y', 2), 1, 10);
  const later = (told: ToldHistory) => told.op(2, ask.exists('/b'), z(5), at(40), {}, { error: -101 });
  const missing = 'K11: a watch that was due did not fire';
  const phantom = 'K12: an event came that no watch was due for';

  test('an event after a reply that has seen it', () => {
    const told = later(changed()).ev(2, 'data-changed', '/a', z(4), 50);
    expect(told.broken()).toEqual([
      'K10: an event came after a reply that had seen its transaction',
      missing,
      phantom,
    ]);
  });

  test('events of one transaction out of order', () => {
    const parts = [set('x', 1), made('/a/b')];
    const both = watched()
      .op(2, ask.list('/a', true), z(3), at(21), { children: [] })
      .log(z(4), { type: 'multi', parts }, 1, 9);
    only(
      both.ev(2, 'children-changed', '/a', z(4)).ev(2, 'data-changed', '/a', z(4)),
      'K10: the events of one transaction came in another order than its changes',
    );
  });

  test('one event, and only the first change', () =>
    silent(later(changed().ev(2, 'data-changed', '/a', z(4), 30))));

  test('no event, and none is needed before a packet that has seen the change', () => {
    only(later(changed()), missing);
    silent(changed().op(2, ask.exists('/b'), z(3), at(40), {}, { error: -101 }));
    silent(changed());
  });

  test('an event twice, or without a watch', () => {
    only(changed().ev(2, 'data-changed', '/a', z(4)).ev(2, 'data-changed', '/a', z(4)), phantom);
    only(changed().ev(2, 'data-changed', '/a', z(4)).ev(2, 'data-changed', '/a', z(5)), phantom);
    only(a3(ToldHistory.two()).ev(2, 'created', '/a', z(3)), phantom);
  });

  test('a persistent watch fires for each, a recursive one below, with one packet for a delete', () => {
    const add = (recursive: boolean) =>
      a3(ToldHistory.two()).op(2, { op: 'addWatch', path: recursive ? '/' : '/a', recursive }, z(3), at(20));
    const both = (told: ToldHistory) =>
      told.log(z(4), set('x', 1), 1, 9).log(z(5), { type: 'delete', path: '/a' }, 1, 10);
    const heard = (told: ToldHistory) => told.ev(2, 'data-changed', '/a', z(4)).ev(2, 'deleted', '/a', z(5));
    silent(later(heard(both(add(false)))));
    silent(later(heard(both(add(true)))));
    only(later(both(add(true)).ev(2, 'data-changed', '/a', z(4))), missing);
    const removed = both(add(false).op(2, { op: 'removeWatches', path: '/a', type: 'any' }, z(3), at(25)));
    silent(later(removed));
  });

  test('an event about what its reader may not read', () => {
    const acl = [{ perms: 1, scheme: 'digest', id: 'a:b' }];
    const secret = () =>
      watched()
        .log(z(4), { type: 'setACL', path: '/a', acl, version: 1 }, 1, 9)
        .log(z(5), set('x', 1), 1, 10);
    silent(later(secret()));
    only(secret().ev(2, 'data-changed', '/a', z(5)), phantom);
  });

  const back = (relative: number, fields: object, tell: (told: ToldHistory) => ToldHistory) => {
    const told = changed().conn(3, { handle: 2, requested: '0xb', lastZxidSeen: z(3), invokedUs: 30 });
    return tell(told).op(3, ask.setWatches(relative, fields), z(5), at(31, 60), {}, { cxid: -8 });
  };

  test('setWatches makes up for what was missed', () => {
    silent(back(z(3), { data: ['/a'] }, (told) => told.ev(3, 'data-changed', '/a', -1, 50)));
    silent(back(z(5), { data: ['/a'], exist: ['/b'], child: ['/a'], persistent: ['/a'] }, (told) => told));
    only(
      back(z(3), { data: ['/a'] }, (told) => told),
      'K11: setWatches did not make up for a missed change',
    );
    only(
      back(z(5), { data: ['/a'] }, (told) => told.ev(3, 'data-changed', '/a', -1, 50)),
      'K12: setWatches made up an event that its state does not give',
    );
    only(watched().ev(2, 'deleted', '/a', -1), 'K12: an event was made up without setWatches');
  });
});

describe('K13, sessions and ephemerals', () => {
  const ephemeral = () =>
    a3(ToldHistory.two()).write(2, ask.ephemeral('/e'), made('/e', { life: 'ephemeral' }), z(4), at(20), {
      path: '/e',
    });
  const close = (paths: string[]) => ({ type: 'closeSession', paths }) as const;

  test('a close that leaves or takes too much', () => {
    expect(ephemeral().log(z(5), close([]), 2).broken()).toEqual([
      'K13: a closed session took other znodes along than its ephemerals',
      'K13: an ephemeral outlived its session',
    ]);
    only(
      ephemeral().log(z(5), close(['/e', '/a']), 2),
      'K13: a closed session took other znodes along than its ephemerals',
    );
  });

  test('one that takes its own; a second close of it; an error after it', () => {
    silent(
      ephemeral()
        .log(z(5), close(['/e']), 2)
        .log(z(6), close([]), 2)
        .log(z(7), error(-112), 2, 9),
    );
  });

  test('a change before its session, after it, a session twice, a close of none', () => {
    only(
      a3(ToldHistory.two()).log(z(4), made('/c'), 3, 1),
      'K13: a session changed something before it was opened',
    );
    only(ephemeral().session(2, z(5)), 'K13: a session was opened twice');
    only(a3(ToldHistory.two()).log(z(4), close([]), 3), 'K13: a session was closed that was never opened');
    silent(a3(ToldHistory.two({ localSessions: true })).log(z(4), made('/c'), 3, 1));
  });
});

describe('K14, expiry', () => {
  const S = 1_000_000;
  const expired = (preparedUs: number) =>
    a3(ToldHistory.two()).tell({
      kind: 'expiry',
      server: 1,
      session: '0xb',
      touchedUs: S,
      timeoutUs: 4 * S,
      preparedUs,
    });

  test('too early, too late, and in time', () => {
    only(expired(4.9 * S), 'K14: a session expired too early');
    only(expired(7.1 * S), 'K14: a session expired too late');
    silent(expired(6 * S));
  });

  const pinged = (...atUs: readonly number[]) => {
    const told = a3(ToldHistory.two({ syncLimit: 1, tickTimeUs: 200_000 }));
    for (const us of atUs) told.op(2, ask.ping, z(3), [us, us + 10], {}, { cxid: -2 });
    return told.log(z(4), { type: 'closeSession', paths: [] }, 2);
  };

  test('although its client was answered, over a connection that went on', () => {
    const both = () => pinged(20 * S, 21 * S);
    only(
      both().apply(1, z(4), { atUs: 21 * S + 20 }),
      'K14: a session expired although its client had been answered',
    );
    silent(both().apply(1, z(4), { atUs: 25 * S }));
  });

  test('although its client was answered by the server that alone knows of it', () => {
    const local = (touchedUs: number, preparedUs: number) =>
      new ToldHistory({ localSessions: true })
        .conn(1)
        .op(1, ask.ping, z(3), [5 * S, 5 * S + 10], {}, { cxid: -2 })
        .tell({ kind: 'expiry', server: 1, session: '0xa', touchedUs, timeoutUs: 4 * S, preparedUs });
    only(local(S, 6 * S), 'K14: a local session expired although its client had been answered');
    silent(local(5 * S, 9.5 * S));
  });

  test('while touches could not reach the leader', () => {
    silent(pinged(20 * S).apply(1, z(4), { atUs: 21 * S }), 'unshipped-touches');
    // The last one is lost with the learner: what counts is the one before, however long ago that was.
    silent(pinged(20 * S, 23.8 * S).apply(1, z(4), { atUs: 24.2 * S }), 'unshipped-touches');
  });
});

describe('K15, sync', () => {
  const story = (role: 'leader' | 'follower', zxid: number, epoch = 1) => {
    const told = new ToldHistory().conn(1).conn(2, { role }).session(1, z(1)).session(2, z(2));
    told.write(1, ask.create('/a'), made('/a'), z(3, epoch), at(10), { path: '/a' });
    return told.op(2, ask.sync, zxid, at(20)).op(2, ask.exists('/b'), zxid, at(30), {}, { error: -101 });
  };

  test('less than had been seen before it', () =>
    only(story('follower', z(2)), 'K15: after sync somebody saw less than had been seen before it'));

  test('as much', () => silent(story('follower', z(3))));
  test('less, at the leader', () => silent(story('leader', z(2)), 'leader-sync'));
  test('less, below a leader that was replaced', () => silent(story('follower', z(2), 2), 'two-leaders'));
});

describe('K17, healing', () => {
  const S = 1_000_000;
  const end = (told: ToldHistory, last = z(4), state = 4, quiet = true) => {
    const at3 = { zxid: z(4), state: 4 };
    const servers = [
      { server: 1, ...at3 },
      { server: 2, ...at3 },
      { server: 3, zxid: last, state },
    ];
    return told.tell({ kind: 'final', atUs: 900 * S, healedUs: 20 * S, quiet, servers });
  };
  const written = () => a3(ToldHistory.two()).write(2, ask.set('/a', 'x'), set('x', 1), z(4), at(30 * S));

  test('servers that do not agree, a server that is missing', () => {
    only(end(written(), z(3)), 'K17: two servers ended at different zxids');
    expect(end(written(), z(4), 5).broken()).toContain('K17: two servers ended with different trees');
    silent(end(written()));
    // Where a server took a snapshot over last, nobody knows.
    silent(end(written(), z(4), -1));
    // While writes go on, servers are apart by what is on its way.
    silent(end(written(), z(3), 4, false));
  });

  test('what was begun at the very end of the time shows nothing', () => {
    const late = { outcome: 'lost', invokedUs: 20 * S + 499 * S, returnedUs: -1 } as const;
    const told = end(written().conn(4, late));
    expect(told.report({ healingUs: 500 * S }).ok).toBe(true);
    expect(told.report({ healingUs: 600 * S }).ok).toBe(false);
  });

  test('what was answered in time shows something however late it was begun', () => {
    const back = { requested: '0xa', handle: 1, lastZxidSeen: z(4) } as const;
    const last = { ...back, invokedUs: 20 * S + 497 * S, outcome: 'accepted' } as const;
    // A leader that serves no clients turned the only one away that came before.
    const early = { ...back, invokedUs: 300 * S, outcome: 'refused', returnedUs: -1 } as const;
    const told = (returnedUs: number) =>
      end(
        written()
          .conn(4, early)
          .conn(5, { ...last, returnedUs }),
      ).report({ healingUs: 500 * S });
    expect(told(20 * S + 498 * S).ok).toBe(true);
    expect(told(20 * S + 501 * S).ok).toBe(false);
  });

  test('what was lost soon after healing, to an election that went on, shows nothing', () => {
    silent(end(written().conn(4, { outcome: 'lost', invokedUs: 25 * S, returnedUs: -1 })));
  });

  test('nobody can write, or open a session', () => {
    const stuck = a3(ToldHistory.two())
      .op(2, ask.set('/a', 'x'), -1, at(90 * S))
      .log(z(4), set('x', 1), 2, 1);
    only(end(stuck), 'K17: no write was answered after healing');
    only(
      end(written().conn(4, { outcome: 'lost', invokedUs: 90 * S, returnedUs: -1 })),
      'K17: no new session connected after healing',
    );
    const back = { requested: '0xa', handle: 1, invokedUs: 90 * S, lastZxidSeen: z(4) } as const;
    only(
      end(written().conn(4, { ...back, outcome: 'refused', returnedUs: -1 })),
      'K17: no session was let in again after healing',
    );
    const over = written().log(z(5), { type: 'closeSession', paths: [] }, 1);
    silent(end(over.conn(4, { ...back, outcome: 'expired', returnedUs: 91 * S })));
    // Of an epoch that began it knows more than who follows: it is let in when something is committed.
    const ahead = { ...back, lastZxidSeen: z(0, 2) };
    silent(end(written().conn(4, { ...ahead, outcome: 'behind', returnedUs: -1 })));
    const afresh = { ...ahead, requested: '0x0', outcome: 'behind', returnedUs: -1 } as const;
    silent(end(written().conn(4, afresh)));
    const outdone = written()
      .log(z(1, 2), set('y', 2), 2, 2)
      .conn(4, { ...ahead, outcome: 'behind' });
    expect(end(outdone).broken()).toContain('K17: no session was let in again after healing');
  });

  test('who saw what a server without a quorum had logged may know more than is ever committed', () => {
    const ahead = {
      handle: 9,
      invokedUs: 90 * S,
      lastZxidSeen: z(9),
      outcome: 'behind',
      returnedUs: -1,
    } as const;
    const shown = (role: 'read-only' | 'follower') =>
      end(written().conn(4, { handle: 9, session: '0xc', role }).conn(5, ahead));
    expect(shown('read-only').broken()).not.toContain('K17: no new session connected after healing');
    expect(shown('follower').broken()).toContain('K17: no new session connected after healing');
  });

  test('a write is not missed whose client went to another server at once', () => {
    const moving = (leftUs: number) =>
      a3(ToldHistory.two())
        .conn(3, {
          handle: 2,
          requested: '0xb',
          session: '0xb',
          invokedUs: 80 * S,
          returnedUs: 81 * S,
          leftUs,
        })
        .op(3, ask.set('/a', 'x'), -1, at(90 * S))
        .log(z(4), set('x', 1), 2, 1);
    expect(end(moving(91 * S)).broken()).not.toContain('K17: no write was answered after healing');
    expect(end(moving(300 * S)).broken()).toContain('K17: no write was answered after healing');
  });

  test('nor one that was sent behind the close of its session', () => {
    const hasty = a3(ToldHistory.two())
      .op(2, ask.close, z(4), at(89 * S))
      .op(2, ask.set('/a', 'x'), -1, at(90 * S));
    expect(end(hasty).broken()).not.toContain('K17: no write was answered after healing');
  });

  test('a client of a server that is well hears of it, unless the way is as long as it waits', () => {
    const lost = (answerUs: number) =>
      a3(ToldHistory.two({ answerUs })).conn(3, {
        handle: 2,
        requested: '0xb',
        session: '0xb',
        invokedUs: 80 * S,
        returnedUs: 81 * S,
        timeoutUs: 6 * S,
        lostUs: 800 * S,
      });
    const rule = 'K17: a client heard nothing of a server that was well';
    expect(end(lost(2 * S - 1)).broken()).toContain(rule);
    expect(end(lost(2 * S)).broken()).not.toContain(rule);
  });

  test('a run that never healed is not judged', () => {
    const told = written().tell({ kind: 'final', atUs: 900 * S, healedUs: -1, quiet: true, servers: [] });
    expect(told.report().skipped.get('K17')).toMatch(/^the run did not heal/);
    silent(told);
  });
});
