import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/core/decisions.ts';
import { nodeId } from '../../../src/node/ids.ts';
import type { Choice, FactPattern, Fault } from '../../../src/sim/fault.ts';
import { faultAt, type Script, toyWorld } from './toy-world.ts';

const S = 1_000_000;
const [one, two] = [nodeId(1), nodeId(2)];

/** Server 1 leads from 0.1 s on, the others follow; it commits a transaction every 0.1 s. */
const actor: Script = (env) => {
  let n = 0;
  return (event) => {
    if (event.kind === 'started') env.setTimer('beat', 100_000);
    if (event.kind !== 'timer') return;
    env.setTimer('beat', 100_000);
    if (n++ === 0) {
      const vote = { electionEpoch: 1, leader: one, zxid: 0 as never, peerEpoch: 0, settled: false };
      const server = env.self;
      if (server === one) {
        env.report({ kind: 'leader-elected', server, ...vote });
        env.report({ kind: 'leader-established', server, epoch: 1 });
      } else {
        env.report({ kind: 'leader-followed', server, ...vote });
      }
      return;
    }
    if (env.self === one)
      env.report({ kind: 'txn-committed', server: one, zxid: (4294967296 + n - 1) as never });
  };
};

function when(fact: string, more: Partial<FactPattern> = {}, afterUs?: number): Fault['trigger'] {
  const pattern = { fact, server: undefined, nth: 1, epoch: undefined, zxid: undefined, since: 'start' };
  return { atUs: undefined, afterUs, when: { ...pattern, ...more } as FactPattern };
}

function laterBy(afterUs: number): Fault['trigger'] {
  return { atUs: undefined, afterUs, when: undefined };
}

/** Runs five actors; says when each fault fired, and on whom. */
function firings(faults: readonly Partial<Fault>[], seed = 1, untilUs = 3 * S) {
  const full = faults.map((fault, i) =>
    faultAt(0, { verb: 'pause', servers: [two] }, { name: `f${i}`, forUs: 1, ...fault }),
  );
  const { simulation, trace } = toyWorld({
    scripts: [actor, actor, actor, actor, actor],
    observers: [5],
    faults: full,
    decisions: seeded(seed),
  });
  simulation.run(untilUs);
  const fired = trace.entries.flatMap((e) =>
    e.told.kind === 'fault-fired' ? [{ name: e.told.name, atUs: e.atUs, servers: e.told.servers }] : [],
  );
  return { simulation, fired, trace };
}

