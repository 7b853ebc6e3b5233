import type { CalibratedRow } from '../run/calibration/calibrate.ts';
import { markdownTable } from './markdown-table.ts';

/** Why a row is not as measured, where that is known: the first pattern that fits its name. */
const CAUSES: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [
    /killed.*first looking/,
    'A follower stops its service before it looks again: real threads of several processors are ' +
      'interrupted and joined, of which the simulation knows the first use of the broken connection ' +
      'only.',
  ],
  [
    /killed, 5 servers: election/,
    'Four survivors on two cores: their threads wait for each other, which the simulation does not ' +
      'model beyond the start. It elects after finalizeWait (200 ms) and a few messages.',
  ],
  [
    /gap for writers|first write/,
    'The real writer opens a session and creates a node before it writes again, three transactions in' +
      ' a service whose code is loaded in these moments; the simulated one is served with its first ' +
      'request.',
  ],
  [
    /killed.*established/,
    'As for the first looking and the election: what a loaded machine adds to every step.',
  ],
  [
    /staggered.*completer looking to established/,
    'A race: the first call of the follower against the port of its leader, which opens when its code' +
      ' is loaded. Who comes too early tries again after 100 ms. The real calls, from a JVM that loads ' +
      'more than its leader, came late in most runs; the simulated ones come early in most.',
  ],
  [
    /late joiners|rejoin/,
    'A real server that joins reads its snapshot and log, and the leader reads from its own log what ' +
      'is missing, write by write; that takes no time here beyond first use. Under load the two cores ' +
      'are shared with the writers as well.',
  ],
  [
    /cold start/,
    'Three to five JVMs boot on two cores at once: how long each waits for the others changes from ' +
      'run to run, for which one spread stands here.',
  ],
  [
    /two leaders at once|resignation/,
    'The difference is where in the tick of the leader the cut fell: the ten real cuts came at ' +
      'moments that the script repeated, the simulated ones at any moment. The extremes agree.',
  ],
  [
    /healed/,
    'Governed by the pause between notifications, which doubles while the old leader is alone: 0.2, ' +
      '0.4, 0.8, 1.6 s. When the cut was healed within it decides; the real moments are known to a few ' +
      'tenths of a second.',
  ],
  [
    /writes,/,
    'The real client shares the two cores with all servers; what each additional server costs is not ' +
      'modelled.',
  ],
];

/** Why a row differs; a row without a known cause says so. */
export function causeOf({ situation, reading }: Pick<CalibratedRow, 'situation' | 'reading'>): string {
  const name = `${situation}: ${reading}`;
  return CAUSES.find(([pattern]) => pattern.test(name))?.[1] ?? 'Not explained yet.';
}

/** The calibration as a page in Markdown. `parameters`: the free ones, with their values. */
export function calibrationMarkdown(
  rows: readonly CalibratedRow[],
  seeds: { readonly from: number; readonly to: number },
  parameters: readonly (readonly [name: string, value: string, means: string])[],
): string {
  const good = (some: readonly CalibratedRow[]): string =>
    `${some.filter((row) => row.near && row.inside).length} of ${some.length}`;
  const amiss = rows.filter((row) => !(row.near && row.inside));
  return `${[
    '# Timings: real ZooKeeper 3.8.0 and simulated',
    'Made by `zabsim calibrate`, with the seeds ' +
      `${seeds.from} to ${seeds.to}. Real figures: ten runs each, on one machine with two cores, ` +
      'OpenJDK 17, over loopback, from the first LOOKING on (how long a JVM boots is left out). All ' +
      'in ms.',
    `Within 15 % of the real median, and inside the real extremes widened by 20 %: **${good(rows)}** rows; ` +
      `${good(rows.filter((row) => row.fitted))} of those that the parameters were fitted with, ` +
      `${good(rows.filter((row) => !row.fitted))} of those that check them.`,
    '## Free parameters',
    'All else follows from timers of the protocol (finalizeWait 200 ms, notifications from 200 ms on,' +
      ' the second call of a learner after 100 ms, syncLimit, ticks) and from counting messages and ' +
      'syncs. The environment `loopback` has these; every second row served to fit them.',
    markdownTable(['parameter', 'value', 'meaning'], parameters),
    '## Rows',
    markdownTable(
      ['situation', 'reading', 'real min / median / max', 'simulated', 'ratio', 'for', 'as measured'],
      rows.map(cells),
    ),
    '## Where it differs, and why',
    amiss.length === 0
      ? 'Nowhere.'
      : amiss.map((row) => `- ${row.situation}, ${row.reading} (× ${row.ratio}): ${causeOf(row)}`).join('\n'),
  ].join('\n\n')}\n`;
}

function cells(row: CalibratedRow): readonly string[] {
  const { real, simulated, ratio, near, inside, fitted } = row;
  const text = ({ min, median, max }: CalibratedRow['real']): string =>
    [min, median, max].map(digits).join(' / ');
  const verdict = near && inside ? 'yes' : inside ? 'in range' : 'no';
  return [
    row.situation,
    row.reading,
    text(real),
    text(simulated),
    ratio.toFixed(2),
    fitted ? 'fit' : 'check',
    verdict,
  ];
}

function digits(value: number): string {
  return Math.abs(value) < 20 ? value.toFixed(2) : value.toFixed(0);
}
