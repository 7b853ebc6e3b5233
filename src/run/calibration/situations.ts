import { isBlow } from '../timing/blows.ts';
import type { Timeline } from './timeline.ts';

/** A situation that was measured, as scenarios, and how its figures are read off a run. */
export interface Situation {
  readonly name: string;
  /** Scenarios that differ in what differed between the real runs; run with one seed after the other. */
  readonly scenarios: readonly object[];
  /** By the name of a reading: what a run gives, in ms; NaN where it gives nothing. */
  readonly readings: Readonly<Record<string, (timeline: Timeline) => readonly number[]>>;
}

const LONG = '2s';

/**
 * How far apart the real servers began to look: boot times of JVMs, in ms, by server; one list for each
 * run.
 */
const SKEWS_3 = [
  [0, 40, 118],
  [428, 329, 0],
  [0, 219, 178],
  [429, 413, 0],
  [330, 0, 128],
  [260, 493, 0],
  [818, 0, 753],
  [0, 163, 395],
  [0, 128, 429],
  [239, 356, 0],
];
const SKEWS_5 = [
  [915, 0, 548, 631, 316],
  [0, 414, 666, 726, 1114],
  [128, 810, 0, 610, 23],
  [291, 465, 388, 238, 0],
  [561, 571, 394, 331, 0],
  [300, 643, 713, 763, 0],
  [0, 554, 94, 274, 503],
  [1032, 0, 1063, 1124, 416],
  [495, 0, 456, 717, 783],
  [585, 669, 762, 0, 54],
];
const SKEWS_3_FAST = [
  [0, 367, 395],
  [0, 305, 764],
  [227, 0, 461],
  [310, 70, 0],
  [0, 26, 66],
  [210, 0, 158],
  [386, 45, 0],
  [0, 308, 271],
  [703, 0, 714],
  [0, 92, 334],
];

const seconds = (ms: number): string => `${Math.round(ms)}ms`;
const starts = (ms: readonly number[]): Record<string, string> =>
  Object.fromEntries(ms.map((value, index) => [index + 1, seconds(value)]));

/** Sections of a scenario. */
type Parts = Readonly<Record<string, unknown>> & { readonly ensemble: object };

function scenario({ ensemble, ...parts }: Parts): object {
  return {
    title: 'calibration',
    environment: 'loopback',
    ensemble: { behaviour: '3.8.0', ...ensemble },
    ...parts,
  };
}

function coldStart(name: string, tickTime: string, skews: readonly (readonly number[])[]): Situation {
  const servers = skews[0]?.length ?? 0;
  return {
    name,
    scenarios: skews.map((skew) =>
      scenario({
        duration: '6s',
        ensemble: { voters: servers, tickTime, start: starts(skew) },
      }),
    ),
    readings: {
      'election of the winner': (run) => winners(run, 0),
      'election, all servers': (run) => run.elections(0).map(({ tookMs }) => tookMs),
      'quorum looking to established': (run) => {
        const looked = run.all('looking').map(({ atMs }) => atMs);
        return [run.first('leader-established') - (looked[Math.floor(servers / 2)] ?? Number.NaN)];
      },
    },
  };
}

function winners(run: Timeline, fromMs: number, toMs?: number): readonly number[] {
  return run
    .elections(fromMs, toMs)
    .filter(({ won }) => won)
    .map(({ tookMs }) => tookMs)
    .slice(0, 1);
}

function staggered(name: string, order: readonly number[]): Situation {
  const stepMs = 2000;
  const completer = order[Math.floor(order.length / 2)] ?? 0;
  const late = order.slice(Math.floor(order.length / 2) + 1);
  const start = Object.fromEntries(order.map((server, index) => [server, seconds(index * stepMs)]));
  return {
    name,
    scenarios: [
      scenario({
        duration: seconds(order.length * stepMs + 2000),
        ensemble: { voters: order.length, start },
      }),
    ],
    readings: {
      'election of the completer': (run) => tookOf(run, [completer]),
      'completer looking to established': (run) => [
        run.first('leader-established') - run.first('looking', 0, completer),
      ],
      'election of late joiners': (run) => tookOf(run, late),
      'late joiners looking to serving': (run) =>
        late.map((server) => run.first('follower-synced', 0, server) - run.first('looking', 0, server)),
    },
  };
}

function tookOf(run: Timeline, servers: readonly number[]): readonly number[] {
  return servers.map((one) => run.elections(0).find(({ server }) => server === one)?.tookMs ?? Number.NaN);
}

/** When faults come: at any moment of the leader's ticks. */
const PHASES = Array.from({ length: 10 }, (_, index) => 8000 + index * 430);

/**
 * Every server had a writer of its own, which tried again each ten milliseconds; many that try again within a
 * second stand for it.
 */
