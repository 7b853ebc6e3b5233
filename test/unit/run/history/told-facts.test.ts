import { describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../../../src/check/history/client-history.ts';
import { encodeUtf8 } from '../../../../src/core/utf8.ts';
import { makeZxid } from '../../../../src/core/zxid.ts';
import type { TraceEvent } from '../../../../src/node/facts.ts';
import { type LinkId, NO_SESSION, nodeId } from '../../../../src/node/ids.ts';
import { HistoryRecorder } from '../../../../src/run/history/history-recorder.ts';
import type { RecipeStep } from '../../../../src/run/workload/recipe-step.ts';
import { OPEN_ACL } from '../../../../src/znode/acl.ts';
import type { ClientRequest, ZnodeMessage } from '../../../../src/znode/client-messages.ts';
import { makeTxn } from '../../../../src/znode/txns.ts';

const server = nodeId(1001);
const SESSION = '0100000000000a00';
const link = (number: number) => number as LinkId;

/** A recorder that is told facts by hand, each a millisecond after the last. */
class Told {
  readonly recorder = new HistoryRecorder({
    seed: 1,
    servers: [1, 2, 3],
    observers: [],
    tickTimeUs: 2_000_000,
    syncLimit: 5,
    baseSlackUs: 1000,
    answerUs: 0,
    fromNothing: true,
    localSessions: false,
    sessionUpgrades: false,
    ttlNodes: false,
    skipAcl: false,
    enforceQuota: false,
    chroot: '',
    maxNeverUsedMs: 300_000,
    reaperPauseMs: 6,
    reaperCheckMs: 60_000,
    wallJumpMs: 0,
    leastTimeoutMs: 4000,
    mostTimeoutMs: 40_000,
    readOnlyClients: false,
    ownClients: false,
  });
  #ms = 0;

  tell(...events: readonly TraceEvent[]): this {
    for (const event of events) this.recorder.observe(event, { atUs: 1000 * ++this.#ms, event: this.#ms });
    return this;
  }

  connecting(id: number, handle = 1): this {
    const seen = makeZxid(0, 0);
    return this.tell({
      kind: 'client-connecting',
      server,
      handle,
      link: link(id),
      via: nodeId(2),
      session: NO_SESSION,
      lastZxidSeen: seen,
      timeoutMs: 4000,
      address: '10.0.0.1',
      password: '',
    });
  }

  admitted(id: number, outcome: 'accepted' | 'behind' | 'refused'): this {
    return this.tell({
      kind: 'client-admitted',
      server: nodeId(2),
      link: link(id),
      session: SESSION,
      zxid: makeZxid(1, 1),
      role: 'following',
      outcome,
    });
  }

  connected(id: number): this {
    const outcome = 'accepted';
    return this.tell({
      kind: 'client-connected',
      server,
      link: link(id),
      session: SESSION,
      timeoutMs: 4000,
      outcome,
      readOnly: false,
      password: '',
    });
  }

  sent(id: number, xid: number, operation: ClientRequest['operation']): this {
    return this.tell({ kind: 'client-sent', server, link: link(id), xid, operation });
  }

  received(id: number, message: ZnodeMessage): this {
    return this.tell({ kind: 'client-received', server, link: link(id), message });
  }

  step(step: RecipeStep, handle = 1): this {
    return this.tell({ kind: 'recipe-step', server, handle, step });
  }

  proposed(epoch: number, counter: number, digest = counter): this {
    const txn = {
      ...makeTxn({ kind: 'error', err: -1 }, { session: SESSION, cxid: counter, timeMs: 5 }),
      digest,
    };
    const zxid = makeZxid(epoch, counter);
    const record = { session: SESSION, cxid: counter, timeMs: 5, txn };
    return this.tell({ kind: 'txn-proposed', server: nodeId(1), zxid, digest, record });
  }

  applied(sid: number, epoch: number, counter: number, digest = counter): this {
    const zxid = makeZxid(epoch, counter);
    return this.tell({ kind: 'txn-applied', server: nodeId(sid), zxid, digest, state: 7 });
  }

  epoch(epoch: number, zxid: number): this {
    return this.tell(
      { kind: 'leader-synchronizing', server: nodeId(1), epoch, zxid: zxid as never },
      { kind: 'leader-established', server: nodeId(1), epoch },
    );
  }

  of<K extends HistoryEntry['kind']>(kind: K): Extract<HistoryEntry, { kind: K }>[] {
    const { entries } = this.recorder.history({ atUs: 1000 * this.#ms, healedUs: -1 });
    return entries.filter((entry) => entry.kind === kind) as never;
  }
}

describe('connections', () => {
  test('are what the client saw of them, and why it was turned away', () => {
    const told = new Told().connecting(1).admitted(1, 'accepted').connected(1);
    told.connecting(2).admitted(2, 'behind').connecting(3).connecting(4).admitted(4, 'accepted');
    const [first, ...others] = told.of('conn');
    expect(first).toEqual({
      kind: 'conn',
      id: 1,
      handle: 1,
      requested: '0x0',
      session: '0x100000000000a00',
      server: 2,
      lastZxidSeen: 0,
      invokedUs: 1000,
      returnedUs: 3000,
      outcome: 'accepted',
      timeoutUs: 4_000_000,
      askedUs: 4_000_000,
      identities: [{ scheme: 'ip', id: '10.0.0.1' }],
      role: 'follower',
      serverZxid: 4294967297,
      toldReadOnly: false,
    });
    expect(others.map(({ outcome, role }) => `${outcome} ${role}`)).toEqual([
      'behind follower',
      'lost unknown',
      'lost follower',
    ]);
  });
});

describe('operations', () => {
  const story = () => new Told().connecting(1).admitted(1, 'accepted').connected(1);
  const reply = (xid: number, err: number, result: unknown = undefined) =>
    ({ kind: 'reply', xid, zxid: makeZxid(1, xid > 0 ? xid : 9), err, result }) as ZnodeMessage;

  test('are matched with their replies, and events counted among the packets', () => {
    const told = story().sent(1, 1, {
      kind: 'create2',
      path: '/a',
      data: encodeUtf8('é'),
      acl: OPEN_ACL,
      flags: 1,
    });
    told.sent(1, -2, { kind: 'ping' }).sent(1, 2, { kind: 'delete', path: '/b', version: 3 });
    told.received(1, { kind: 'event', zxid: makeZxid(1, 1), type: 'created', path: '/a' });
    told.received(1, reply(1, 0)).received(1, reply(-2, 0)).received(1, reply(2, -101));
    told.sent(1, 3, { kind: 'whoAmI' });
    expect(
      told.of('op').map(({ cxid, outcome, error, position }) => [cxid, outcome, error, position]),
    ).toEqual([
      [1, 'ok', 0, 1],
      [-2, 'ok', 0, 2],
      [2, 'failed', -101, 3],
      [3, 'unknown', 0, -1],
    ]);
    expect(told.of('op')[0]?.request).toEqual({
      op: 'create',
      path: '/a',
      data: '\u00c3\u00a9',
      acl: null,
      mode: 'ephemeral',
      ttl: -1,
    });
    expect(told.of('ev')).toMatchObject([{ position: 0, deliveredUs: 7000, path: '/a' }]);
  });

  test('a multi that failed has the code of the part that failed', () => {
    const operations = [
      { kind: 'delete', path: '/a', version: -1 },
      { kind: 'delete', path: '/b', version: -1 },
      { kind: 'delete', path: '/c', version: -1 },
    ] as const;
    const results = [0, -101, -2].map((err) => ({ kind: 'failed', err }));
    const told = story().sent(1, 1, { kind: 'multi', operations });
    told.received(1, reply(1, 0, { kind: 'multi', aborted: true, results }));
    expect(told.of('op')).toMatchObject([
      { outcome: 'failed', error: -101, result: { parts: [{ error: 0 }, { error: -101 }, { error: -2 }] } },
    ]);
  });

  test('an auth names who the client is from then on, and not its password', () => {
    const told = story().sent(1, -4, { kind: 'auth', scheme: 'digest', auth: 'bob:secret' });
    const [op] = told.of('op');
    expect(op?.request).toMatchObject({ op: 'auth', scheme: 'digest' });
    expect(JSON.stringify(op)).not.toContain('secret');
  });
});

describe('the log', () => {
  const counters = (told: Told) => told.of('log').map(({ zxid }) => zxid % 4294967296);

  test('is what was committed, or delivered by a server that serves', () => {
    const told = new Told().epoch(1, 0).proposed(1, 1).proposed(1, 2).proposed(1, 3);
    told.tell({ kind: 'txn-committed', server: nodeId(1), zxid: makeZxid(1, 1) });
    expect(counters(told)).toEqual([1]);
    expect(counters(told.applied(1, 1, 2))).toEqual([1, 2]);
  });

  test('holds what a new leader found on its disk, and not what it did not', () => {
    const told = new Told().epoch(1, 0).proposed(1, 1).proposed(1, 2).proposed(1, 3);
    expect(counters(told.epoch(2, makeZxid(1, 2)).proposed(2, 1))).toEqual([1, 2]);
    // The leader of epoch 3 ended where epoch 2 began.
    expect(counters(told.epoch(3, makeZxid(2, 0)))).toEqual([1, 2]);
  });

  test('does not hold what a learner delivered before a quorum had it', () => {
    const told = new Told().epoch(1, 0).proposed(1, 1).applied(2, 1, 1);
    told.tell({ kind: 'crashed', server: nodeId(2), how: 'crash', reason: '' });
    expect({ log: counters(told), applies: told.of('apply') }).toEqual({ log: [], applies: [] });
    const synced = { kind: 'follower-synced', server: nodeId(2), leader: nodeId(1), epoch: 1 } as const;
    told.applied(2, 1, 1).tell({ ...synced, zxid: makeZxid(1, 1) });
    expect({ log: counters(told), applies: told.of('apply').length }).toEqual({ log: [1], applies: 1 });
  });

  test('has two entries where two things were delivered', () => {
    const told = new Told().epoch(1, 0).proposed(1, 1, 5).proposed(1, 1, 6);
    const hashes = told.applied(1, 1, 1, 5).applied(1, 1, 1, 6).of('log');
    expect(hashes.map(({ hash }) => hash)).toEqual([5, 6]);
  });
});

describe('recipes', () => {
  const produced = (item: string, outcome: 'ok' | 'unknown'): RecipeStep => ({
    kind: 'recipe',
    claim: {
      recipe: 'queue',
      object: '/q',
      step: 'produced',
      item,
      outcome,
      zxid: -1,
      listZxid: -1,
      priority: 0,
    },
    cxid: 1,
  });
  const story = () => new Told().connecting(1).connected(1).sent(1, 1, { kind: 'whoAmI' });

  test('carry handle, session, and since when', () => {
    expect(story().step(produced('i', 'ok')).of('recipe')).toEqual([
      {
        kind: 'recipe',
        recipe: 'queue',
        object: '/q',
        step: 'produced',
        item: 'i',
        outcome: 'ok',
        zxid: -1,
        listZxid: -1,
        priority: 0,
        handle: 1,
        session: '0x100000000000a00',
        atUs: 4000,
        invokedUs: 3000,
      },
    ]);
  });

  test('an intent stands until the next step', () => {
    const intent = { ...produced('i', 'unknown'), pending: true } as RecipeStep;
    const outcomes = (told: Told) => told.of('recipe').map((entry) => 'outcome' in entry && entry.outcome);
    expect(outcomes(story().step(intent))).toEqual(['unknown']);
    expect(outcomes(story().step(intent).step(produced('i', 'ok')))).toEqual(['ok']);
    expect(outcomes(story().step(intent).step({ kind: 'recipe', claim: undefined }))).toEqual([]);
    expect(outcomes(story().step(intent).step(intent, 2))).toEqual(['unknown', 'unknown']);
  });
});

test('what a fault took from a disk was not cut by its server, until it serves again', () => {
  const sid = nodeId(3);
  const cut = { kind: 'log-truncated', server: sid, zxid: makeZxid(1, 1) } as const;
  const serves = { kind: 'follower-synced', server: sid, leader: nodeId(1), epoch: 2, zxid: makeZxid(2, 1) };
  const cuts = (...events: readonly TraceEvent[]) => new Told().tell(...events, cut).of('cut').length;
  expect(cuts()).toBe(1);
  expect(cuts({ kind: 'wiped', server: sid })).toBe(0);
  expect(cuts({ kind: 'wiped', server: sid }, serves as TraceEvent)).toBe(1);
});

test('the slack is the longest pause and the longest strain, in force at the end or not', () => {
  const fired = (name: string, verb: string): TraceEvent => ({
    kind: 'fault-fired',
    name,
    verb,
    servers: [],
    effect: true,
  });
  const slack = (told: Told, atUs: number) => told.recorder.history({ atUs, healedUs: -1 }).header.slackUs;
  const told = new Told().tell({ kind: 'paused', server: nodeId(1) }, { kind: 'resumed', server: nodeId(1) });
  expect(slack(told, 9000)).toBe(1000 + 1000);
  told.tell(fired('a', 'partition'), fired('b', 'slow'));
  expect(slack(told, 9000)).toBe(1000 + 1000 + 5000);
  told.tell({ kind: 'fault-ended', name: 'b', verb: 'slow' });
  expect(slack(told, 9000)).toBe(1000 + 1000 + 1000);
});

test('a connection says when its client left for another server, and not when it was lost', () => {
  const left = (because: string) =>
    new Told()
      .connecting(1)
      .tell({ kind: 'client-disconnected', server, link: link(1), because } as TraceEvent)
      .of('conn')
      .map((entry) => 'leftUs' in entry && entry.leftUs);
  expect(left('moved')).toEqual([2000]);
  expect(left('closed by the other end')).toEqual([false]);
});

test('a connection says when a server closed it that serves on, and not one that stopped or failed', () => {
  const closed = (because: string, ...before: TraceEvent[]) =>
    new Told()
      .connecting(1)
      .tell(...before, { kind: 'client-disconnected', server, link: link(1), because } as TraceEvent)
      .of('conn')
      .map((entry) => 'closedUs' in entry && entry.closedUs);
  const crashed = (sid: number): TraceEvent => ({
    kind: 'crashed',
    server: nodeId(sid),
    how: 'crash',
    reason: '',
  });
  expect(closed('closed by the other end')).toEqual([2000]);
  expect(closed('closed by the other end', crashed(3))).toEqual([3000]);
  expect(closed('closed by the other end', crashed(2))).toEqual([false]);
  expect(closed('reset')).toEqual([false]);
});

test('an older snapshot cuts what a server had only if that is still missing when it serves', () => {
  const sid = nodeId(2);
  const installed = {
    kind: 'snapshot-installed',
    server: sid,
    leader: nodeId(3),
    zxid: makeZxid(2, 0),
  } as const;
  const serves = {
    kind: 'follower-synced',
    server: sid,
    leader: nodeId(3),
    epoch: 2,
    zxid: makeZxid(2, 0),
  } as const;
  const again = { kind: 'txn-applied', server: sid, zxid: makeZxid(2, 1), digest: 5, state: 6 } as const;
  const cuts = (...events: readonly TraceEvent[]) =>
    new Told()
      .tell(...events)
      .of('cut')
      .map((entry) => 'zxid' in entry && entry.zxid);
  expect(cuts(installed)).toEqual([]);
  expect(cuts(installed, serves)).toEqual([makeZxid(2, 0)]);
  expect(cuts(installed, again, serves)).toEqual([makeZxid(2, 1)]);
});

test('what a snapshot of its own holds beyond its log makes a tree unlike that of others at its zxid', () => {
  const applied = (counter: number, state: number) =>
    ({ kind: 'txn-applied', server, zxid: makeZxid(1, counter), digest: 5, state }) as const;
  const recovered = {
    kind: 'recovered',
    server,
    snapshot: makeZxid(1, 1),
    zxid: makeZxid(1, 1),
    records: 0,
    state: 9,
  } as const;
  const synced = {
    kind: 'follower-synced',
    server,
    leader: nodeId(3),
    epoch: 1,
    zxid: makeZxid(1, 3),
  } as const;
  const states = new Told()
    .tell(synced, applied(1, 11), applied(2, 12), applied(3, 13), {
      kind: 'crashed',
      server,
      how: 'crash',
      reason: '',
    })
    .tell(recovered, applied(2, 99), applied(3, 13), synced)
    .of('apply')
    .map((entry) => 'state' in entry && [entry.zxid - makeZxid(1, 0), entry.state]);
  expect(states).toEqual([
    [1, 11],
    [2, 12],
    [3, 13],
    [2, -1],
    [3, 13],
  ]);
});
