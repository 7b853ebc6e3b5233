import type { Stream } from '../../core/decisions.ts';
import { type Distribution, uniform } from '../../core/distribution.ts';
import { WORKS, type Work } from '../../node/work.ts';
import { NO_WORK } from '../environments.ts';
import type { Plan, ZooSettings } from '../plan.ts';
import { anyScale, happens } from './draws.ts';

type Labour = Pick<Plan, 'warmUp' | 'work'>;

/** No single piece of work takes longer than this, nor more than a fourth of a tick. */
const MOST_US = 100_000;
const TICK_SHARE = 4;
/** What is done for each transaction or connection is done often. */
const MOST_OF_MANY_US: { readonly [W in Work]?: number } = { record: 200, connection: 10_000 };
const MOST_WARM_UP_US = 2000;

/**
 * Draws what takes the servers of a random plan their time. In most plans nothing does, and a role begins and
 * ends at once; in a few, some of the works of a server take long enough that others get on meanwhile: there
 * is a leader whose port is not open yet, or that has its quorum and does not serve.
 */
export function drawLabour(stream: Stream, { tickTimeUs }: ZooSettings): Labour {
  if (!happens(stream, 15)) return { warmUp: undefined, work: NO_WORK };
  const mostUs = Math.min(MOST_US, tickTimeUs / TICK_SHARE);
  const upTo = (us: number): Distribution => {
    const top = anyScale(stream, us);
    return uniform(Math.ceil(top / 10), top);
  };
  const works = WORKS.filter(() => happens(stream, 50));
  const costs = new Map(works.map((work) => [work, upTo(MOST_OF_MANY_US[work] ?? mostUs)]));
  const exit = happens(stream, 30) ? upTo(mostUs) : undefined;
  const warmUp = happens(stream, 30) ? upTo(MOST_WARM_UP_US) : undefined;
  return { warmUp, work: { ...NO_WORK, costs, exit } };
}
