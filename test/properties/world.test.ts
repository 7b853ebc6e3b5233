import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../src/core/decisions.ts';
import { uniform } from '../../src/core/distribution.ts';
import type { LinkId } from '../../src/node/ids.ts';
import { nodeId } from '../../src/node/ids.ts';
import type { Action, Choice, Fault } from '../../src/sim/fault.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { faultAt, record, type Script, say, toySetup } from '../unit/sim/toy-world.ts';

const S = 1_000_000;
const SERVERS = 4;

/** What was seen in a world that must never be seen. */
class Watch {
  readonly wrongs: string[] = [];
  /** Highest position that a server knows to be durable, and that it has written. */
  readonly durable = new Map<number, number>();
  readonly written = new Map<number, number>();
  received = 0;
  synced = 0;

  wrong(what: string): void {
    this.wrongs.push(what);
  }
}

/**
 * Talks to everybody over whatever connections there are, numbering what it sends on each, and writes a log
 * of numbered records; notes what cannot be on a correct network and disk.
 */
function witnessing(watch: Watch): Script {
  return (env) => {
    const self = env.self as number;
    /** Next number to send and last number heard, by connection; `closed` once over. */
    const sent = new Map<LinkId, number>();
    const heard = new Map<LinkId, number>();
    const full = new Set<LinkId>();
    const over = new Set<LinkId>();
    const tickets = new Map<number, number>();
    let position = 0;
    let local = env.now();
    const talk = (link: LinkId) => {
      while (!full.has(link)) {
        const n = sent.get(link) ?? 1;
        if (!env.send(link, say(n, 300))) full.add(link);
        else sent.set(link, n + 1);
        if (n % 3 === 0) break;
      }
    };
    const write = () => {
      position++;
      env.append('log', record(position));
      watch.written.set(self, position);
      tickets.set(env.sync('log'), position);
    };
    return (event) => {
      if (env.now() < local) watch.wrong(`${self}: time goes back`);
      local = env.now();
      if ('link' in event && over.has(event.link)) watch.wrong(`${self}: ${event.kind} after the end`);
      switch (event.kind) {
        case 'started': {
          const log = env.read('log');
          const whole = log.filter((r) => !('how' in r)).map((r) => r.position);
          if (whole.some((p, i) => p !== i + 1)) watch.wrong(`${self}: a hole in the log, ${whole.join()}`);
          const least = watch.durable.get(self) ?? 0;
          if (whole.length < least) watch.wrong(`${self}: ${least} was durable, ${whole.length} is there`);
          env.truncate('log', whole.length);
          position = whole.length;
          env.listen('quorum');
          env.setTimer('beat', 20_000);
          return;
        }
        case 'timer':
          env.setTimer('beat', 20_000);
          write();
          for (const link of sent.keys()) talk(link);
          if (sent.size < 2 && position % 5 === 0) {
            const other = 1 + ((self + (position % (SERVERS - 1))) % SERVERS);
            env.connect(nodeId(other), 'quorum');
          }
          if (position % 50 === 0)
            for (const link of [...sent.keys()].slice(0, 1)) {
              env.close(link);
              over.add(link);
              sent.delete(link);
            }
          return;
        case 'opened':
          sent.set(event.link, 1);
          talk(event.link);
          return;
        case 'received':
          watch.received++;
          if (event.message.n !== (heard.get(event.link) ?? 0) + 1)
            watch.wrong(`${self}: a gap on ${event.link}`);
          heard.set(event.link, event.message.n);
          return;
        case 'writable':
          if (!full.delete(event.link)) watch.wrong(`${self}: room that nobody waits for`);
          return;
        case 'closed':
          over.add(event.link);
          sent.delete(event.link);
          return;
        case 'synced':
          watch.synced++;
          watch.durable.set(self, Math.max(watch.durable.get(self) ?? 0, tickets.get(event.ticket) ?? 0));
          return;
        default:
          return;
      }
    };
  };
}

const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.integer({ min: 1, max: SERVERS }).map((id) => [nodeId(id)]),
  fc.constantFrom<Choice>(['minority'], ['all'], ['crashed'], ['paused']),
);
const between = fc.tuple(choice, choice);
const latency = uniform(1000, 300_000);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    verb: fc.constantFrom<
      'crash' | 'powerCut' | 'restart' | 'start' | 'stop' | 'pause' | 'resume' | 'isolate' | 'refuse'
    >('crash', 'powerCut', 'restart', 'start', 'stop', 'pause', 'resume', 'isolate', 'refuse'),
    servers: choice,
  }),
  choice.map((group): Action => ({ verb: 'partition', groups: [group, ['rest']] })),
  between.map(([from, to]): Action => ({ verb: 'cut', from, to })),
  fc.constant<Action>({ verb: 'heal', what: 'all' }),
  between.map((pair): Action => ({ verb: 'reset', between: pair })),
  between.map((pair): Action => ({ verb: 'slow', between: pair, server: undefined, latency })),
  between.map((pair): Action => ({ verb: 'loss', between: pair, ratePpm: 300_000 })),
  between.map((pair): Action => ({ verb: 'bandwidth', between: pair, bytesPerSecond: 20_000 })),
  choice.map((server): Action => ({ verb: 'slowDisk', server, sync: latency })),
  choice.map((server): Action => ({ verb: 'drift', server, ppm: 50_000 })),
  choice.map((server): Action => ({ verb: 'skew', server, byMs: -5000 })),
);
const fault: fc.Arbitrary<Fault> = fc
  .record({
    at: fc.integer({ min: 1, max: 10_000 }),
    action,
    forMs: fc.option(fc.integer({ min: 1, max: 5000 })),
  })
  .map(({ at, action: what, forMs }) =>
    faultAt(at * 1000, what, { name: `at ${at}`, forUs: forMs === null ? undefined : forMs * 1000 }),
  );

function watched(faults: readonly Fault[], seed: number, untilUs = 16 * S): { watch: Watch; print: string } {
  const watch = new Watch();
  const scripts = Array.from({ length: SERVERS }, () => witnessing(watch));
  const simulation = new Simulation(
    toySetup({
      scripts,
      faults,
      decisions: seeded(seed),
      latency: uniform(200, 30_000),
      sync: uniform(1000, 30_000),
      bufferBytes: 2000,
      driftPpm: uniform(0, 500),
    }),
  );
  simulation.run(12 * S);
  // Whatever is down comes up, and its disk is looked at.
  for (const machine of simulation.world.machines) if (!machine.start()) machine.resume();
  simulation.run(untilUs);
  return { watch, print: simulation.fingerprint() };
}

describe('a world under random faults', () => {
  it('keeps the order on each connection, loses nothing durable, and ends connections once', () => {
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 12 }), fc.nat(1000), (faults, seed) => {
        const { watch, print } = watched(faults, seed);
        expect(watch.wrongs).toEqual([]);
        expect(watch.received).toBeGreaterThan(0);
        expect(watch.synced).toBeGreaterThan(0);
        expect(watched(faults, seed).print).toBe(print);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it('does so beyond the 15 minutes after which kernels give up', () => {
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 12 }), fc.nat(1000), (faults, seed) => {
        expect(watched(faults, seed, 1000 * S).watch.wrongs).toEqual([]);
      }),
      { seed: 4, numRuns: 2 },
    );
  });
});
