import { describe, expect, test } from 'vitest';
import type { Zxid } from '../../../src/core/zxid.ts';
import { nodeId } from '../../../src/node/ids.ts';
import { digestId } from '../../../src/znode/digest-id.ts';
import { passwordOf } from '../../../src/znode/password.ts';
import { FIXED_ZNODE_RULES } from '../../../src/znode/rules.ts';
import { ask } from './bench.ts';
import { ServiceBench } from './service-bench.ts';

const get = (path: string, watch = false) => ({ kind: 'getData', path, watch }) as const;
const exists = (path: string, watch = false) => ({ kind: 'exists', path, watch }) as const;
const list = (path: string, watch = false) => ({ kind: 'getChildren', path, watch }) as const;
const set = (path: string) => ({ kind: 'setData', path, data: null, version: -1 }) as const;

describe('a session', () => {
  test.each([
    [100, 400],
    [2000, 2000],
    [60_000, 4000],
  ])('that asks for %i ms gets %i ms', (timeoutMs, negotiated) => {
    const wire = new ServiceBench().join(1, { timeoutMs });
    expect(wire.session).toMatchObject({ timeoutMs: negotiated, readOnly: false });
    expect(wire.session.session.slice(0, 2)).toBe('01');
    expect(wire.session.password).toBe(passwordOf(wire.session.session));
  });

  test('expires between its timeout and a tick more after its last touch, and takes its nodes along', () => {
    const bench = new ServiceBench();
    const wire = bench.join(1, { timeoutMs: 1000 });
    const other = bench.join(2, { timeoutMs: 4000 });
    wire.ask(ask.create('/mine', 1));
    bench.run(50);
    other.ask(exists('/mine', true));
    bench.run(850);
    expect(bench.count('session-expired')).toBe(0);
    bench.run(800);
    const expired = bench.facts.find((fact) => fact.kind === 'session-expired');
    expect(expired).toMatchObject({ session: wire.session.session, timeoutMs: 1000 });
    expect(expired?.kind === 'session-expired' && expired.idleUs).toBeGreaterThan(1_000_000);
    expect(expired?.kind === 'session-expired' && expired.idleUs).toBeLessThan(1_300_000);
    expect(wire.closed).toBe(true);
    expect(other.story.at(-1)).toBe('event deleted /mine');
  });

  test('lives on through pings that a follower carries to the leader', () => {
    const bench = new ServiceBench();
    const wire = bench.join(1, { timeoutMs: 600 });
    for (let i = 0; i < 20; i++) {
      wire.ping();
      bench.run(200);
    }
    expect(bench.count('session-expired')).toBe(0);
    expect(wire.story.filter((line) => line === '-2 ok')).toHaveLength(20);
  });

  test('moves to another server, and the old connection then writes no more', () => {
    const bench = new ServiceBench();
    const old = bench.join(1);
    const { session, password } = old.session;
    const moved = bench.join(2, { session, password });
    expect(moved.session).toMatchObject({ session, timeoutMs: 2000 });
    old.ask(get('/'));
    bench.run(50);
    expect(old.story.at(-1)).toBe('1 data');
    old.ask(ask.create('/a'));
    bench.run(50);
    expect(old.closed).toBe(true);
    moved.ask(exists('/a'));
    bench.run(50);
    expect(moved.story.at(-1)).toBe('1 -101');
  });

  test.each([1, 3])('that is renewed with a wrong password at server %i is left alone', (server) => {
    const bench = new ServiceBench();
    const wire = bench.join(server);
    const thief = bench.join(server, { session: wire.session.session, password: '1'.repeat(32) });
    expect(thief.story).toEqual(['expired']);
    expect(thief.closed).toBe(true);
    expect(wire.closed).toBe(false);
  });

  test('loses its connection to a wrong password where the check comes late, as upstream', () => {
    const rules = { ...FIXED_ZNODE_RULES, checksPasswordFirst: false };
    const bench = new ServiceBench({ rules });
    const wire = bench.join(1);
    bench.join(1, { session: wire.session.session, password: '1'.repeat(32) });
    expect(wire.closed).toBe(true);
  });

  test('that is over is not renewed', () => {
    const bench = new ServiceBench();
    const wire = bench.join(1);
    const { session, password } = wire.session;
    wire.ask({ kind: 'closeSession' });
    bench.run(50);
    expect(wire.story.at(-1)).toBe('1 ok');
    expect(wire.closed).toBe(true);
    expect(bench.join(2, { session, password }).story).toEqual(['expired']);
    expect(bench.join(3, { session, password }).story).toEqual(['expired']);
  });

  test('whose client has seen more than the server is not let in', () => {
    const bench = new ServiceBench();
    const wire = bench.dial(1);
    wire.greet({ lastZxidSeen: 0x900000000 as Zxid });
    bench.run(50);
    expect(wire.story).toEqual([]);
    expect(wire.closed).toBe(true);
    expect(bench.facts.at(-1)).toMatchObject({ kind: 'client-admitted', outcome: 'behind' });
  });

  test('ends with all other client connections when its server loses the leader', () => {
    const bench = new ServiceBench();
    const wire = bench.join(1);
    bench.world.machineOf(nodeId(3)).end('crash', 'test');
    bench.run(5);
    expect(wire.closed).toBe(true);
    bench.run(1500);
    const { session, password } = wire.session;
    expect(bench.join(1, { session, password }).session.session).toBe(session);
  });
});

