import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { ClientsPlan, ZooSettings } from '../plan.ts';
import type { MixOperation } from '../workload/kinds.ts';
import type { Shape } from './draw-shape.ts';
import { pick, within } from './draws.ts';
import { at, type Script } from './script.ts';
import type { Theme } from './theme.ts';

/** Plans in which clients go to another server before they are answered, and servers fall behind in turns. */
export function hasteTheme(stream: Stream): Theme {
  return {
    shape: withPatience,
    last: (script, settings) => drawDetours(stream, script, settings),
    load: (clients) => withHaste(stream, clients),
  };
}

/**
 * The shape, with ticks so long that a server may be slow to reach the others for as long as a client takes
 * to connect to another one: it sleeps for up to a second before (ClientCnxn.startConnect).
 */
function withPatience(shape: Shape): Shape {
  const { settings } = shape.ensemble;
  const patient = { ...settings, tickTimeUs: 2_000_000, syncLimit: Math.max(3, settings.syncLimit) };
  return { ...shape, ensemble: { ...shape.ensemble, settings: patient } };
}

/**
 * Now and then one server is slow to reach the others, though not so slow that they give it up; in between it
 * catches up, or no client that has seen more would be let in there.
 */
function drawDetours(stream: Stream, script: Script, { syncLimit, tickTimeUs }: ZooSettings): void {
  let atUs = within(stream, 0, script.reachUs);
  for (let left = within(stream, 2, 5); left > 0; left--) {
    const server = pick(stream, script.servers);
    const others = script.servers.filter((other) => other !== server);
    const leastUs = within(stream, 200_000, Math.floor((syncLimit * tickTimeUs) / 8));
    const latency = uniform(leastUs, 2 * leastUs);
    const lastsUs = within(stream, 100_000, 1_500_000);
    script.add({ verb: 'slow', between: [[server], others], server: undefined, latency }, at(atUs), lastsUs);
    atUs += lastsUs + 2 * leastUs + within(stream, 500_000, 2_000_000);
  }
}

/**
 * The clients, in a hurry: they move on as soon as they have asked for a write. It is still under way when
 * their session has its new owner, if their old server is slow to reach the leader.
 */
function withHaste(stream: Stream, clients: ClientsPlan): ClientsPlan {
  const weights = new Map<MixOperation, number>();
  for (const operation of ['create', 'set', 'get', 'moveHastily'] as const)
    weights.set(operation, within(stream, 1, 5));
  const workload = { kind: 'mix', weights, keys: pick(stream, [1, 3]), valueSize: 10, readers: 0 } as const;
  const perSecondMilli = within(stream, 5, 20) * 1000;
  const pipeline = pick(stream, [1, 1, 4]);
  return { ...clients, operations: 300, perSecondMilli, workload: { ...workload, pipeline } };
}
