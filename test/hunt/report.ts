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
const LACKING: Readonly<Record<string, string>> = {};

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