describe('requests of one session', () => {
  test.each([1, 3])('are answered in order at server %i, reads behind the write before them', (server) => {
    const bench = new ServiceBench();
    const wire = bench.join(server);
    wire.ask(ask.create('/a'));
    wire.ask(get('/a'));
    wire.ping();
    wire.ask(set('/a'));
    wire.ask({ kind: 'sync', path: '/a' });
    wire.ask(list('/'));
    bench.run(200);
    expect(wire.story.slice(1)).toEqual([
      '1 created',
      '2 data',
      '-2 ok',
      '3 dataSet',
      '4 synced',
      '5 children',
    ]);
    const zxids = wire.got.flatMap((message) => (message.kind === 'reply' ? [message.zxid] : []));
    expect(zxids).toEqual([...zxids].sort((a, b) => a - b));
  });

  test('that fail use up a zxid, and say why', () => {
    const bench = new ServiceBench();
    const wire = bench.join(2);
    wire.ask(set('/missing'));
    wire.ask(ask.create('/a'));
    bench.run(100);
    const [failed, made] = wire.got.slice(1);
    expect(failed).toMatchObject({ kind: 'reply', err: -101, result: undefined });
    expect(made).toMatchObject({ kind: 'reply', err: 0 });
    if (failed?.kind === 'reply' && made?.kind === 'reply') expect(made.zxid).toBe(failed.zxid + 1);
  });

  test('that no client may ask for end the connection', () => {
    const bench = new ServiceBench();
    for (const opcode of [13, 77]) {
      const wire = bench.join(1);
      wire.ask({ kind: 'unsupported', opcode });
      bench.run(50);
      expect(wire.story.at(-1)).toBe('1 -6');
      expect(wire.closed).toBe(true);
    }
  });

  test('that are too long end the connection without an answer', () => {
    const bench = new ServiceBench({ maxBuffer: 100 });
    const wire = bench.join(1);
    wire.ask(ask.create('/a', 0, { data: 'x'.repeat(200) }));
    bench.run(50);
    expect(wire.story).toHaveLength(1);
    expect(wire.closed).toBe(true);
  });

  test('beyond the limit are read when others were answered, and none is lost', () => {
    const bench = new ServiceBench({ globalOutstandingLimit: 4 });
    const wires = [bench.join(1), bench.join(1)];
    for (let i = 0; i < 20; i++) for (const wire of wires) wire.ask(ask.create('/n-', 2));
    bench.run(1500);
    for (const wire of wires) expect(wire.story.filter((line) => line.endsWith('created'))).toHaveLength(20);
  });
});