const WRITERS = { count: 45, connect: 'each', sessionTimeout: '10s', start: LONG, rate: '450/s' };

function leaderFaults(
  name: string,
  voters: number,
  tickTime: string,
  durationMs: number,
  faults: readonly (readonly object[])[],
): Situation {
  return {
    name,
    scenarios: faults.map((of) =>
      scenario({
        duration: seconds(durationMs),
        // The real writers rested when a server came back: ZOOKEEPER-4394 hits under load only.
        ensemble: { voters, tickTime, initLimit: 10, syncLimit: 5, behaviour: 'fixed' },
        clients: WRITERS,
        faults: of,
      }),
    ),
    readings: {
      'fault to the first looking': (run) =>
        run.blows().map(([atMs, untilMs]) => within(run.first('looking', atMs), untilMs) - atMs),
      'election of the winner': (run) =>
        run.blows().flatMap(([atMs, untilMs]) => winners(run, atMs, untilMs)),
      'fault to established': (run) =>
        run.blows().map(([atMs, untilMs]) => established(run, atMs, untilMs) - atMs),
      'gap for writers': (run) =>
        run.blows().map(([atMs, untilMs]) => {
          const againMs = established(run, atMs, untilMs);
          return run.thirdWrite(againMs) - run.lastWrite(againMs);
        }),
      'fault to the first write': (run) =>
        run.blows().map(([atMs, untilMs]) => run.thirdWrite(established(run, atMs, untilMs)) - atMs),
      'resumed to serving as a follower': (run) => run.all('resumed').flatMap((one) => rejoined(run, one)),
      'healed to serving as a follower': (run) =>
        run
          .all('fault-ended')
          .map(({ atMs }) => run.first('follower-synced', atMs, gaveUp(run, atMs)) - atMs),
      'fault to the old leader’s resignation': (run) =>
        run.blows().map(([atMs, untilMs]) => within(run.first('leader-resigned', atMs), untilMs) - atMs),
      'two leaders at once': (run) =>
        run
          .blows()
          .map(
            ([atMs, untilMs]) =>
              within(run.first('leader-resigned', atMs), untilMs) - established(run, atMs, untilMs),
          ),
    },
  };
}

function established(run: Timeline, atMs: number, untilMs: number): number {
  return within(run.first('leader-established', atMs), untilMs);
}

/** A time, if it belongs to the span that ends then; else NaN. */
function within(atMs: number, untilMs: number): number {
  return atMs < untilMs ? atMs : Number.NaN;
}

/** From a time on, until the server that the fault before it hit follows. */
function rejoined(run: Timeline, { atMs }: { readonly atMs: number }): readonly number[] {
  const hit = run
    .all('fault-fired')
    .filter(({ atMs: firedMs, event }) => firedMs < atMs && isBlow(event))
    .at(-1)?.event.servers[0];
  return hit === undefined ? [] : [run.first('follower-synced', atMs, hit) - atMs];
}

/** The leader that gave up last before a time. */
function gaveUp(run: Timeline, beforeMs: number): number | undefined {
  return run.all('leader-resigned').findLast(({ atMs }) => atMs < beforeMs)?.event.server;
}

/** One leader after another of the same ensemble was killed, and started again once there was a new one. */
const KILLS = PHASES.map((atMs) =>
  [{ at: seconds(atMs) }, { after: '4s' }, { after: '4s' }].flatMap((when) => [
    { ...when, crash: 'leader' },
    { after: '1500ms', restart: 'crashed' },
  ]),
);

/**
 * One leader after another was frozen, and woken up once there was a new one: in the second half of a tick,
 * for the script's own waits add up to five seconds and a bit, so that the leader's next half tick is one
 * that counts its followers.
 */
const FREEZES = Array.from({ length: 10 }, (_, index) =>
  [{ fact: 'leader-established' }, { fact: 'leader-established', since: 'previous' }].map((when) => ({
    when,
    after: seconds(7300 + index * 40),
    pause: 'leader',
    for: '11s',
  })),
);

/**
 * One leader after another was cut off, two seconds and more after all served, at any moment of its tick,
 * and let back in a second after it had given up.
 */
const CUTS = Array.from({ length: 10 }, (_, index) =>
  [
    { when: { fact: 'leader-established' }, after: seconds(5300 + index * 200) },
    { when: { fact: 'follower-synced', since: 'previous' }, after: seconds(2500 + index * 200) },
  ].flatMap((when) => [
    { ...when, partition: [['leader'], 'rest'] },
    { when: { fact: 'leader-resigned', since: 'previous' }, after: '1120ms', heal: 'all' },
  ]),
);

