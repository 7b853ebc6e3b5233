import type { Stream } from '../../core/decisions.ts';
import type { ClientsPlan, ZooSettings } from '../plan.ts';
import { bearableAtOnce, commitUs, MOST_CLIENTS } from './bearable.ts';
import type { Shape } from './draw-shape.ts';
import { drawCrowdWork, drawOccupation } from './draw-workload.ts';
import { happens, pick, within } from './draws.ts';

/** What clients have of which nothing else is said: they know all servers, and begin with them. */
export const PLAIN_CLIENTS = {
  connect: [],
  connectEach: false,
  sessionTimeoutUs: 4_000_000,
  sessionTimeoutsUs: [],
  startUs: 0,
  chroot: '',
  readOnly: false,
} as const;

/** So many are a crowd. */
const CROWD = 10;
/** So many writes of a crowd are enough: each of them costs as much as a whole plan without one. */
const CROWD_WRITES = 1200;
/** So many rounds of a recipe: each is many operations of everybody. */
const ROUNDS = 60;
/** How long a crowd goes on after the faults: whoever joins the others joins them under load. µs. */
const AFTER_US = 1_500_000;

/**
 * Draws the load of a random plan: few writes suffice for most bugs, and they should not be over before the
 * faults begin.
 *
 * @param activeUs how long faults happen, from the start on
 */
export function drawClients(stream: Stream, activeUs: number): ClientsPlan {
  const count = within(stream, 1, MOST_CLIENTS);
  const operations = pick(stream, [20, 60, 60, 150, 300, 6]);
  // Either one after the other, or spread over the time of the faults.
  const seconds = Math.max(1, activeUs / 1_000_000);
  const perSecond = Math.max(1, Math.round(operations / seconds));
  const spread = happens(stream, 75);
  // Some go on writing to the end, so that there is something to commit after the faults have healed.
  const endless = spread && happens(stream, 25);
  const perSecondMost = Math.min(perSecond * (spread ? pick(stream, [1, 1, 3]) : 1), 20);
  const sessionTimeoutUs = drawTimeoutUs(stream);
  const startUs = happens(stream, 30) ? within(stream, 1, 2000) * 1000 : 0;
  const occupation = drawOccupation(stream);
  const follows = occupation.workload.kind === 'recipe';
  const bounded = follows ? Math.min(operations, ROUNDS) : operations;
  return {
    count,
    operations: endless && !follows ? undefined : bounded,
    perSecondMilli: spread ? perSecondMost * 1000 : undefined,
    connect: [],
    connectEach: false,
    sessionTimeoutUs,
    sessionTimeoutsUs: [],
    startUs,
    ...occupation,
  };
}

/**
 * The clients, at times with one server each, so that who follows and does not serve is found out; and where
 * servers without a quorum serve, half of those of the tree make do with one.
 */
export function withDoors(stream: Stream, clients: ClientsPlan, settings: ZooSettings): ClientsPlan {
  const { leaderServes, readOnlyMode } = settings;
  const connectEach = clients.count > 1 && happens(stream, 20) && leaderServes;
  const readOnly =
    clients.readOnly || (readOnlyMode && clients.workload.kind !== 'counter' && happens(stream, 50));
  return { ...clients, connectEach, readOnly };
}

/** The clients, at times with sessions of different lengths: they end in another order than they began. */
export function withTimeouts(stream: Stream, clients: ClientsPlan): ClientsPlan {
  if (clients.count < 2 || clients.workload.kind === 'counter' || !happens(stream, 30)) return clients;
  const sessionTimeoutsUs = Array.from({ length: within(stream, 2, 3) }, () => drawTimeoutUs(stream));
  return { ...clients, sessionTimeoutUs: Math.max(...sessionTimeoutsUs), sessionTimeoutsUs };
}

function drawTimeoutUs(stream: Stream): number {
  return pick(stream, [4000, 2000, 1000]) * 1000;
}

/**
 * Draws a load that is so dense that something is proposed, and something commits, at any moment: each of
 * many clients writes as soon as it is answered, until shortly after the faults; from the start on, or from
 * when as many writes are left as are enough.
 *
 * @param atMost clients; with few of them a snapshot may come every few writes
 */
export function drawCrowd(stream: Stream, activeUs: number, shape: Shape, atMost = CROWD): ClientsPlan {
  const { disk, ensemble } = shape;
  const most = Math.min(atMost, bearableAtOnce(disk.sync, ensemble.settings));
  const count = within(stream, Math.min(MOST_CLIENTS, most), most);
  const endUs = activeUs + AFTER_US;
  const lastsUs = Math.min(endUs, Math.floor((CROWD_WRITES * commitUs(shape)) / count));
  return {
    ...PLAIN_CLIENTS,
    count,
    operations: Math.ceil((count * lastsUs) / commitUs(shape)),
    perSecondMilli: undefined,
    startUs: endUs - lastsUs,
    workload: drawCrowdWork(stream),
  };
}
