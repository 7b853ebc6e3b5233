import type { CalibratedRow } from '../run/calibration/calibrate.ts';
import { markdownTable } from './markdown-table.ts';

/** Why a row is not as measured, where that is known: the first pattern that fits its name. */
const CAUSES: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [
    /1 to 5: late joiners looking/,
    'From the end of the election to serving, the fourth and the fifth real server needed 56 to 193 ms, ' +
      'the third of three 43 to 118 ms: the same packets, with more idle JVMs on the two cores. What an ' +
      'idle JVM costs is not modelled.',
  ],
  [
    /too many, epoch has writes/,
    'A SNAP like that of the empty disk, for which ten other real runs had a median of 124 ms: between ' +
      'the two lies what ten runs can tell. The simulated medians of both are near each other.',
  ],
  [
    /killed/,
    'On the real machine the writers share the two cores with the survivors that elect, each of which ' +
      'logs what it does at DEBUG; the simulated servers share them with nobody.',
  ],
  [
    /cold start/,
    'Three to five JVMs boot on two cores at once: how long each waits for the others changes from run ' +
      'to run, for which one figure (boot) stands here.',
  ],
  [
    /two leaders at once|resignation/,
    'Where in the tick of the leader the cut falls decides; the simulated ones fall at any moment. Six of ' +
      'the ten real ones fell early in it, of which the script says nothing. The extremes agree.',
  ],
  [
    /healed/,
    'Governed by the pause between notifications, which doubles while the old leader is alone: 0.2, ' +
      '0.4, 0.8, 1.6 s. When the cut was healed within it decides, and the real times come in two heaps, ' +
      'below 0.9 s and above 1.4 s: a median of ten falls into the one or the other.',
  ],
  [
    /writes,/,
    'A write through a follower has two ways more than one through the leader, which the real client, ' +
      'sharing two cores with all servers, did not notice; with five servers every write took a third ' +
      'longer. What messages cost a processor is not modelled.',
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
      'syncs. The environment `loopback` has these. Where a server’s log shows the two ends of a step, its ' +
      'spread was read there. The rest was chosen by hand: rows marked `fit` decided, those marked `check` ' +
      'were looked at and are not independent of the choice of what is modelled. No parameter belongs to ' +
      'one row. The servers behave as 3.8.0 (`behaviour: 3.8.0`), whose ZOOKEEPER-4394 sends some that ' +
      'come back under load away again.',
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