/** A server that is away and comes back. `during`: what is written meanwhile, after the crash. */
function rejoin(name: string, parts: Parts): Situation {
  return {
    name,
    scenarios: PHASES.map(() => scenario({ duration: '20s', ...parts })),
    readings: {
      'looking to serving': (run) => {
        const back = run
          .all('restarted')
          .filter(({ event }) => event.incarnation > 1)
          .at(-1);
        const lookedMs = run.first('looking', back?.atMs, back?.event.server);
        return [run.first('follower-synced', lookedMs, back?.event.server) - lookedMs];
      },
    },
  };
}

const writes = (operations: number, start: string, rate = '200/s'): object => ({
  count: 1,
  operations,
  rate,
  start,
});
/** The server has seen some writes before it goes away, so that its leader can tell what it missed. */
const missed = (operations: number): object => writes(operations + 6, '3970ms');
const AWAY = [
  { at: '4s', crash: 1 },
  { at: '14s', restart: 1 },
];
/** Server 3 has logged two transactions that nobody else has, and is away when the others go on. */
const TAIL = {
  1: { acceptedEpoch: 1, currentEpoch: 1, log: ['1:1..1:4'] },
  2: { acceptedEpoch: 1, currentEpoch: 1, log: ['1:1..1:4'] },
  3: { acceptedEpoch: 1, currentEpoch: 1, log: ['1:1..1:6'] },
};
const LATE = { voters: 3, start: { 1: '0s', 2: '0s', 3: 'never' } };

function latency(name: string, voters: number, connect: number): Situation {
  return {
    name,
    scenarios: [
      scenario({
        duration: '8s',
        ensemble: { voters, start: { [voters]: '0s' } },
        clients: { count: 1, operations: 1500, connect: [connect], start: '3s', sessionTimeout: '20s' },
      }),
    ],
    readings: { latency: (run) => run.latencies(3500) },
  };
}

/** The situations whose timings were measured on a real ensemble. */
export const SITUATIONS: readonly Situation[] = [
  coldStart('cold start, 3 servers', '2s', SKEWS_3),
  coldStart('cold start, 5 servers', '2s', SKEWS_5),
  coldStart('cold start, 3 servers, tickTime 200 ms', '200ms', SKEWS_3_FAST),
  staggered('staggered start 1, 2, 3', [1, 2, 3]),
  staggered('staggered start 3, 2, 1', [3, 2, 1]),
  staggered('staggered start 1 to 5', [1, 2, 3, 4, 5]),
  leaderFaults('leader killed, 3 servers', 3, '2s', 23_000, KILLS),
  leaderFaults('leader killed, 5 servers', 5, '2s', 23_000, KILLS),
  leaderFaults('leader killed, 3 servers, tickTime 200 ms', 3, '200ms', 23_000, KILLS),
  leaderFaults('leader frozen, 3 servers', 3, '2s', 45_000, FREEZES),
  rejoin('rejoin, 10 writes missed', { ensemble: { voters: 3 }, clients: missed(10), faults: AWAY }),
  rejoin('rejoin, 2 writes too many', {
    ensemble: LATE,
    initial: TAIL,
    faults: [
      { at: '9s', start: 3, name: 'first' },
      { at: '9.001s', crash: 3 },
      { at: '14s', restart: 3 },
    ],
  }),
  rejoin('rejoin, 2 writes too many, epoch has writes', {
    ensemble: LATE,
    initial: TAIL,
    clients: writes(3, '4s'),
    faults: [
      { at: '9s', start: 3, name: 'first' },
      { at: '9.001s', crash: 3 },
      { at: '14s', restart: 3 },
    ],
  }),
  rejoin('rejoin, empty disk', {
    ensemble: { voters: 3 },
    clients: writes(5, '6s'),
    faults: [
      { at: '4s', crash: 1 },
      { at: '10s', wipe: 1 },
      { at: '14s', start: 1 },
    ],
  }),
  rejoin('rejoin, 700 writes missed', {
    ensemble: { voters: 3, snapshotSizeFactor: -1 },
    clients: missed(700),
    faults: AWAY,
  }),
  rejoin('rejoin, 700 writes missed, from the log', {
    ensemble: { voters: 3, snapshotSizeFactor: 1 },
    clients: missed(700),
    faults: AWAY,
  }),
  rejoin('rejoin under load', {
    ensemble: { voters: 3 },
    clients: { count: 4, rate: '400/s', start: '3s', connect: [2, 3] },
    // A JVM boots in about a second.
    faults: [
      { at: '8s', crash: 1 },
      { at: '9s', restart: 1 },
    ],
  }),
  latency('writes, 3 servers, at the leader', 3, 3),
  latency('writes, 3 servers, at a follower', 3, 2),
  latency('writes, 5 servers, at the leader', 5, 5),
  latency('writes, 5 servers, at a follower', 5, 2),
  leaderFaults('leader cut off, 3 servers', 3, '2s', 56_000, CUTS),
];
