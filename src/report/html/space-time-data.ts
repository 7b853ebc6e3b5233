import { isServer, nameOf } from '../../node/ids.ts';
import type { Happening } from '../../run/explain/recording.ts';
import type { Story } from '../../run/explain/story.ts';
import { sentenceOf } from '../event-sentences.ts';
import { cellText } from '../explain/cell-text.ts';

/** How a happening is drawn: the number of its class. */
const CLASSES = ['fact', 'txn', 'message', 'disk', 'timer', 'fault'] as const;

/** What the space-time diagram is drawn from: columns of numbers, a row for each happening. */
export interface SpaceTimeData {
  /** The participants' names, in the order of their columns. */
  readonly names: readonly string[];
  readonly classes: readonly string[];
  /** Virtual µs. */
  readonly at: readonly number[];
  /** The column; −1 for the world. */
  readonly column: readonly number[];
  readonly kind: readonly number[];
  /** Of a delivery: the row of its sending; −1 for all else. */
  readonly cause: readonly number[];
  /** The text, by its number in `texts`. */
  readonly text: readonly number[];
  readonly texts: readonly string[];
  /** Rows of the story, with what stands beside them. */
  readonly story: readonly (readonly [row: number, label: string])[];
  /** The row that is explained; −1: none. */
  readonly target: number;
}

/** Prepares a recording, and the story in it, for the diagram. */
export function spaceTimeData(happenings: readonly Happening[], story: Story | undefined): SpaceTimeData {
  const whos = new Set(happenings.flatMap(({ who }) => (who === undefined ? [] : [who])));
  const columns = [...whos].sort((a, b) => a - b);
  const place = new Map(columns.map((who, index) => [who, index]));
  const texts = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  return {
    names: columns.map((who) => (isServer(who) ? `server ${who}` : nameOf(who))),
    classes: CLASSES,
    at: happenings.map(({ atUs }) => atUs),
    column: happenings.map(({ who }) => (who === undefined ? -1 : (place.get(who) ?? -1))),
    kind: happenings.map(({ event }) => CLASSES.indexOf(classOf(event.kind))),
    cause: happenings.map(({ event, cause }) => (event.kind === 'delivered' ? cause : -1)),
    text: happenings.map(({ event }) => numberOf(sentenceOf(event))),
    texts: [...texts.keys()],
    story: story?.scenes.map(({ happening: { id, event } }) => [id, cellText(event)] as const) ?? [],
    target: story?.target.id ?? -1,
  };
}

const DISK: ReadonlySet<string> = new Set([
  ...['appended', 'replaced', 'synced', 'truncated', 'removed', 'found'],
  ...['snapshot-taken', 'link-opened', 'link-closed', 'reachable'],
]);
const FAULTS: ReadonlySet<string> = new Set([
  ...[
    'fault-fired',
    'fault-ended',
    'crashed',
    'restarted',
    'paused',
    'resumed',
    'wiped',
    'lost',
    'corrupted',
  ],
]);

function classOf(kind: string): (typeof CLASSES)[number] {
  if (kind === 'sent' || kind === 'delivered') return 'message';
  if (kind === 'timer-fired') return 'timer';
  if (FAULTS.has(kind)) return 'fault';
  if (DISK.has(kind)) return 'disk';
  return kind.startsWith('txn-') || kind === 'invoked' || kind === 'returned' || kind.startsWith('client-')
    ? 'txn'
    : 'fact';
}
