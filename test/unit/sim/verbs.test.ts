import { describe, expect, it } from 'vitest';
import { uniform } from '../../../src/core/distribution.ts';
import type { LinkId } from '../../../src/node/ids.ts';
import { nodeId } from '../../../src/node/ids.ts';
import type { Action } from '../../../src/sim/fault.ts';
import { WALL_START_MS } from '../../../src/sim/local-clock.ts';
import { faultAt, record, type Script, say, type ToyOptions, toyWorld } from './toy-world.ts';

const S = 1_000_000;
const [one, two, three] = [nodeId(1), nodeId(2), nodeId(3)];
const ALL = [one, two, three];

/** Three servers; 1 and 2 talk to each other all the time, and each writes and syncs. */
const busy: Script = (env) => {
  let link = 0 as LinkId;
  let n = 0;
  return (event) => {
    if (event.kind === 'started') {
      env.listen('quorum');
      env.setTimer('beat', 100_000);
      if (env.self === 1) link = env.connect(two, 'quorum');
    }
    if (event.kind === 'opened') link = event.link;
    if (event.kind === 'closed') link = 0 as LinkId;
    if (event.kind === 'timer') {
      env.setTimer('beat', 100_000);
      env.append('log.1', record(++n));
      env.sync('log.1');
      if (env.self <= 2 && link !== 0) env.send(link, say(n, 100));
    }
  };
};

/** Runs the three with a fault at 1 s, until `untilUs`. */
function story(action: Action, more: { forUs?: number; untilUs?: number } & Partial<ToyOptions> = {}) {
  const { forUs, untilUs, ...options } = more;
  const fault = faultAt(S, action, { name: 'it', forUs });
  const world = toyWorld({ scripts: [busy, busy, busy], faults: [fault], ...options });
  world.simulation.run(untilUs ?? 2 * S);
  const after = (kind: string, server?: number) =>
    world.trace.entries
      .filter((e) => e.atUs >= S && e.told.kind === kind)
      .filter((e) => server === undefined || ('server' in e.told && e.told.server === server));
  const deliveries = (from: number, to: number) =>
    after('delivered').filter((e) => e.told.kind === 'delivered' && e.told.from === from && e.told.to === to);
  return { ...world, after, deliveries, fired: world.told('fault-fired') };
}

const fired = (verb: string, servers: readonly number[], effect = true) => [
  { kind: 'fault-fired', name: 'it', verb, servers, effect },
];

const firedBetween = (verb: string, servers: readonly number[], sides: readonly (readonly number[])[]) => [
  { kind: 'fault-fired', name: 'it', verb, servers, effect: true, sides },
];

