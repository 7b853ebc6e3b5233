import { livenessBoundUs } from '../../check/liveness.ts';
import { PHASES_MS } from './at-phase.ts';
import type { Cell } from './timing-report.ts';

/** What becomes of an ensemble in a row of the standard matrix. */
interface Story {
  readonly name: string;
  /** Of the ensemble's `start`, by server. */
  start?(servers: number, voters: number): Readonly<Record<string, string>>;
  /** Of the disks before the first start. */
  initial?(voters: number): Readonly<Record<string, object>>;
  faults(voters: number, servers: number, tickMs: number): readonly object[];
  /** When the last of it is over, in ms. */
  endMs(servers: number, tickMs: number): number;
  /** The longest time that one of its faults lasts and is over then, in ms; default 0. */
  longestMs?(tickMs: number): number;
  /** The clients' load; the default is that of a calm ensemble. */
  clients?(servers: number): Load;
}

/**
 * A `clients` section, but for its rate, which lasts as long as the story; 0: it says itself how much it
 * does.
 */
type Load = Readonly<Record<string, unknown>> & { readonly perSecond: number };

const VOTERS = [3, 5, 7, 9];
const OBSERVERS = [0, 2];
const TICKS_MS = [200, 2000];
const INIT_LIMIT = 10;
const SYNC_LIMIT = 5;
/** When the first fault comes: everybody serves by then. */
const FAULT_MS = 4000;
const STAGGER_MS = 1500;
const TURN_MS = 4000;
/** How long clients may take to be back, once their servers are: a session's timeout, and their pauses. */
const BACK_MS = 10_000;
const CLIENTS: Load = { perSecond: 40, count: 2, sessionTimeout: '6s' };
/**
 * Where reads may be late: clients of ZooKeeper's tree. Those that read do nothing else, for in one session a
 * read waits behind a write that is not answered.
 */
const READERS: Load = { ...CLIENTS, count: 6, readers: 3, mix: { create: 1, set: 4 }, keys: 4 };

/** Where reads may be stale: one that writes and one that reads on every server, the old leader too. */
const onEach = (servers: number): Load => ({
  ...READERS,
  perSecond: 20,
  count: 2 * servers,
  readers: servers,
  connect: 'each',
});

/** The silence after which a peer is given up. */
function silenceMs(tickMs: number): number {
  return SYNC_LIMIT * tickMs;
}

const STORIES: readonly Story[] = [
  { name: 'cold start', faults: () => [], endMs: () => FAULT_MS },
  {
    name: 'staggered start',
    start: (servers) => byServer(servers, (index) => `${index * STAGGER_MS}ms`),
    faults: () => [],
    endMs: (servers) => servers * STAGGER_MS + 1000,
  },
  {
    name: 'steady load',
    faults: () => [],
    endMs: () => FAULT_MS,
    clients: () => ({ perSecond: 0, count: 10, start: '2s', sessionTimeout: '6s', operations: 1000 }),
  },
  {
    name: 'leader crash',
    faults: () => [{ at: `$${FAULT_MS}`, crash: 'leader' }],
    endMs: () => FAULT_MS + 3000,
    clients: () => READERS,
  },
  {
    name: 'leader pause',
    faults: (_voters, _servers, tickMs) => [
      { at: `$${FAULT_MS}`, pause: 'leader', for: `${silenceMs(tickMs) + 3000}ms` },
    ],
    longestMs: (tickMs) => silenceMs(tickMs) + 3000,
    endMs: (_servers, tickMs) => FAULT_MS + silenceMs(tickMs) + 6000,
    clients: onEach,
  },
  {
    name: 'leader partitioned',
    faults: (_voters, _servers, tickMs) => [
      { at: `$${FAULT_MS}`, partition: [['leader'], 'rest'], for: `${silenceMs(tickMs) + 4000}ms` },
    ],
    longestMs: (tickMs) => silenceMs(tickMs) + 4000,
    endMs: (_servers, tickMs) => FAULT_MS + silenceMs(tickMs) + 8000,
    clients: onEach,
  },
  {
    name: 'majority lost and back',
    faults: () => [
      { at: `$${FAULT_MS}`, crash: 'majority' },
      { after: '3s', restart: 'crashed' },
    ],
    longestMs: () => 3000,
    endMs: () => FAULT_MS + 8000,
  },
  {
    name: 'follower rejoin',
    faults: () => [
      { at: `$${FAULT_MS}`, crash: 'follower' },
      { after: '2s', restart: 'crashed' },
    ],
    longestMs: () => 2000,
    endMs: () => FAULT_MS + 4000,
  },
  {
    name: 'old tail returns',
    // One voter has logged two transactions that nobody else has, and is away when the others go on.
    initial: (voters) =>
      byServer(voters, (index) => ({
        acceptedEpoch: 1,
        currentEpoch: 1,
        log: [index === voters - 1 ? '1:1..1:6' : '1:1..1:4'],
      })),
    start: (servers, voters) => byServer(servers, (index) => (index === voters - 1 ? 'never' : '0s')),
    faults: (voters) => [{ at: `$${FAULT_MS}`, start: voters }],
    endMs: () => FAULT_MS + 2000,
    // As long as nothing is written in the new epoch, TRUNC can lead back to it.
    clients: () => ({ perSecond: 0, count: 0 }),
  },
  {
    name: 'rolling restart',
    faults: (_voters, servers) =>
      Array.from({ length: servers }, (_, index) => [
        { at: `$${FAULT_MS + index * TURN_MS}`, stop: index + 1 },
        { after: '1s', restart: index + 1 },
      ]).flat(),
    longestMs: () => 1000,
    endMs: (servers) => FAULT_MS + servers * TURN_MS,
    clients: () => ({ ...CLIENTS, perSecond: 20 }),
  },
];