describe('triggers', () => {
  it.each([
    ['the first fact of a kind', when('txn-committed'), 200_000],
    ['the nth', when('txn-committed', { nth: 3 }), 400_000],
    ['a fact, and a time after it', when('txn-committed', { nth: 3 }, 50), 400_050],
    ['a zxid', when('txn-committed', { zxid: 4294967296 + 5 }), 600_000],
    ['an epoch that a fact names', when('leader-established', { epoch: 1 }), 100_000],
    ['the epoch of a zxid', when('txn-committed', { epoch: 1, nth: 2 }), 300_000],
    ['a server', when('leader-followed', { server: [nodeId(3)] }), 100_000],
    ['the leader', when('txn-committed', { server: ['leader'], nth: 2 }), 300_000],
    ['a fact of a window', when('txn-committed', { nth: 2, fromUs: 400_000, untilUs: 500_000 }), 500_000],
  ])('fire at %s', (_what, trigger, atUs) => {
    expect(firings([{ trigger }]).fired).toMatchObject([{ name: 'f0', atUs }]);
  });

  it.each([
    ['another epoch', when('txn-committed', { epoch: 2 })],
    ['another server', when('txn-committed', { server: ['followers'] })],
    ['too few facts', when('txn-committed', { nth: 1000 })],
    ['too few facts in a window', when('txn-committed', { nth: 3, fromUs: 400_000, untilUs: 500_000 })],
  ])('do not fire at %s', (_what, trigger) => {
    const { fired, simulation } = firings([{ trigger }, { optional: true, trigger }]);
    expect(fired).toEqual([]);
    expect(simulation.faults.unfired()).toEqual([{ name: 'f0', why: 'trigger' }]);
  });

  it('count after the previous fault, or wait a time after it', () => {
    const second = when('txn-committed', { nth: 2, since: 'previous' });
    const { fired } = firings([
      { trigger: when('txn-committed', { nth: 3 }) },
      { trigger: second },
      { trigger: laterBy(7) },
      { trigger: laterBy(8) },
    ]);
    expect(fired.map((f) => f.atUs)).toEqual([400_000, 600_000, 600_007, 600_015]);
  });

  it('count what the previous fault brings about at once', () => {
    const crash = { verb: 'crash', servers: [two] } as const;
    const { fired } = firings([
      { trigger: when('txn-committed', { nth: 3 }), action: crash, forUs: undefined },
      { trigger: when('crashed', { since: 'previous' }, 5) },
    ]);
    expect(fired.map((f) => f.atUs)).toEqual([400_000, 400_005]);
  });

  it('fire after the event that reported the fact has ended', () => {
    const { trace } = firings([
      { trigger: when('leader-elected'), action: { verb: 'crash', servers: ['leader'] } },
    ]);
    const kinds = trace.entries.map((e) => e.told.kind);
    expect(kinds.indexOf('leader-established')).toBeLessThan(kinds.indexOf('fault-fired'));
  });

  it('see a leader in the crash that ends it', () => {
    const crash = faultAt(S, { verb: 'crash', servers: ['leader'] }, { name: 'kill' });
    const { fired } = firings([crash, { trigger: when('crashed', { server: ['leader'] }) }]);
    expect(fired.map((f) => f.name)).toEqual(['kill', 'f1']);
  });

  it('that find nobody have not fired, and nothing follows them', () => {
    const nobody = faultAt(S, { verb: 'start', servers: ['crashed'] });
    const { fired, simulation } = firings([{ ...nobody, name: 'f0' }, { trigger: laterBy(5) }]);
    expect(fired).toEqual([]);
    expect(simulation.faults.unfired()).toEqual([
      { name: 'f0', why: { selector: 'crashed', atUs: 1_000_000 } },
      { name: 'f1', why: 'before' },
    ]);
  });

  it('at one time fire in the order of the list', () => {
    const same = [0, 1, 2, 3].map(() => ({ trigger: { atUs: S, afterUs: undefined, when: undefined } }));
    expect(firings(same).fired.map((f) => f.name)).toEqual(['f0', 'f1', 'f2', 'f3']);
  });
});

describe('selectors', () => {
  /** Whom a choice means at 1 s, over some seeds. */
  function meant(servers: Choice): number[][] {
    const found = Array.from({ length: 30 }, (_, seed) => {
      const fault = faultAt(S, { verb: 'pause', servers }, { name: 'it', forUs: 1 });
      return firings([fault], seed).fired[0]?.servers ?? [];
    });
    return [...new Map(found.map((ids) => [ids.join(), [...ids]])).values()].sort((a, b) =>
      a.join() < b.join() ? -1 : 1,
    );
  }

  it.each<[Choice, number[][]]>([
    [['leader'], [[1]]],
    [['follower'], [[2], [3], [4]]],
    [['followers'], [[2, 3, 4]]],
    [['observer'], [[5]]],
    [['observers'], [[5]]],
    [['minority'], [[2], [3], [4]]],
    [
      ['majority'],
      [
        [1, 2, 3],
        [1, 2, 4],
        [1, 3, 4],
      ],
    ],
    [['all'], [[1, 2, 3, 4, 5]]],
    [['leader', 'rest'], [[1, 2, 3, 4, 5]]],
    [[two, 'leader'], [[1, 2]]],
    [['paused'], [[]]],
  ])('%j means %j', (choice, sets) => {
    expect(meant(choice)).toEqual(sets);
  });
});