describe('faults of processes', () => {
  it('crash ends a process and keeps what it wrote', () => {
    const s = story({ verb: 'crash', servers: [two] });
    expect(s.fired).toEqual(fired('crash', [2]));
    expect(s.told('crashed')).toEqual([{ kind: 'crashed', server: 2, how: 'crash', reason: 'it' }]);
    expect(s.simulation.world.statusOf(two)).toBe('off');
    expect(s.simulation.inspect(two)).toBeUndefined();
    expect(s.told('lost')).toEqual([]);
    expect(s.after('timer-fired', 2)).toEqual([]);
    expect(s.after('link-closed', 1)).toHaveLength(1);
  });

  it('powerCut ends a process, unsynced writes, and every answer', () => {
    const s = story({ verb: 'powerCut', servers: [two] }, { sync: uniform(S, S) });
    expect(s.fired).toEqual(fired('powerCut', [2]));
    expect(s.told('crashed')).toMatchObject([{ server: 2, how: 'power-cut' }]);
    expect(s.told('lost')).toMatchObject([{ server: 2, file: 'log.1' }]);
    expect(s.after('link-closed', 1)).toEqual([]);
  });

  it('restart of a running server is crash and start', () => {
    const s = story({ verb: 'restart', servers: [two] });
    expect(s.fired).toEqual(fired('restart', [2]));
    expect(s.told('crashed')).toHaveLength(1);
    expect(s.simulation.world.machineOf(two).incarnation).toBe(2);
    expect(s.after('timer-fired', 2)).not.toEqual([]);
  });

  it('start starts one that is off, and finds nothing to do at one that runs', () => {
    const s = story({ verb: 'start', servers: [two] }, { off: [2] });
    expect(s.fired).toEqual(fired('start', [2]));
    expect(s.told('restarted')).toContainEqual({ kind: 'restarted', server: 2, incarnation: 1 });
    const none = story({ verb: 'start', servers: [two] });
    expect(none.fired).toEqual(fired('start', [2], false));
    expect(none.simulation.faults.withoutEffect()).toEqual(['it']);
  });

  it('stop ends a process in order', () => {
    const s = story({ verb: 'stop', servers: [two] });
    expect(s.fired).toEqual(fired('stop', [2]));
    expect(s.told('crashed')).toMatchObject([{ how: 'stop' }]);
    expect(s.after('link-closed', 1)).toMatchObject([{ told: { reason: 'closed' } }]);
  });

  it('pause freezes for a while; what waited comes at the end, in its order', () => {
    const s = story({ verb: 'pause', servers: [two] }, { forUs: S / 2 });
    expect(s.fired).toEqual(fired('pause', [2]));
    const beats = s.after('timer-fired', 2).map((e) => e.atUs);
    expect(beats[0]).toBe(1.5 * S);
    const waited = s.deliveries(1, 2).filter((e) => e.atUs === 1.5 * S);
    expect(waited.length).toBeGreaterThanOrEqual(4);
    expect(s.told('fault-ended')).toEqual([{ kind: 'fault-ended', name: 'it', verb: 'pause' }]);
    expect([s.told('paused'), s.told('resumed')].map((e) => e.length)).toEqual([1, 1]);
  });

  it('resume frees a frozen server, and finds nothing to do at a running one', () => {
    const pause = faultAt(S / 2, { verb: 'pause', servers: [two] });
    const resume = faultAt(S, { verb: 'resume', servers: ['paused'] }, { name: 'it' });
    const s = story({ verb: 'resume', servers: [two] }, { faults: [pause, resume] });
    expect(s.fired[1]).toMatchObject({ verb: 'resume', servers: [2], effect: true });
    expect(story({ verb: 'resume', servers: [two] }).fired).toEqual(fired('resume', [2], false));
  });

  it('wipe empties the disk of a server that is off', () => {
    const crash = faultAt(S / 2, { verb: 'crash', servers: [two] });
    const wipe = faultAt(S, { verb: 'wipe', servers: ['crashed'] }, { name: 'it' });
    const s = story({ verb: 'wipe', servers: [two] }, { faults: [crash, wipe] });
    expect(s.told('wiped')).toEqual([{ kind: 'wiped', server: 2 }]);
    expect(s.simulation.world.machineOf(two).disk.files()).toEqual([]);
    expect(story({ verb: 'wipe', servers: [two] }).fired).toEqual(fired('wipe', [2], false));
  });
});