/** The names of its stories, in their order. */
export const STORY_NAMES: readonly string[] = STORIES.map((story) => story.name);

/**
 * The standard matrix: what befalls an ensemble × how large it is × its tick, in one environment. Every run
 * goes on after its story for as long as liveness needs to be judged.
 */
export function standardMatrix(environment: string): readonly Cell[] {
  return STORIES.flatMap((story) =>
    TICKS_MS.flatMap((tickMs) =>
      VOTERS.flatMap((voters) =>
        OBSERVERS.map((observers) => cell(story, voters, observers, tickMs, environment)),
      ),
    ),
  );
}

function cell(story: Story, voters: number, observers: number, tickMs: number, environment: string): Cell {
  const servers = voters + observers;
  const endMs = story.endMs(servers, tickMs);
  const longestMs = story.longestMs?.(tickMs) ?? 0;
  const file = `${story.name}, ${voters} voters, ${observers} observers, tickTime ${tickMs} ms`;
  const scenario = {
    title: file,
    environment,
    duration: `${endMs + PHASES_MS + settlingMs(tickMs, longestMs)}ms`,
    ensemble: {
      voters,
      observers,
      tickTime: `${tickMs}ms`,
      initLimit: INIT_LIMIT,
      syncLimit: SYNC_LIMIT,
      ...(story.start === undefined ? {} : { start: story.start(servers, voters) }),
    },
    ...(story.initial === undefined ? {} : { initial: story.initial(voters) }),
    clients: clientsOf(story.clients?.(servers) ?? CLIENTS, endMs + PHASES_MS),
    faults: story.faults(voters, servers, tickMs),
  };
  return {
    labels: {
      story: story.name,
      tickTime: `${tickMs} ms`,
      voters: String(voters),
      observers: String(observers),
    },
    // JSON is YAML.
    text: JSON.stringify(scenario),
    phased: true,
    file,
  };
}

function clientsOf({ perSecond, ...clients }: Load, forMs: number): object {
  if (perSecond === 0) return clients;
  return { ...clients, rate: `${perSecond}/s`, operations: Math.ceil((forMs * perSecond) / 1000) };
}

/** How long after its last disturbance a run lasts, for liveness to be judged, and that clients are back. */
function settlingMs(tickMs: number, longestMs: number): number {
  const ensemble = { tickTimeUs: tickMs * 1000, initLimit: INIT_LIMIT, syncLimit: SYNC_LIMIT };
  return livenessBoundUs(ensemble, longestMs * 1000) / 1000 + BACK_MS;
}

function byServer<T>(servers: number, of: (index: number) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Array.from({ length: servers }, (_, index) => [index + 1, of(index)]));
}