describe('watches', () => {
  test('fire before the answer to the write that set them off, once', () => {
    const bench = new ServiceBench();
    const wire = bench.join(1);
    wire.ask(exists('/a', true));
    wire.ask(list('/', true));
    wire.ask(ask.create('/a'));
    wire.ask(get('/a', true));
    wire.ask(set('/a'));
    wire.ask(set('/a'));
    bench.run(200);
    expect(wire.story.slice(3)).toEqual([
      'event created /a',
      'event children-changed /',
      '3 created',
      '4 data',
      'event data-changed /a',
      '5 dataSet',
      '6 dataSet',
    ]);
  });

  test('tell of a deletion once, though data and children were watched', () => {
    const bench = new ServiceBench();
    const [wire, other] = [bench.join(1), bench.join(2)];
    wire.ask(ask.create('/a'));
    bench.run(50);
    other.ask(get('/a', true));
    other.ask(list('/a', true));
    bench.run(50);
    wire.ask(ask.delete('/a'));
    bench.run(50);
    expect(other.story.slice(1)).toEqual(['1 data', '2 children', 'event deleted /a']);
  });

  test('persist where asked for: at the node, or at all below it', () => {
    const bench = new ServiceBench();
    const wire = bench.join(1);
    wire.ask({ kind: 'addWatch', path: '/a', mode: 'persistent' });
    wire.ask({ kind: 'addWatch', path: '/a', mode: 'persistent-recursive' });
    wire.ask(ask.create('/a'));
    wire.ask(ask.create('/a/b'));
    wire.ask(set('/a'));
    wire.ask({ kind: 'removeWatches', path: '/a', type: 'persistent' });
    wire.ask({ kind: 'removeWatches', path: '/a', type: 'persistent' });
    wire.ask(set('/a'));
    wire.ask(set('/a/b'));
    bench.run(300);
    expect(wire.story.slice(3)).toEqual([
      'event created /a',
      '3 created',
      'event created /a/b',
      'event children-changed /a',
      '4 created',
      'event data-changed /a',
      '5 dataSet',
      '6 ok',
      '7 -121',
      'event data-changed /a',
      '8 dataSet',
      'event data-changed /a/b',
      '9 dataSet',
    ]);
  });

  test('come back with setWatches: what was missed is made up for, the rest is armed', () => {
    const bench = new ServiceBench();
    const writer = bench.join(2);
    for (const path of ['/kept', '/changed', '/gone']) writer.ask(ask.create(path));
    bench.run(50);
    const since = writer.got.at(-1);
    writer.ask(set('/changed'));
    writer.ask(ask.delete('/gone'));
    writer.ask(ask.create('/new'));
    bench.run(50);
    const wire = bench.join(1);
    wire.ask(
      {
        kind: 'setWatches',
        since: since?.kind === 'reply' ? since.zxid : (0 as Zxid),
        data: ['/kept', '/changed', '/gone'],
        exist: ['/new', '/later'],
        child: ['/'],
        persistent: [],
        recursive: [],
      },
      -8,
    );
    bench.run(50);
    writer.ask(set('/kept'));
    writer.ask(ask.create('/later'));
    bench.run(50);
    expect(wire.story.slice(1)).toEqual([
      'event data-changed /changed',
      'event deleted /gone',
      'event created /new',
      'event children-changed /',
      '-8 ok',
      'event data-changed /kept',
      'event created /later',
    ]);
  });

  test('tell nobody of what it may not read', () => {
    const bench = new ServiceBench();
    const [owner, other] = [bench.join(1), bench.join(2, { address: '10.0.0.2' })];
    owner.ask({ kind: 'auth', scheme: 'digest', auth: 'bob:secret' }, -4);
    other.ask(exists('/secret', true));
    bench.run(50);
    const acl = [{ perms: 31, scheme: 'digest', id: digestId('bob:secret') }];
    owner.ask(exists('/secret', true));
    owner.ask(ask.create('/secret', 0, { acl }));
    bench.run(50);
    expect(owner.story).toContain('event created /secret');
    expect(other.story.slice(1)).toEqual(['1 -101']);
  });

  test('tell of each part of a multi whoever might read the node at that moment', () => {
    const bench = new ServiceBench();
    const [owner, other] = [bench.join(1), bench.join(2, { address: '10.0.0.2' })];
    owner.ask({ kind: 'auth', scheme: 'digest', auth: 'bob:secret' }, -4);
    const acl = [{ perms: 31, scheme: 'digest', id: digestId('bob:secret') }];
    owner.ask(ask.create('/n', 0, { acl }));
    bench.run(50);
    other.ask({ kind: 'addWatch', path: '/n', mode: 'persistent-recursive' });
    bench.run(50);
    owner.ask(ask.multi(ask.setData('/n'), ask.delete('/n'), ask.create('/n'), ask.setData('/n')));
    bench.run(50);
    expect(other.story.slice(2)).toEqual(['event created /n', 'event data-changed /n']);
  });
});

test('a request is judged by whom its client had proven to be when it came', () => {
  const bench = new ServiceBench();
  const [owner, other] = [bench.join(1), bench.join(1, { address: '10.0.0.2' })];
  owner.ask({ kind: 'auth', scheme: 'digest', auth: 'bob:secret' }, -4);
  owner.ask(ask.create('/sec', 0, { acl: [{ perms: 31, scheme: 'digest', id: digestId('bob:secret') }] }));
  bench.run(50);
  other.ask(ask.create('/open'));
  other.ask(get('/sec'));
  other.ask({ kind: 'auth', scheme: 'digest', auth: 'bob:secret' }, -4);
  other.ask(get('/sec'));
  bench.run(50);
  expect(other.story.slice(1)).toEqual(['-4 ok', '1 created', '2 -102', '3 data']);
});