describe('faults of the network', () => {
  it('partition cuts groups from each other, both ways, until its time is over', () => {
    const s = story({ verb: 'partition', groups: [[one], ['rest']] }, { forUs: S, untilUs: 4 * S });
    expect(s.fired).toEqual(firedBetween('partition', [1, 2, 3], [[1], [2, 3]]));
    const heard = s.deliveries(1, 2).map((e) => e.atUs);
    expect(heard.filter((at) => at > S + 1000 && at < 2 * S)).toEqual([]);
    expect(heard.filter((at) => at > 2 * S)).not.toEqual([]);
    expect(s.simulation.world.canReach(one, two)).toBe(true);
  });

  it('partition leaves a server in no group with all its connections', () => {
    const { world } = story({ verb: 'partition', groups: [[one], [three]] }).simulation;
    const reached = ALL.flatMap((a) => ALL.filter((b) => b !== a && world.canReach(a, b)).map((b) => [a, b]));
    expect(reached).toEqual([
      [1, 2],
      [2, 1],
      [2, 3],
      [3, 2],
    ]);
  });

  it('partition leaves whom several groups name in the first of them, and says so', () => {
    const s = story({ verb: 'partition', groups: [[two, one], ['all'], [two, three]] });
    const [told] = firedBetween('partition', [1, 2, 3], [[1, 2], [3]]);
    expect(s.fired).toEqual([{ ...told, twice: [1, 2, 3] }]);
    expect(s.simulation.world.canReach(one, two)).toBe(true);
    expect(s.simulation.world.canReach(one, three)).toBe(false);
  });

  it('partition finds nothing to do where that leaves one group', () => {
    const s = story({ verb: 'partition', groups: [[one, two], [two]] });
    expect(s.fired).toEqual([{ ...fired('partition', [1, 2], false)[0], sides: [[1, 2]], twice: [2] }]);
    expect(s.simulation.faults.withoutEffect()).toEqual(['it']);
  });

  it('isolate cuts a server from everybody, clients too', () => {
    const s = story({ verb: 'isolate', servers: [one, two] }, { clients: [busy] });
    expect(s.fired).toEqual(fired('isolate', [1, 2]));
    const { world } = s.simulation;
    const others = world.machines.map((m) => m.id).filter((id) => id !== one);
    expect(others.some((id) => world.canReach(one, id) || world.canReach(id, one))).toBe(false);
    expect(world.canReach(three, nodeId(1001))).toBe(true);
  });

  it('cut works one way', () => {
    const s = story({ verb: 'cut', from: [one], to: [two] });
    expect(s.fired).toEqual(firedBetween('cut', [1, 2], [[1], [2]]));
    expect(s.deliveries(1, 2).filter((e) => e.atUs > S + 1000)).toEqual([]);
    expect(s.deliveries(2, 1).length).toBeGreaterThan(5);
    expect(s.simulation.faults.unclean()).toEqual(['it']);
  });

  it.each(['all', 'split'])('heal of %s ends a partition', (what) => {
    const split = faultAt(S / 2, { verb: 'partition', groups: [[one], ['rest']] }, { name: 'split' });
    const heal = faultAt(S, { verb: 'heal', what }, { name: 'it' });
    const s = story({ verb: 'heal', what }, { faults: [split, heal] });
    expect(s.fired[1]).toEqual({ kind: 'fault-fired', name: 'it', verb: 'heal', servers: [], effect: true });
    expect(s.told('fault-ended')).toEqual([{ kind: 'fault-ended', name: 'split', verb: 'partition' }]);
    expect(s.simulation.world.canReach(one, two)).toBe(true);
    expect(s.simulation.faults.disturbances.lastUs).toBe(S);
    expect(s.simulation.faults.disturbances.longestUs).toBe(S / 2);
  });

  it('heal without anything to heal has no effect', () => {
    expect(story({ verb: 'heal', what: 'all' }).fired).toEqual(fired('heal', [], false));
  });

  it('reset breaks the connections of a pair', () => {
    const s = story({ verb: 'reset', between: [[one], [two]] });
    expect(s.fired).toEqual(firedBetween('reset', [1, 2], [[1], [2]]));
    expect(s.after('link-closed')).toMatchObject([
      { told: { reason: 'reset' } },
      { told: { reason: 'reset' } },
    ]);
    expect(story({ verb: 'reset', between: [[one], [three]] }).fired).toEqual([
      { ...firedBetween('reset', [1, 3], [[1], [3]])[0], effect: false },
    ]);
  });

  it('refuse turns new connections away', () => {
    const late: Script = (env) => (event) => {
      if (event.kind === 'started') env.setTimer('dial', 1.1 * S);
      if (event.kind === 'timer') env.connect(two, 'quorum');
    };
    const refused = story(
      { verb: 'refuse', servers: [two] },
      { scripts: [busy, busy, late], untilUs: 1.5 * S },
    );
    expect(refused.fired).toEqual(fired('refuse', [2]));
    expect(refused.after('link-closed', 3)).toMatchObject([{ told: { reason: 'refused' } }]);
  });

  it('slow between a pair, or around a server, changes the latency', () => {
    const latency = uniform(50_000, 50_000);
    const beats = (s: ReturnType<typeof story>) => s.deliveries(1, 2).map((e) => e.atUs % 100_000);
    const pair = story(
      { verb: 'slow', between: [[one], [two]], server: undefined, latency },
      { forUs: S / 2 },
    );
    expect(new Set(beats(pair))).toEqual(new Set([1000, 50_000]));
    const around = story({ verb: 'slow', between: undefined, server: [two], latency });
    expect(around.fired).toEqual(fired('slow', [2]));
    expect(beats(around).at(-1)).toBe(50_000);
    expect(around.simulation.faults.unclean()).toEqual(['it']);
  });

  it('loss stalls what it hits until TCP repeats it, and loses nothing', () => {
    const all = {
      stream: (name: string) => ({ draw: (b: number) => (name.startsWith('loss') ? b - 1 : 0) }),
    };
    const s = story(
      { verb: 'loss', between: [[one], [two]], ratePpm: 100_000 },
      { decisions: all, forUs: S, untilUs: 5 * S },
    );
    expect(s.fired).toEqual(firedBetween('loss', [1, 2], [[1], [2]]));
    const between = s.deliveries(1, 2).map((e) => e.atUs);
    expect(between.filter((at) => at > S + 1000 && at < 2 * S)).toEqual([]);
    const sent = s.trace.entries.filter(
      (e) => e.told.kind === 'sent' && e.told.from === one && e.atUs < 4 * S,
    );
    const heard = s.trace.entries.filter((e) => e.told.kind === 'delivered' && e.told.from === one);
    expect(heard.length).toBeGreaterThanOrEqual(sent.length);
  });

  it('bandwidth spreads messages by their size', () => {
    const s = story(
      { verb: 'bandwidth', between: [[one], [two]], bytesPerSecond: 1000 },
      { bufferBytes: 300 },
    );
    expect(s.fired).toEqual(firedBetween('bandwidth', [1, 2], [[1], [2]]));
    const times = s.deliveries(1, 2).map((e) => e.atUs);
    // 100 bytes at 1000 a second take 100 ms.
    expect(times.slice(0, 3).map((at) => at - S)).toEqual([101_000, 201_000, 301_000]);
  });
});

