import type { Hunt } from './hunt.ts';
import { PUBLISHED } from './published.ts';

/** All hunts after one bug or mutant. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** CPU time that one range of seeds was given. */
  readonly capMs: number;
  readonly hunts: readonly Hunt[];
  readonly harmless?: string;
}

/** What the median of a class is to stay under, in ms. */
const GOALS: Readonly<Record<string, number>> = { D1: 1000, D2: 10_000, D3: 60_000, D4: 1_800_000 };

const HEAD = `# Bug hunt

Written by \`npm run bug-hunt\`. Each bug of \`zabsim bugs\`, and each mutant of \`test/mutants\`, is hunted
with random plans of the profile \`all\`, from ten disjoint ranges of seeds, with one core. A hunt ends with
the first run in which an invariant of tier 1 or 2 breaks or liveness stalls: what an operator or a client
could see, or a state of the protocol that is wrong; single wrong steps (tier 3) do not count. Time is CPU
time of the process, of all its threads. A figure is the median of the ranges [least–most]; a range that
found nothing counts with the time it was given, and makes the median a lower bound (>) when it is one of
those. Where the first three ranges found nothing, the others were left.
`;

/** The report, and the source text of the figures that \`zabsim bugs\` prints. */
export function reportText(rows: readonly Row[]): { readonly report: string; readonly detection: string } {
  const bugs = rows.filter(({ group }) => group.startsWith('D'));
  const mutants = rows.filter(({ group, harmless }) => !group.startsWith('D') && harmless === undefined);
  const controls = rows.filter(({ harmless }) => harmless !== undefined);
  const report = [
    HEAD,
    `A range was given ${caps(rows)} of CPU time.`,
    '',
    '## Classes',
    '',
    table(['class', 'switches', 'found', 'within the goal', 'goal'], classRows(bugs)),
    '',
    '## Bugs',
    '',
    table(
      ['bug', 'class', 'found', 'runs', 'CPU s', 'breaks first', 'published'],
      bugs.map((row) => [row.name, row.group, ...figures(row), PUBLISHED[row.name] ?? '']),
    ),
    '',
    'Remix and Disalg explore a specification in TLA+, one class of bug at a time; SAMC and SandTable drive',
    'or imitate the code. Machines and budgets differ: compare orders of magnitude.',
    '',
    '## Mutants',
    '',
    killed(mutants),
    '',
    table(
      ['mutant', 'kind', 'what is wrong', 'found', 'runs', 'CPU s', 'breaks first'],
      mutants.map((row) => [row.name, row.group, row.title, ...figures(row)]),
    ),
    '',
    '## Controls',
    '',
    'Mutants that change nothing that matters: an alarm would be false.',
    '',
    table(
      ['mutant', 'what is wrong', 'why it is harmless', 'alarms', 'runs'],
      controls.map(({ name, title, harmless = '', hunts }) => [
        name,
        title,
        harmless,
        String(hunts.filter(({ found }) => found).length),
        String(hunts.reduce((sum, { runs }) => sum + runs, 0)),
      ]),
    ),
    '',
    '## What the generator misses',
    '',
    ...[...bugs, ...mutants]
      .filter(({ hunts }) => hunts.every(({ found }) => !found))
      .map((row) => `- ${row.name} (${row.group}): ${row.title}. ${LACKING[row.name] ?? ''}`.trimEnd()),
    '',
  ].join('\n');
  return { report, detection: detectionText(bugs) };
}

