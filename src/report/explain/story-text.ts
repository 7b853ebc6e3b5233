import { type NodeId, nameOf } from '../../node/ids.ts';
import type { ServerView } from '../../run/explain/state-book.ts';
import type { Scene, Story } from '../../run/explain/story.ts';
import { sentenceOf } from '../event-sentences.ts';
import { milliseconds } from '../milliseconds.ts';
import type { Paint } from '../paint.ts';
import { cellText, shortZxid } from './cell-text.ts';

const TIME_WIDTH = 11;
const GAP = 2;
const LEAST_WIDTH = 15;

/** What a story is drawn on. */
export interface Screen {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
  /** Servers that do not vote, as their columns say. */
  readonly observers?: readonly NodeId[];
}

/**
 * A story as one screen: servers are columns, time goes down. `◂3` says that a message of server 3 brought it
 * about. Faults are marked `✗`, what is explained `▶`.
 */
export function storyText(story: Story, screen: Screen): string {
  const { paint } = screen;
  const servers = columnsOf(story, screen.width);
  const width = Math.floor((screen.width - TIME_WIDTH - 1) / Math.max(1, servers.length));
  const lines = [
    paint.bold(story.target.violation === undefined ? story.target.text : paint.red(story.target.text)),
  ];
  if (story.target.detail !== '') lines.push(paint.red(inShort(story.target.detail)));
  const about =
    `at ${milliseconds(story.target.atUs)} ms of virtual time; ${story.inCone} of ${story.events} events ` +
    `could have had to do with it, ${story.scenes.length} are told`;
  lines.push(paint.dim(about), '');
  const isObserver = (server: NodeId) => screen.observers?.includes(server) === true;
  const heads = servers.map((server) => padded(headOf(server, isObserver(server), width), width));
  lines.push(`${'ms'.padStart(TIME_WIDTH - 1)}  ${heads.join('')}`);
  for (const scenes of moments(story)) lines.push(...sceneLines(scenes, story, servers, width, screen));
  lines.push('', ...viewLines(story, servers, width, paint), ...stretchLines(story));
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

function headOf(server: NodeId, isObserver: boolean, width: number): string {
  const name = `server ${server}`;
  const role = isObserver ? ', observer' : '';
  return name.length + role.length < width ? name + role : name;
}

/** A sentence with its zxids as the columns have them. */
function inShort(text: string): string {
  return text.replaceAll(/\b0x[0-9a-f]+\b/g, (zxid) => shortZxid(Number(zxid)));
}

/** All servers if there is room for them, else those that the story is about. */
function columnsOf({ servers, scenes, target }: Story, screenWidth: number): readonly NodeId[] {
  const room = Math.max(1, Math.floor((screenWidth - TIME_WIDTH) / LEAST_WIDTH));
  if (servers.length <= room) return servers;
  const counts = new Map<NodeId, number>();
  for (const { who } of scenes.map(({ happening }) => happening)) {
    if (who !== undefined) counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  const weight = (server: NodeId): number =>
    (target.servers.includes(server) ? 1e6 : 0) + (counts.get(server) ?? 0);
  const chosen = [...servers].sort((a, b) => weight(b) - weight(a)).slice(0, room);
  return servers.filter((server) => chosen.includes(server));
}

/** The scenes of a story, those of one server at one time together. */
function moments({ scenes }: Story): readonly (readonly Scene[])[] {
  const groups: Scene[][] = [];
  for (const scene of scenes) {
    const { who, atUs } = scene.happening;
    const last = groups.at(-1);
    const before = last?.at(-1)?.happening;
    if (who !== undefined && before?.who === who && before.atUs === atUs) last?.push(scene);
    else groups.push([scene]);
  }
  return groups;
}

function sceneLines(
  scenes: readonly Scene[],
  { target }: Story,
  servers: readonly NodeId[],
  width: number,
  { paint, width: screenWidth }: Screen,
): readonly string[] {
  const [first] = scenes;
  if (first === undefined) return [];
  const { happening, by, omitted } = first;
  const { event, who, atUs } = happening;
  const time = milliseconds(atUs).padStart(TIME_WIDTH - 1);
  const lines = omitted >= 1000 ? [paint.dim(`${'⋮'.padStart(TIME_WIDTH - 1)}  ${omitted} events`)] : [];
  const mark = scenes.some((scene) => scene.happening.id === target.id) ? '▶' : ' ';
  if (who === undefined || !servers.includes(who)) {
    const text = who === undefined ? sentenceOf(event) : `${nameOf(who)} ${sentenceOf(event)}`;
    const told = event.kind === 'fault-fired' ? `✗ ${text}` : text;
    const line = `${time}${mark} ${padded(told, screenWidth - TIME_WIDTH - 2)}`;
    return [...lines, event.kind === 'fault-fired' ? paint.yellow(line) : line];
  }
  const sender = by === undefined || by.from === who ? '' : ` ◂${nameOf(by.from)}`;
  const rows = wrap(
    inShort(scenes.map((scene) => cellText(scene.happening.event)).join('; ')) + sender,
    width - GAP,
  );
  const column = servers.indexOf(who);
  const paintCell = scenes
    .map((scene) => ACCENTS[scene.happening.event.kind])
    .find((one) => one !== undefined);
  for (const [index, row] of rows.entries()) {
    const cells = servers.map((_, i) => {
      if (i !== column) return padded('·', width);
      const cell = padded(row, width);
      return paintCell === undefined ? cell : paint[paintCell](cell);
    });
    lines.push(`${index === 0 ? `${time}${mark}` : ' '.repeat(TIME_WIDTH)} ${cells.join('')}`);
  }
  return lines;
}

const ACCENTS: Readonly<Record<string, 'red' | 'green' | 'bold'>> = {
  crashed: 'red',
  paused: 'red',
  wiped: 'red',
  lost: 'red',
  'leader-established': 'green',
  'leader-resigned': 'red',
  'log-truncated': 'bold',
};

type Row = readonly [name: string, of: (view: ServerView) => string];

const number = (value: number): string => (value < 0 ? '–' : String(value));
/** What a server says, and what its disk holds where that is something else. */
const epoch = (says: number, holds: number): string =>
  says < 0 || says === holds ? number(holds) : `${number(says)}, on disk ${number(holds)}`;
const ROWS: readonly Row[] = [
  [
    'accepted',
    ({ acceptedEpoch, acceptedOnDisk }) => `acceptedEpoch ${epoch(acceptedEpoch, acceptedOnDisk)}`,
  ],
  ['current', ({ currentEpoch, currentOnDisk }) => `currentEpoch ${epoch(currentEpoch, currentOnDisk)}`],
  ['logged', ({ logged }) => `on disk to ${shortZxid(logged)}`],
  ['applied', ({ applied }) => `applied to ${shortZxid(applied)}`],
];

/** How the servers stood: their roles, and what differs among them. */
function viewLines(
  { views }: Story,
  servers: readonly NodeId[],
  width: number,
  paint: Paint,
): readonly string[] {
  const shown = views.filter(({ server }) => servers.includes(server));
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padStart(TIME_WIDTH - 1)}  ${cells.map((cell) => padded(cell, width)).join('')}`;
  const differing = ROWS.map(([name, of]) => [name, shown.map(of)] as const).filter(
    ([, cells]) => new Set(cells).size > 1,
  );
  const lines = [
    paint.bold(
      line(
        'then',
        shown.map(({ role }) => role),
      ),
    ),
  ];
  return [...lines, ...differing.map(([name, cells]) => line(name, cells))];
}

function stretchLines({ stretches }: Story): readonly string[] {
  if (stretches.length === 0) return [];
  const lines = stretches.map(({ fromUs, toUs, what }) => {
    const took = milliseconds(toUs - fromUs).padStart(TIME_WIDTH - 1);
    return `${took}  ${what}`;
  });
  return ['', 'Where the time went (ms):', ...lines];
}

/** The text in exactly `width` columns. */
function padded(text: string, width: number): string {
  const characters = [...text];
  if (characters.length < width) return text + ' '.repeat(width - characters.length);
  return `${characters.slice(0, width - GAP).join('')}… `;
}

/** The text in lines of at most `width` columns, broken between words. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if ([...longer].length <= width || line === '') line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
