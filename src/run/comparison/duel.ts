import type { TraceEvent } from '../../node/facts.ts';
import { parseScenarioOf } from '../files.ts';
import { simulate } from '../simulate.ts';

/** How long a duel may last, in virtual s. */
export const DUEL_SECONDS = 60;

/** The networks on which proposers duel: one way, from a constant latency to one that is anything. */
export const DUEL_NETWORKS: readonly string[] = ['10ms', '9ms..11ms', '5ms..15ms', '1ms..19ms'];

/** How long an overtaken proposer waits, at first if at random. */
export const DUEL_BACK_OFF = '2ms';

/** Two proposers that are asked for a decree at once. */
export interface DuelTask {
  /** A protocol without a leader. */
  readonly protocol: string;
  readonly network: string;
  readonly seed: number;
}

/** How a duel went. */
export interface Duel {
  /** From the first request to the first decree, in virtual µs; −1: none came. */
  readonly decidedUs: number;
  /** Ballots that were begun until then. */
  readonly ballots: number;
}

/** Lets two proposers duel until one of them has got something decided, or time is up. */
export function duel({ protocol, network, seed }: DuelTask): Duel {
  const text = JSON.stringify({
    title: `two proposers, latency ${network}`,
    protocol,
    duration: `${DUEL_SECONDS}s`,
    ensemble: { voters: 3, tickTime: '100ms', minNotificationInterval: DUEL_BACK_OFF },
    network: { latency: network },
    disk: { sync: '1ms' },
    clients: { count: 2, operations: 2, connect: 'each', sessionTimeout: '120s' },
  });
  const kinds: readonly TraceEvent['kind'][] = ['invoked', 'epoch-offered', 'txn-committed'];
  let askedUs = -1;
  let decidedUs = -1;
  let ballots = 0;
  simulate(parseScenarioOf(text, `duel, ${network}`), {
    seed,
    monitors: false,
    witnesses: [
      {
        wants: (kind) => kinds.includes(kind),
        observe: ({ kind }, { atUs }) => {
          if (decidedUs >= 0) return;
          if (kind === 'invoked' && askedUs < 0) askedUs = atUs;
          else if (kind === 'epoch-offered') ballots++;
          else if (kind === 'txn-committed') decidedUs = atUs - askedUs;
        },
      },
    ],
  });
  return { decidedUs, ballots };
}