/** What it would take, for those that are not found. */
const LACKING: Readonly<Record<string, string>> = {
  'ZOOKEEPER-790': 'Only a vote is wrong (tier 3): votes compare the epochs that were acked first.',
  'ZOOKEEPER-1154': 'Lacking: a follower that was down with a proposal nobody else has, in one epoch.',
  'ZOOKEEPER-1156': 'Lacking: TRUNC with several records before the cut; disks laid out beforehand would do.',
  'ZOOKEEPER-1697': 'Lacking: snapshots that take seconds to send.',
  'ZOOKEEPER-2033': 'Lacking: two terms of one leader without a write, then a third server that leads.',
  'ZOOKEEPER-2099': 'Lacking: five servers with small logs, and three elections in the right order.',
  'ZOOKEEPER-2832': 'Lacking: SNAP to a server whose log is ahead, and its restart.',
  'ZOOKEEPER-3104': 'Lacking: the tree, in which applying a transaction again shows.',
  'ZOOKEEPER-4394': 'Only steps are wrong (tier 3), until load is so steady that no synchronization ends.',
  'ZOOKEEPER-4643': 'Lacking: a power cut right after currentEpoch, and a next leader without the history.',
  M10: 'A step (tier 3) tells at once; the outcome takes a server with a high epoch and a short history.',
  'ZOOKEEPER-5094': 'Lacking: a cut between the commits that follow a TRUNC and NEWLEADER.',
  'ZOOKEEPER-1046': 'Lacking: load on the tree.',
  'ZOOKEEPER-1208': 'Lacking: load on the tree, by clients that ask for something behind a close.',
  'ZOOKEEPER-2926': 'Lacking: load on the tree, and tables of sessions that are compared.',
  'ZOOKEEPER-3125': 'Lacking: load on the tree.',
  'ZOOKEEPER-3306': 'Lacking: load on the tree, and access lists that are compared.',
};

function classRows(bugs: readonly Row[]): string[][] {
  return Object.entries(GOALS).map(([group, goalMs]) => {
    const own = bugs.filter((row) => row.group === group);
    const found = own.filter(({ hunts }) => hunts.some((one) => one.found));
    const within = own.filter((row) => isFound(row) && median(row.hunts.map(({ cpuMs }) => cpuMs)) < goalMs);
    const share = own.length === 0 ? 0 : Math.round((100 * within.length) / own.length);
    return [
      group,
      String(own.length),
      String(found.length),
      `${within.length} (${share} %)`,
      `${goalMs / 1000} s`,
    ];
  });
}

function caps(rows: readonly Row[]): string {
  const seconds = [...new Set(rows.map(({ capMs }) => capMs / 1000))].sort((a, b) => a - b);
  return seconds.length === 0 ? '0 s' : `${seconds.join(', ')} s`;
}

/** Whether more ranges found it than did not: the median is no lower bound then. */
function isFound({ hunts }: Row): boolean {
  return 2 * hunts.filter(({ found }) => found).length > hunts.length;
}

function killed(mutants: readonly Row[]): string {
  const dead = mutants.filter(({ hunts }) => hunts.some(({ found }) => found));
  return `${dead.length} of ${mutants.length} are killed by tier 1 or 2.`;
}

function figures(row: Row): string[] {
  const { hunts } = row;
  const found = hunts.filter((one) => one.found);
  const bound = isFound(row) ? '' : '>';
  const cpu = hunts.map(({ cpuMs }) => cpuMs);
  const runs = hunts.map((one) => one.runs);
  return [
    `${found.length}/${hunts.length}`,
    `${bound}${median(runs)} [${Math.min(...runs)}–${Math.max(...runs)}]`,
    `${bound}${seconds(median(cpu))} [${seconds(Math.min(...cpu))}–${seconds(Math.max(...cpu))}]`,
    mostFrequent(found.map(({ invariant }) => invariant)),
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

/** The upper one of two. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '–';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function detectionText(bugs: readonly Row[]): string {
  const entries = bugs.filter(isFound).map(({ name, hunts }) => {
    const runs = median(hunts.map((one) => one.runs));
    const cpuMs = median(hunts.map((one) => one.cpuMs));
    const found = hunts.filter((one) => one.found).length;
    return `  '${name}': { runs: ${runs}, cpuMs: ${cpuMs}, found: ${found}, ranges: ${hunts.length} },\n`;
  });
  return `/** What it took to find a bug from random seeds, with one core: medians of ranges of seeds. */
export interface Detection {
  /** Runs until the first violation of tier 1 or 2, that run included. */
  readonly runs: number;
  readonly cpuMs: number;
  /** In how many ranges, and of how many, it was found. */
  readonly found: number;
  readonly ranges: number;
}

/** Measured by \`npm run bug-hunt\`, which writes this file. */
export const DETECTION: Readonly<Record<string, Detection>> = {
${entries.join('')}};
`;
}