describe('what operators ask for', () => {
  /** Takes `rest`, and nothing else. */
  const obliging: Script = () => (event) => {
    if (event.kind === 'asked' && event.request === 'rest') event.taken = true;
  };
  const asked = (action: Partial<Action>, faults: readonly ReturnType<typeof faultAt>[] = []) => {
    const whole = { verb: 'ask', server: [two], request: 'rest', subject: undefined, ...action } as Action;
    return story(whole, {
      scripts: [obliging, obliging, busy],
      faults: [...faults, faultAt(S, whole, { name: 'it' })],
    });
  };
  const answer = (servers: readonly number[], effect: boolean, request = 'rest', subject = 0) => [
    { kind: 'fault-fired', name: 'it', verb: 'ask', servers, effect, asked: { request, subject } },
  ];

  it('ask is heard by the process, and has an effect if one does as asked', () => {
    expect(asked({}).fired).toEqual(answer([2], true));
    expect(asked({ server: [one, three] }).fired).toEqual(answer([1, 3], true));
    expect(asked({ subject: [three] }).fired).toEqual(answer([2], true, 'rest', 3));
  });

  it('ask finds nothing to do where nobody knows the word, or nobody runs to hear it', () => {
    const unknown = asked({ request: 'dance' });
    expect(unknown.fired).toEqual(answer([2], false, 'dance'));
    expect(unknown.simulation.faults.withoutEffect()).toEqual(['it']);
    expect(asked({ server: [three] }).fired).toEqual(answer([3], false));
    const pause = faultAt(S / 2, { verb: 'pause', servers: [two] });
    expect(asked({}, [pause]).fired.slice(1)).toEqual(answer([2], false));
    const crash = faultAt(S / 2, { verb: 'crash', servers: [two] });
    expect(asked({}, [crash]).fired.slice(1)).toEqual(answer([2], false));
    expect(asked({ subject: ['leader'] }).simulation.faults.unfired()).toMatchObject([
      { name: 'it', why: { selector: 'leader' } },
    ]);
  });
});