test('a session is heard of once more when its beginning is applied, at every learner', () => {
  const bench = new ServiceBench();
  bench.dial(3).greet({ timeoutMs: 400 });
  const timeOf = (kind: 'session-opened' | 'session-expired') => {
    while (bench.count(kind) === 0) bench.run(1);
    return bench.world.nowUs;
  };
  const livedUs = -timeOf('session-opened') + timeOf('session-expired');
  const expired = bench.facts.find((fact) => fact.kind === 'session-expired');
  expect(expired?.kind === 'session-expired' && livedUs - expired.idleUs).toBeGreaterThan(10_000);
});

describe('sync', () => {
  test.each([1, 3])('at server %i shows what was committed before it was asked for', (server) => {
    for (let seed = 0; seed < 10; seed++) {
      const bench = new ServiceBench({}, seed);
      const [writer, reader] = [bench.join(2), bench.join(server)];
      writer.ask(ask.create('/a'));
      while (!writer.story.includes('1 created')) bench.run(1);
      reader.ask({ kind: 'sync', path: '/' });
      reader.ask(exists('/a'));
      bench.run(100);
      expect(reader.story.slice(1), `seed ${seed}`).toEqual(['1 synced', '2 stat']);
    }
  });
});

describe('a local session', () => {
  const options = { localSessions: true };

  test.each([1, 3])('of server %i costs no transaction, writes, and owns no ephemeral node', (server) => {
    const bench = new ServiceBench(options);
    const wire = bench.join(server);
    expect(bench.count('txn-proposed')).toBe(0);
    wire.ask(ask.create('/a'));
    wire.ask(ask.create('/b', 1));
    wire.ask(exists('/b'));
    bench.run(100);
    expect(wire.story.slice(1)).toEqual(['1 created', '2 -120', '3 -101']);
    // The refusal is a transaction like that of any other failure, and its zxid is in the answer.
    expect(bench.count('txn-proposed')).toBe(2);
    const zxids = wire.got.map((message) => (message.kind === 'reply' ? message.zxid : 0));
    expect(zxids[2]).toBe((zxids[1] ?? 0) + 1);
  });

  test.each([
    [1, [0, -112, -2]],
    [3, [0, -120, -2]],
  ])('of server %i is refused an ephemeral node in a multi as the leader sees it', (server, codes) => {
    const bench = new ServiceBench(options);
    const wire = bench.join(server);
    wire.ask({ kind: 'multi', operations: [ask.create('/a'), ask.create('/b', 1), ask.create('/c')] });
    bench.run(100);
    const [, reply] = wire.got;
    const result = reply?.kind === 'reply' ? reply.result : undefined;
    const parts = result?.kind === 'multi' ? result.results : [];
    expect(parts.map((part) => (part.kind === 'failed' ? part.err : part.kind))).toEqual(codes);
  });

  test('is unknown elsewhere, and known where it began', () => {
    const bench = new ServiceBench(options);
    const { session, password } = bench.join(1).session;
    expect(bench.join(2, { session, password }).story).toEqual(['expired']);
    expect(bench.join(1, { session, password }).session.session).toBe(session);
  });

  test.each([1, 3])('of server %i becomes a global one for its first ephemeral node', (server) => {
    const bench = new ServiceBench({ ...options, localSessionsUpgrading: true });
    const wire = bench.join(server);
    wire.ask(ask.create('/b', 1));
    bench.run(100);
    expect(wire.story.slice(1)).toEqual(['1 created']);
    const { session, password } = wire.session;
    expect(bench.join(2, { session, password }).session.session).toBe(session);
  });

  test('ends when nothing is heard of it', () => {
    const bench = new ServiceBench(options);
    const wire = bench.join(1, { timeoutMs: 600 });
    bench.run(1000);
    expect(wire.closed).toBe(true);
    expect(bench.count('txn-proposed')).toBe(0);
  });
});

