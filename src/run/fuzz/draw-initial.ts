import type { Stream } from '../../core/decisions.ts';
import { ascending } from '../../core/order.ts';
import { makeZxid, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { EnsemblePlan, InitialDisk } from '../plan.ts';
import { quorumsOf } from '../quorums-of.ts';
import type { Shape } from './draw-shape.ts';
import { happens, pick, several, within } from './draws.ts';

/** What a server has on its disk. */
interface Past {
  accepted: number;
  current: number;
  log: readonly Zxid[];
}

/** Epochs that the ensemble has lived through, at most. */
const MOST_EPOCHS = 4;
/** When a server starts late: the others have elected somebody by then. */
const LATE_MS = [1000, 5000] as const;

/** The shape of an ensemble that has a past, and what is on its disks. */
export interface Aged {
  readonly shape: Shape;
  readonly initial: ReadonlyMap<NodeId, InitialDisk>;
}

/** The shape, at times with servers that have lived before, and one of them that starts late. */
export function withPast(stream: Stream, shape: Shape): Aged {
  const { ensemble } = shape;
  // Where counters do not begin with 0, neither would those of the past.
  if (!happens(stream, 9) || ensemble.settings.initialCounter > 0) return { shape, initial: new Map() };
  const pasts = drawPasts(stream, ensemble);
  const initial = new Map<NodeId, InitialDisk>();
  for (const id of [...ensemble.voters, ...ensemble.observers]) {
    const past = pasts.get(id);
    if (past !== undefined) initial.set(id, diskOf(stream, past));
  }
  const aged = { ...ensemble, settings: { ...ensemble.settings, ...drawMemory(stream, ensemble) } };
  return { shape: { ...shape, ensemble: withLatecomer(stream, aged, pasts) }, initial };
}

/** Mostly so much is in memory, and logs serve so readily, that few snapshots are sent. */
function drawMemory(stream: Stream, { settings }: EnsemblePlan): Partial<EnsemblePlan['settings']> {
  return { snapshotSizeFactorPpm: pick(stream, [330_000, 1_000_000, -1, 0, settings.snapshotSizeFactorPpm]) };
}

/** Who has been away may come when the others have gone on without it: often who has promised the most. */
function withLatecomer(
  stream: Stream,
  ensemble: EnsemblePlan,
  pasts: ReadonlyMap<NodeId, Past>,
): EnsemblePlan {
  const start = new Map(ensemble.start);
  const comes = [...pasts].filter(([id]) => !start.has(id) || start.get(id) !== undefined);
  if (comes.length === 0 || !happens(stream, 60)) return ensemble;
  const most = Math.max(...comes.map(([, { accepted }]) => accepted));
  const ahead = comes.filter(([, { accepted }]) => accepted === most);
  const [late] = pick(stream, happens(stream, 50) ? ahead : comes);
  start.set(late, within(stream, ...LATE_MS) * 1000);
  return { ...ensemble, start: new Map([...start].sort(([a], [b]) => ascending(a, b))) };
}

/**
 * Lives through some epochs as an ensemble does: in each of them a quorum elects the best of its own, which
 * is as far as it comes, or some take its history over, or all do and it broadcasts. Who takes no part keeps
 * what it had. Whatever comes of that is a state that an ensemble can be in.
 */
function drawPasts(stream: Stream, ensemble: EnsemblePlan): ReadonlyMap<NodeId, Past> {
  const { voters, observers } = ensemble;
  const pasts = new Map<NodeId, Past>();
  const of = (id: NodeId): Past => {
    const past = pasts.get(id) ?? { accepted: 0, current: 0, log: [] };
    pasts.set(id, past);
    return past;
  };
  for (let epochs = within(stream, 1, MOST_EPOCHS); epochs > 0; epochs--) {
    const live = drawQuorum(stream, ensemble);
    const leader = best(
      live.filter((id) => quorumsOf(ensemble).weightOf(id) > 0),
      of,
    );
    if (leader === undefined) continue;
    const epoch = Math.max(...live.map((id) => of(id).accepted)) + 1;
    // The first one is whole: there is something to lose.
    const outcome = pasts.size === 0 ? 9 : stream.draw(10);
    if (outcome < 3) {
      // It goes when nobody but itself need have promised it, perhaps more than once.
      const tries = within(stream, 0, 3);
      for (const id of several(stream, live, within(stream, 0, live.length)))
        of(id).accepted = Math.max(of(id).accepted, epoch + stream.draw(tries + 1));
      of(leader).accepted = epoch + tries;
      continue;
    }
    for (const id of live) of(id).accepted = epoch;
    const history = of(leader).log;
    const synced = outcome < 5 ? several(stream, live, within(stream, 0, live.length)) : live;
    for (const id of [...synced, leader]) {
      of(id).current = epoch;
      of(id).log = history;
    }
    if (outcome < 5) continue;
    const count = happens(stream, 15) ? within(stream, 10, 60) : within(stream, 1, 8);
    const even = happens(stream, 40);
    for (const id of live) {
      const has = id === leader || even ? count : within(stream, 0, count);
      of(id).log = [...history, ...Array.from({ length: has }, (_, i) => makeZxid(epoch, i + 1))];
    }
    const least = Math.min(...live.map((id) => of(id).log.length));
    for (const id of observers) {
      if (!happens(stream, 50)) continue;
      Object.assign(of(id), { accepted: epoch, current: epoch, log: of(leader).log.slice(0, least) });
    }
  }
  for (const id of voters) if (!pasts.has(id) && happens(stream, 50)) of(id);
  return pasts;
}

/** A quorum of voters, and perhaps more. */
function drawQuorum(stream: Stream, ensemble: EnsemblePlan): readonly NodeId[] {
  const tally = quorumsOf(ensemble).tally();
  const live: NodeId[] = [];
  for (const id of several(stream, ensemble.voters, ensemble.voters.length)) {
    if (tally.hasQuorum() && !happens(stream, 30)) continue;
    live.push(id);
    tally.add(id);
  }
  return live;
}

/** Who is elected: by epoch, history, number. */
function best(ids: readonly NodeId[], of: (id: NodeId) => Past): NodeId | undefined {
  const rank = (id: NodeId) => [of(id).current, of(id).log.at(-1) ?? 0, id] as const;
  let found: NodeId | undefined;
  for (const id of ids) if (found === undefined || isAbove(rank(id), rank(found))) found = id;
  return found;
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && (a[place] ?? 0) > (b[place] ?? 0);
}

/** What a process had in memory it may have written to a snapshot, whether it was committed or not. */
function diskOf(stream: Stream, { accepted, current, log }: Past): InitialDisk {
  const covers = pick(stream, [undefined, undefined, log.at(-1), log[stream.draw(log.length + 1)]]);
  return { acceptedEpoch: accepted, currentEpoch: current, log, snapshot: covers, dataDir: undefined };
}