describe('faults of disks and clocks', () => {
  it('slowDisk makes syncs late', () => {
    const s = story({ verb: 'slowDisk', server: [two], sync: uniform(400_000, 400_000) });
    expect(s.fired).toEqual(fired('slowDisk', [2]));
    expect(s.after('synced', 2).length).toBeLessThan(4);
    expect(s.after('synced', 1).length).toBeGreaterThan(8);
  });

  it('failSync fails as many as told, or all', () => {
    const some = story({ verb: 'failSync', server: [two], times: 2 });
    expect(some.after('synced', 1).length - some.after('synced', 2).length).toBe(2);
    expect(some.simulation.faults.unclean()).toEqual([]);
    const all = story({ verb: 'failSync', server: [two], times: undefined });
    expect(all.fired).toEqual(fired('failSync', [2]));
    // One sync was under way.
    expect(all.after('synced', 2)).toHaveLength(0);
  });

  it('fullDisk fails syncs of new data', () => {
    const s = story({ verb: 'fullDisk', server: [two] }, { forUs: S / 2 });
    expect(s.fired).toEqual(fired('fullDisk', [2]));
    expect(s.after('synced', 2)[0]?.atUs).toBeGreaterThan(1.5 * S);
  });

  it.each(['flipped', 'torn'] as const)('corrupt leaves a %s record', (how) => {
    const s = story({ verb: 'corrupt', server: [two], file: 'log', record: 1, how });
    expect(s.fired).toEqual(fired('corrupt', [2]));
    const [event] = s.told('corrupted') as { index: number }[];
    const damaged = s.simulation.world.machineOf(two).read('log.1')[event?.index ?? -1];
    expect(damaged).toMatchObject({ kind: 'damaged', how });
    const none = story({ verb: 'corrupt', server: [two], file: 'snapshot', record: 0, how });
    expect(none.fired).toEqual(fired('corrupt', [2], false));
  });

  it('skew sets the wall clock, jump moves it, monotonic time stays', () => {
    const skew = faultAt(S / 2, { verb: 'skew', server: [two], byMs: 70 });
    const jump = faultAt(S, { verb: 'jump', server: [two], byMs: -100 }, { forUs: S / 2 });
    const { simulation } = toyWorld({ scripts: [busy, busy, busy], faults: [skew, jump] });
    const { clock } = simulation.world.machineOf(two);
    const walls = [0.4, 0.6, 1.2, 1.8].map((at) => {
      simulation.run(at * S);
      expect(clock.now()).toBe(at * S);
      return clock.wallMs() - WALL_START_MS - at * 1000;
    });
    expect(walls).toEqual([0, 70, -30, 70]);
  });

  it('drift changes the rate of timers', () => {
    const s = story({ verb: 'drift', server: [two], ppm: 100_000 }, { untilUs: 11 * S });
    expect(s.fired).toEqual(fired('drift', [2]));
    expect(s.after('timer-fired', 1)).toHaveLength(101);
    expect(s.after('timer-fired', 2)).toHaveLength(110);
  });
});
