import { describe, expect, test } from 'vitest';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { type RegisteredProtocol, requestsOf } from '../../src/run/registry/protocols.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { type SimulateOptions, simulate } from '../../src/run/simulate.ts';
import type { Fault } from '../../src/sim/fault.ts';
import { withTripwire } from '../tripwire.ts';

/** What every protocol has to do, whatever it is. */
export const CASES = [
  'elects',
  'answers',
  'leader-crash',
  'minority',
  'majority-lost',
  'heals',
  'power-cut',
  'late',
  'observers',
  'loss',
  'slow-disk',
  'tree',
  'asked',
  'members',
  'deterministic',
  'random-plans',
] as const;

/** The name of a case. */
export type Case = (typeof CASES)[number];

/** By case that a protocol is not held to: why. */
export type Skips = Readonly<Partial<Record<Case, string>>>;

const TIMERS = 'tickTime: 100ms, initLimit: 10, syncLimit: 10';

/** How far the servers have come at the end. */
function committed({ servers }: Outcome): readonly string[] {
  return servers.map(({ lastCommitted }) => lastCommitted);
}

/**
 * The suite that every protocol passes.
 *
 * @param name what a scenario says under `protocol`
 * @param own the protocol itself, where it is not one of the registered ones
 */
export function protocolCases(name: string, skips: Skips, own?: RegisteredProtocol): void {
  const options: SimulateOptions = own === undefined ? {} : { protocol: own };
  const plan = (text: string) =>
    parseScenario(`title: a case\n${own === undefined ? `protocol: ${name}\n` : ''}${text}`);
  const run = (text: string, seed = 1): Outcome => simulate(plan(text), { ...options, seed });
  const fine = (text: string): Outcome => {
    const outcome = run(text);
    expect([...outcome.violations, ...outcome.stalls]).toEqual([]);
    expect(outcome.unmet).toEqual([]);
    return outcome;
  };
  const held = (which: Case, what: string, body: () => void): void => {
    const reason = skips[which];
    if (reason === undefined) test(what, body);
    else test.skip(`${what} (not here: ${reason})`, body);
  };

  describe(`${name}:`, () => {
    held('elects', 'one leads, and the others follow', () => {
      const { servers, leaders } = fine(`ensemble: { voters: 5, ${TIMERS} }\nduration: 10s`);
      expect(servers.map(({ state }) => state).sort()).toEqual([...Array(4).fill('following'), 'leading']);
      expect(leaders.filter((term) => term.establishedAtUs >= 0)).toHaveLength(1);
    });

    held('answers', 'every request is answered, and every server gets to know of it', () => {
      const outcome = fine(`
ensemble: { voters: 3, ${TIMERS} }
clients: { count: 3, operations: 150, rate: 50/s, start: 4s, connect: each }
duration: 20s`);
      expect(outcome.clients).toEqual({ ok: 150, failed: 0, unknown: 0 });
      expect(new Set(committed(outcome)).size).toBe(1);
      expect(outcome.commits).toBeGreaterThanOrEqual(150);
    });

    held('leader-crash', 'when the leader dies, another goes on with all that was answered', () => {
      const outcome = fine(`
ensemble: { voters: 5, ${TIMERS} }
clients: { count: 3, rate: 20/s, start: 3s }
faults: [{ at: 8s, crash: leader }, { at: 20s, start: crashed }]
duration: 40s
expect: { elections: 2, unavailable: "< 4s" }`);
      expect(outcome.commits).toBeGreaterThan(400);
    });

    held('minority', 'a minority decides nothing, and the majority does not need it', () => {
      const outcome = fine(`
ensemble: { voters: 5, ${TIMERS} }
clients: { count: 1, connect: [1], rate: 20/s, start: 4s }
faults: [{ at: 10s, partition: [[1, 2, c1], rest] }]
duration: 30s`);
      expect(outcome.unavailableUs).toBeLessThan(5_000_000);
      // 20 a second for 6 s; after that the client's server has no majority.
      expect(outcome.clients.ok).toBeLessThanOrEqual(121);
      expect(outcome.clients.ok).toBeGreaterThan(100);
    });

    held('majority-lost', 'without a majority nothing is decided; with it, all goes on', () => {
      const outcome = fine(`
ensemble: { voters: 5, ${TIMERS} }
clients: { count: 2, rate: 20/s, start: 4s }
faults: [{ at: 8s, crash: [1, 2, 3] }, { at: 20s, start: crashed }]
duration: 50s
expect: { unavailable: ">= 12s" }`);
      expect(outcome.clients.ok).toBeGreaterThan(300);
    });

    held('heals', 'who was cut off catches up', () => {
      const outcome = fine(`
ensemble: { voters: 5, ${TIMERS} }
clients: { count: 2, operations: 400, rate: 20/s, start: 4s, connect: [3, 4] }
faults: [{ at: 8s, isolate: [1, 2], for: 8s }]
duration: 50s`);
      expect(new Set(committed(outcome)).size).toBe(1);
    });

    held('power-cut', 'what was answered survives when all lose their power', () => {
      const outcome = fine(`
ensemble: { voters: 3, ${TIMERS} }
clients: { count: 3, rate: 50/s, start: 4s }
faults: [{ at: 10s, powerCut: all }, { at: 12s, start: all }]
duration: 50s`);
      expect(outcome.clients.ok).toBeGreaterThan(1000);
      expect(new Set(committed(outcome)).size).toBe(1);
    });

    held('late', 'a server that comes late gets all that it has missed', () => {
      const outcome = fine(`
ensemble: { voters: 5, start: { 5: 12s }, ${TIMERS} }
clients: { count: 2, operations: 200, rate: 20/s, start: 3s, connect: [1, 2] }
duration: 40s`);
      expect(new Set(committed(outcome)).size).toBe(1);
    });

    held('observers', 'observers learn, and do not count', () => {
      const outcome = fine(`
ensemble: { voters: 3, observers: 2, ${TIMERS} }
clients: { count: 2, rate: 20/s, start: 3s }
faults: [{ at: 8s, crash: [1, 2] }, { at: 18s, start: [1, 2] }]
duration: 50s
expect: { unavailable: ">= 10s", roles: { 4: observing, 5: observing } }`);
      expect(new Set(committed(outcome)).size).toBe(1);
    });

    held('loss', 'lost messages cost time, and nothing else', () => {
      const outcome = fine(`
ensemble: { voters: 3, ${TIMERS} }
clients: { count: 2, operations: 100, rate: 5/s, start: 3s, sessionTimeout: 30s }
faults: [{ at: 5s, loss: { between: [all, all], rate: 5% }, for: 10s }]
duration: 60s`);
      expect(outcome.clients.ok).toBeGreaterThanOrEqual(95);
    });

    held('slow-disk', 'one slow disk of three holds nobody up for ever', () => {
      const outcome = fine(`
ensemble: { voters: 3, ${TIMERS} }
clients: { count: 2, operations: 200, rate: 20/s, start: 3s }
faults: [{ at: 5s, slowDisk: { server: 3, sync: 200ms..400ms }, for: 10s }]
duration: 50s`);
      expect(outcome.clients.ok).toBeGreaterThanOrEqual(195);
    });

    held('asked', 'whoever is asked to hand over does so, or says that nothing came of it', () => {
      const outcome = fine(`
ensemble: { voters: 5, observers: 1, ${TIMERS} }
clients: { count: 3, rate: 50/s, start: 4s }
faults:
  - { at: 8s, ask: { server: all, request: hand-over } }
  - { at: 12s, ask: { server: all, request: hand-over, subject: 6 } }
duration: 30s`);
      const can = requestsOf(name).includes('hand-over');
      const { timeline, clients, unavailableUs, leaders } = outcome;
      // An observer cannot lead.
      expect(timeline.map(({ effect }) => effect)).toEqual([can, false]);
      if (!can) {
        expect(outcome.withoutEffect).toHaveLength(2);
        expect(clients).toMatchObject({ failed: 0, unknown: 0 });
        return;
      }
      expect(leaders.filter((term) => term.establishedAtUs >= 0)).toHaveLength(2);
      // Shorter than the shortest election timeout by far, and each client has one request under way at most.
      expect(unavailableUs).toBeLessThan(100_000);
      expect(clients.failed).toBe(0);
      expect(clients.unknown).toBeLessThanOrEqual(3);
    });

    held('members', 'whoever is asked lets servers come and go, or does nothing', () => {
      const outcome = fine(`
ensemble: { voters: 3, observers: 1, ${TIMERS} }
clients: { count: 3, rate: 50/s, start: 4s }
faults:
  - { at: 8s, ask: { server: all, request: add-voter, subject: 4 } }
  - { at: 10s, ask: { server: all, request: add-voter, subject: 4 } }
  - { at: 12s, ask: { server: all, request: remove-voter, subject: 1 } }
duration: 30s`);
      const can = requestsOf(name).includes('add-voter');
      const { timeline, clients, unavailableUs, servers } = outcome;
      // A voter is not given a vote.
      expect(timeline.map(({ effect }) => effect)).toEqual([can, false, can]);
      expect(clients.failed).toBe(0);
      if (!can) return;
      expect(servers.filter(({ state }) => state === 'following')).toHaveLength(2);
      expect(unavailableUs).toBeLessThan(100_000);
    });

    held(
      'tree',
      'the tree keeps what it promises to clients, while the leader dies and messages get lost',
      () => {
        const outcome = fine(`
ensemble: { voters: 3, observers: 1, ${TIMERS} }
clients:
  count: 4
  operations: 600
  rate: 40/s
  start: 3s
  sessionTimeout: 4s
  keys: 3
  pipeline: 4
  mix: {
    create: 4, createEphemeral: 3, set: 6, delete: 3, multi: 1,
    get: 6, sync: 1, syncGet: 4, watch: 3, move: 1, close: 1 }
faults:
  - { at: 6s, loss: { between: [all, all], rate: 5% }, for: 4s }
  - { at: 8s, crash: leader }
  - { at: 13s, start: crashed }
  - { at: 15s, isolate: leader, for: 3s }
duration: 60s`);
        expect(outcome.history?.operations).toBeGreaterThan(600);
        expect(outcome.history?.skipped).toEqual({});
        expect(new Set(committed(outcome)).size).toBe(1);
      },
    );

    const eventful = `
ensemble: { voters: 4, observers: 1, ${TIMERS} }
network: { latency: { median: 1ms, p99: 20ms } }
clock: { skew: 0ms..50ms, drift: 0ppm..200ppm }
clients: { count: 3, rate: 20/s }
faults:
  - { at: 5s, crash: 2 }
  - { after: 2s, start: crashed }
  - { at: 9s, pause: minority, for: 1s }
  - { at: 12s, partition: [[1, 2], rest], for: 3s }
duration: 20s`;

    held(
      'deterministic',
      'a seed gives the same run, watched or not, and reads nothing of the machine',
      () => {
        const first = run(eventful, 7);
        let told = 0;
        const trace = (): void => {
          told++;
        };
        const again = withTripwire(() => simulate(plan(eventful), { ...options, seed: 7, trace }));
        expect(again).toEqual(first);
        expect(told).toBeGreaterThan(first.events);
        expect(simulate(plan(eventful), { ...options, seed: 7, monitors: false }).fingerprint).toBe(
          first.fingerprint,
        );
        expect(run(eventful, 8).fingerprint).not.toBe(first.fingerprint);
      },
    );

    held('random-plans', 'nothing is wrong with twenty random plans', () => {
      for (let seed = 1; seed <= 20; seed++) {
        const drawn = nemesis(seed, { profile: 'all', behaviour: [], protocol: name });
        // In some plans a voter never starts, or is refused by its disk: nobody makes up for a fixed leader.
        const start = own === undefined ? drawn.ensemble.start : new Map();
        const spares = own === undefined ? () => true : ({ action }: Fault) => action.verb !== 'failSync';
        const faults = drawn.faults.filter(spares);
        const random = { ...drawn, ensemble: { ...drawn.ensemble, start }, faults };
        const { violations, stalls } = simulate(random, { ...options, untilSettled: true });
        expect({ seed, found: [...violations, ...stalls] }).toEqual({ seed, found: [] });
      }
    });
  });
}
