import type { Violation } from '../../check/monitor.ts';
import { ascending } from '../../core/order.ts';
import { isServer, type NodeId } from '../../node/ids.ts';
import { coneOf } from './cone.ts';
import { longestPath, type Stretch } from './longest-path.ts';
import type { Happening } from './recording.ts';
import { type ServerView, StateBook } from './state-book.ts';
import type { Target } from './target.ts';
import { type Topic, weightOf } from './weight.ts';

/** A line of a story. */
export interface Scene {
  readonly happening: Happening;
  /** The message in whose handling it came, if one was delivered. */
  readonly by: { readonly from: NodeId; readonly message: string; readonly sentAtUs: number } | undefined;
  /** How many events of the cone were left out since the line before. */
  readonly omitted: number;
}

/** Why something came about, as few lines as a screen holds. */
export interface Story {
  readonly target: Target;
  /** Columns: all servers that took part, ascending. */
  readonly servers: readonly NodeId[];
  readonly scenes: readonly Scene[];
  /** How many events the recording and the cone hold. */
  readonly events: number;
  readonly inCone: number;
  /** How the servers stood at the target. */
  readonly views: readonly ServerView[];
  /** Of what took long: where the time went, in order; empty for all else. */
  readonly stretches: readonly Stretch[];
}

/** As many scenes as fit a screen beside the rest. */
const SCENES = 36;

/** What weighs less than this is not told even where there is room. */
const LEAST_WEIGHT = 30;

/** Tells how a target came about. `servers`: all servers of the ensemble, ascending, where they are known. */
export function tell(
  happenings: readonly Happening[],
  target: Target,
  servers: readonly NodeId[] = serversOf(happenings),
  most: number = SCENES,
): Story {
  const tips = tipsOf(happenings, target);
  const cone = coneOf(happenings, tips);
  const topic = topicOf(target.text, target.violation);
  const inCone = happenings.filter(cone);
  const chosen = choose(inCone, target, topic, most);
  return {
    target,
    servers,
    scenes: scenesOf(inCone, chosen, happenings),
    events: happenings.length,
    inCone: inCone.length,
    views: viewsAt(happenings, target, servers),
    stretches: target.sinceUs < 0 ? [] : longestPath(happenings, target),
  };
}

/**
 * The last thing of each server concerned that is not after the target, and what else its step did: one blow
 * may hit several.
 */
function tipsOf(happenings: readonly Happening[], { id, servers }: Target): readonly number[] {
  const blow = stepOf(happenings, id).flatMap(({ who, event, id: at }) =>
    who !== undefined && event.kind === 'crashed' ? [at] : [],
  );
  const tips = new Map<NodeId | undefined, number>();
  for (const happening of happenings.slice(0, id + 1)) {
    const { who } = happening;
    if (who !== undefined && (servers.length === 0 || servers.includes(who))) tips.set(who, happening.id);
  }
  return [id, ...tips.values(), ...blow];
}

/** A happening and all that follows it in its step. */
function stepOf(happenings: readonly Happening[], id: number): readonly Happening[] {
  const step = happenings[id]?.step;
  const end = happenings.findIndex((happening, at) => at > id && happening.step !== step);
  return happenings.slice(id, end < 0 ? undefined : end);
}

function topicOf(text: string, violation: Violation | undefined): Topic {
  const words = `${text} ${violation?.message ?? ''}`;
  const zxids = [...words.matchAll(/0x[0-9a-f]+/g)].map(([match]) => Number(match));
  const epochs = [...words.matchAll(/epochs? (\d+)/g)].map(([, epoch]) => Number(epoch));
  return { zxids: new Set(zxids.filter((zxid) => zxid > 0)), epochs: new Set(epochs) };
}

/**
 * The ids of the happenings that matter most. The later of two equals matters more: it is nearer to the
 * end.
 */
function choose(
  inCone: readonly Happening[],
  target: Target,
  topic: Topic,
  most: number,
): ReadonlySet<number> {
  const seen = new Map<string, number>();
  const weighed: { readonly id: number; readonly weight: number }[] = [];
  for (const { id, event, who, atUs } of inCone.toReversed()) {
    let weight = weightOf(event, topic);
    if (weight === 0 && id !== target.id) continue;
    const key = `${who} ${event.kind}`;
    const again = seen.get(key) ?? 0;
    seen.set(key, again + 1);
    // What has happened to somebody over and over is told of the last times.
    weight -= weight >= 100 ? Math.min(10, again) : Math.min(40, again * 8);
    if (who !== undefined && target.servers.includes(who)) weight += 5;
    if (target.sinceUs >= 0 && atUs < target.sinceUs) weight -= 60;
    if (id === target.id) weight = 1000;
    if (weight >= LEAST_WEIGHT) weighed.push({ id, weight });
  }
  weighed.sort((a, b) => b.weight - a.weight || b.id - a.id);
  return new Set(weighed.slice(0, most).map(({ id }) => id));
}

function scenesOf(
  inCone: readonly Happening[],
  chosen: ReadonlySet<number>,
  happenings: readonly Happening[],
): readonly Scene[] {
  const scenes: Scene[] = [];
  let omitted = 0;
  for (const happening of faultsFirst(inCone)) {
    if (!chosen.has(happening.id)) {
      omitted++;
      continue;
    }
    scenes.push({ happening, by: messageOf(happening, happenings), omitted });
    omitted = 0;
  }
  return scenes;
}

/** A fault before what it did, as it happened; the recording has it after. */
function faultsFirst(inCone: readonly Happening[]): readonly Happening[] {
  const isFault = ({ event }: Happening): number => (event.kind === 'fault-fired' ? 0 : 1);
  return inCone.toSorted((a, b) => a.step - b.step || isFault(a) - isFault(b) || a.id - b.id);
}

/** The message that was delivered in the step of a happening. */
function messageOf(happening: Happening, happenings: readonly Happening[]): Scene['by'] {
  for (
    let at: Happening | undefined = happening;
    at !== undefined && at.step === happening.step;
    at = happenings[at.before]
  ) {
    if (at.event.kind !== 'delivered') continue;
    const { from, message } = at.event;
    return { from, message, sentAtUs: happenings[at.cause]?.atUs ?? at.atUs };
  }
  return undefined;
}

function viewsAt(
  happenings: readonly Happening[],
  target: Target,
  servers: readonly NodeId[],
): readonly ServerView[] {
  const book = new StateBook();
  for (const { event } of happenings.slice(0, target.id)) book.observe(event);
  for (const { event } of stepOf(happenings, target.id)) book.observe(event);
  return servers.map((server) => book.view(server));
}

function serversOf(happenings: readonly Happening[]): readonly NodeId[] {
  const found = new Set<NodeId>();
  for (const { who } of happenings) if (who !== undefined && isServer(who)) found.add(who);
  return [...found].sort(ascending);
}
