import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/node/facts.ts';
import type { Outcome } from '../../../src/run/outcome.ts';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';

/** A network and disks without chance, so that only the work makes a difference. */
const STORY = `
title: What keeps servers busy
duration: 20s
ensemble: { voters: 3, start: { 3: 4s } }
network: { latency: 1ms..1ms }
disk: { sync: 1ms..1ms }
stages: 0ms..0ms
clients: { count: 2, rate: 20/s, start: 2s }
faults: [{ at: 8s, crash: leader }, { at: 10s, restart: crashed }]
`;

interface Ran {
  readonly outcome: Outcome;
  /** When something of a kind was told of a server after a time, in ms; −1: never. */
  at(kind: TraceEvent['kind'], server: number, fromMs?: number): number;
  /** The work that a server did, in order. */
  work(server: number): readonly string[];
}

function ran(more = ''): Ran {
  const told: { atMs: number; event: TraceEvent }[] = [];
  const outcome = simulate(parseScenario(STORY + more), {
    seed: 1,
    trace: (event, { atUs }) => told.push({ atMs: atUs / 1000, event: { ...event } }),
  });
  const of = (kind: TraceEvent['kind'], server: number) =>
    told.filter(({ event }) => event.kind === kind && 'server' in event && event.server === server);
  return {
    outcome,
    at: (kind, server, fromMs = 0) => of(kind, server).find(({ atMs }) => atMs >= fromMs)?.atMs ?? -1,
    work: (server) => of('worked', server).map(({ event }) => (event.kind === 'worked' ? event.work : '')),
  };
}

const idle = ran();

describe('work', () => {
  test('takes no time where nothing is said of it, and nobody is told', () => {
    expect(idle.work(2)).toEqual([]);
    expect(idle.outcome.fingerprint).toBe(ran('work: { cores: 1 }\n').outcome.fingerprint);
  });

  test('of a leader comes before its port opens, so that a learner that is quicker dials twice', () => {
    const busy = ran('work: { make-leader: 50ms..50ms }\n');
    const established = (run: Ran) => run.at('leader-established', 2) - run.at('leader-elected', 2);
    // The first call was refused; the second comes 100 ms after it.
    expect(established(busy) - established(idle)).toBeGreaterThan(90);
    expect(
      established(ran('work: { make-leader: 50ms..50ms, dial: 60ms..60ms }\n')) - established(idle),
    ).toBeCloseTo(60);
  });

  test('is done in the order of the roles', () => {
    const all = ran(
      `work: { make-leader: 5ms..5ms, make-learner: 5ms..5ms, dial: 5ms..5ms, start-leading: 5ms..5ms,
  start-following: 5ms..5ms, end-role: 5ms..5ms, record: 1ms..1ms, connection: 1ms..1ms }\n`,
    );
    expect(all.outcome.verdict).toBe('passed');
    const roles = all.work(1).filter((work) => work !== 'connection' && work !== 'record');
    expect(roles).toEqual([
      ...['make-learner', 'dial', 'start-following', 'end-role'],
      ...['make-learner', 'dial', 'start-following'],
    ]);
    // Server 2 led until it was killed; what it missed it took over when it was back.
    expect(all.work(2).slice(-4)).toEqual(['make-learner', 'dial', 'start-following', 'record']);
    expect(all.work(2)).toContain('start-leading');
  });

  test('delays looking by the end of the role, and service by its start', () => {
    const busy = ran('work: { end-role: 30ms..30ms, start-leading: 40ms..40ms }\n');
    expect(busy.at('looking', 1, 8000) - idle.at('looking', 1, 8000)).toBeCloseTo(30);
    const [server] = busy.outcome.leaders.slice(-1).map((term) => Number(term.server));
    const first = (run: Ran) =>
      run.at('txn-committed', server ?? 0, 8001) - run.at('leader-established', server ?? 0, 8001);
    expect(first(busy)).toBeGreaterThan(40);
  });

  test('costs a third when a process does it again, and all of it after a restart', () => {
    const busy = ran('work: { make-learner: 90ms..90ms }\n');
    const role = (fromMs: number) => busy.at('worked', 1, fromMs) - busy.at('leader-followed', 1, fromMs);
    expect(role(0)).toBeCloseTo(90);
    expect(role(8000)).toBeCloseTo(30);
    expect(busy.at('worked', 2, 10_000) - busy.at('leader-followed', 2, 10_000)).toBeCloseTo(90);
  });

  test('of servers that share a processor takes longer', () => {
    const looked = (cores: number) =>
      [1, 3].map((server) =>
        Math.round(ran(`work: { end-role: 30ms..30ms, cores: ${cores} }\n`).at('looking', server, 8000)),
      );
    // Both survivors end their roles at once.
    expect(looked(2)).toEqual([8031, 8031]);
    expect(looked(1)).toEqual([8061, 8061]);
  });

  test('in the background takes a processor, and no time of who does not need it', () => {
    const background = 'boot: 300ms..300ms';
    const role = (run: Ran) => run.at('worked', 3, 4000) - run.at('leader-followed', 3, 4000);
    expect(role(ran(`work: { make-learner: 60ms..60ms, ${background}, cores: 2 }\n`))).toBeCloseTo(60);
    expect(role(ran(`work: { make-learner: 60ms..60ms, ${background}, cores: 1 }\n`))).toBeCloseTo(120);
  });

  test('of a killed process: its peers see it gone when it is', () => {
    const busy = ran('work: { exit: 25ms..25ms }\n');
    expect(busy.at('leader-left', 1, 8000) - idle.at('leader-left', 1, 8000)).toBeCloseTo(25);
  });
});