test.each([1, 3])('no request is lost while server %i makes a local session a global one', (server) => {
  // With this seed some requests come before the creation of the global session is prepared.
  const bench = new ServiceBench({ localSessions: true, localSessionsUpgrading: true }, 2);
  const wire = bench.join(server);
  for (let i = 0; i < 30; i++) wire.ask(i % 3 === 2 ? list('/') : ask.create('/e-', 3));
  bench.run(200);
  expect(wire.story.slice(1).map((line) => Number(line.split(' ')[0]))).toEqual(
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
});

test('containers and nodes whose time is over go, when the leader looks for them', () => {
  const bench = new ServiceBench({ extendedTypes: true });
  const wire = bench.join(1, { timeoutMs: 4000 });
  wire.ask(ask.container('/box'));
  wire.ask(ask.create('/box/child'));
  wire.ask(ask.delete('/box/child'));
  wire.ask(ask.container('/unused'));
  bench.run(100);
  bench.run(61_000);
  const reader = bench.join(2);
  reader.ask(list('/'));
  bench.run(50);
  const reply = reader.got.at(-1);
  expect(reply?.kind === 'reply' && reply.result).toMatchObject({ children: ['unused', 'zookeeper'] });
});

test('the leader looks for them at its interval, and asks for one after the other', () => {
  const reaper = { checkIntervalMs: 1000, maxNeverUsedMs: 500, maxPerMinute: 600 };
  const bench = new ServiceBench({ extendedTypes: true, reaper });
  const wire = bench.join(1, { timeoutMs: 4000 });
  bench.run(50);
  for (const name of ['a', 'b', 'c']) wire.ask(ask.container(`/${name}`));
  bench.run(50);
  const left = () => {
    wire.ask(list('/'));
    bench.run(20);
    const reply = wire.got.at(-1);
    if (reply?.kind !== 'reply' || reply.result?.kind !== 'children') throw new Error('no answer');
    return reply.result.children.filter((name) => name !== 'zookeeper').length;
  };
  let text = '';
  for (let i = 0; i < 16; i++) {
    text += left();
    bench.run(80);
  }
  // A round finds them when they are old enough, and takes three times 100 ms.
  expect(text).toMatch(/^3+210+$/);
});

describe('a server that finds no leader', () => {
  function alone() {
    const bench = new ServiceBench({ localSessions: true }, 1, { readOnlyMode: true });
    const writer = bench.join(1);
    writer.ask(ask.create('/a'));
    bench.run(100);
    for (const id of [2, 3]) bench.world.machineOf(nodeId(id)).end('crash', 'test');
    bench.run(4500);
    return bench;
  }

  test('shows what it has to clients that only read, and says that it is no more than that', () => {
    const bench = alone();
    const wire = bench.join(1, { readOnly: true });
    expect(wire.session.readOnly).toBe(true);
    wire.ask(get('/a'));
    wire.ask(set('/a'));
    wire.ask({ kind: 'sync', path: '/' });
    wire.ask({ kind: 'malformed', opcode: 9 });
    wire.ask({ kind: 'unsupported', opcode: 13 });
    wire.ask({ kind: 'malformed', opcode: 4 });
    bench.run(50);
    expect(wire.story.slice(1)).toEqual(['1 data', '2 -119', '3 -119', '4 -119', '5 -119', '6 -5']);
    const prober = bench.dial(1);
    prober.say({ kind: 'word', word: 'isro' });
    bench.run(50);
    expect(prober.story).toEqual(['ro']);
  });

  test('ends no session that it knows, and one that it never heard of', () => {
    const bench = new ServiceBench({}, 1, { readOnlyMode: true });
    const mover = bench.join(1);
    const { session, password } = mover.session;
    for (const id of [2, 3]) bench.world.machineOf(nodeId(id)).end('crash', 'test');
    bench.run(4500);
    const again = bench.join(1, { session, password, readOnly: true });
    expect(again.story).toEqual([]);
    expect(again.closed).toBe(true);
    const unknown = '0100000000000abc' as typeof session;
    const stranger = bench.join(1, { session: unknown, password: passwordOf(unknown), readOnly: true });
    expect(stranger.story).toEqual(['expired']);
  });

  test('refuses clients that want to write, and sends all away when there is a leader again', () => {
    const bench = alone();
    const reader = bench.join(1, { readOnly: true });
    const writer = bench.join(1);
    expect(writer.story).toEqual([]);
    expect(writer.closed).toBe(true);
    bench.world.machineOf(nodeId(2)).start();
    bench.run(3000);
    expect(reader.closed).toBe(true);
    expect(bench.join(1).session.readOnly).toBe(false);
  });
});
