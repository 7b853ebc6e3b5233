import type { Hunt } from './hunt.ts';
import { PUBLISHED } from './published.ts';
import { faultsByHand, faultsWritten, type SmallCase } from './small-case.ts';

/** All hunts after one bug or mutant. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** CPU time that one range of seeds was given. */
  readonly capMs: number;
  readonly hunts: readonly Hunt[];
  /** Of a bug: the find with the fewest faults, made small. */
  readonly small?: SmallCase;
  readonly harmless?: string;
  /** The tier of what counts as found, if it is not 2. */
  readonly tier?: 2 | 3;
}

/** What the median of a class is to stay under, in ms. */
const GOALS: Readonly<Record<string, number>> = { D1: 1000, D2: 10_000, D3: 60_000, D4: 1_800_000 };

const HEAD = `# Bug hunt

Written by \`npm run bug-hunt\`. Each bug of \`zabsim bugs\`, and each mutant of \`test/mutants\`, is hunted
with random plans of the profile \`all\`, from ten disjoint ranges of seeds, with one core. A hunt ends with
the first run in which an invariant of tier 1 or 2 breaks or liveness stalls: what an operator or a client
could see, or a state of the protocol that is wrong; single wrong steps (tier 3) do not count, but for a bug
that is marked so, which comes to nothing else in most runs. Time is CPU time of the process, of all its
threads. A figure is the median of the ranges [least–most]; a range that
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
      bugs.map((row) => [named(row), row.group, ...figures(row), PUBLISHED[row.name] ?? '']),
    ),
    '',
    'Remix and Disalg explore a specification in TLA+, one class of bug at a time; SAMC and SandTable drive',
    'or imitate the code. Machines and budgets differ: compare orders of magnitude.',
    '',
    '## Shrunk cases',
    '',
    'Of the finds of each bug that with the fewest faults, made small for as long as the figure says: how',
    'many faults are left, and how many the scenario by hand has, late starts included. Where that begins',
    'with disks that are laid out for it, what counts is the crashes, starts and cuts that lead there.',
    smallShare(bugs),
    '',
    table(['bug', 'faults drawn', 'left', 'by hand', 'CPU s'], bugs.flatMap(smallRow)),
    '',
    '## Mutants',
    '',
    killed(mutants),
    '',
    table(
      ['mutant', 'kind', 'what is wrong', 'found', 'runs', 'CPU s', 'breaks first'],
      mutants.map((row) => [named(row), row.group, row.title, ...figures(row)]),
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
    ...missed([...bugs, ...mutants]),
    '',
  ].join('\n');
  return { report, detection: detectionText(bugs) };
}

function named({ name, tier }: Row): string {
  return tier === 3 ? `${name} (tier 3)` : name;
}

function smallRow({ name, small }: Row): string[][] {
  if (small === undefined) return [];
  const { drawn, left, cpuMs } = small;
  const byHand = faultsByHand(name);
  return [
    [
      name,
      String(drawn),
      String(left),
      byHand === undefined ? '–' : String(byHand),
      (cpuMs / 1000).toFixed(1),
    ],
  ];
}

/**
 * How many cases have at most twice the faults of the scenario by hand; one at least counts as one. And how
 * many have by the letter: no such one, and no disks that stand for faults.
 */
function smallShare(bugs: readonly Row[]): string {
  const cases = bugs.flatMap(({ name, small }) => {
    const byHand = faultsByHand(name);
    if (small === undefined || byHand === undefined) return [];
    return [{ left: small.left, byHand, written: faultsWritten(name) ?? 0 }];
  });
  const most = cases.filter(({ left, byHand }) => left <= 2 * Math.max(1, byHand)).length;
  const strict = cases.filter(({ left, written }) => left <= 2 * written).length;
  return (
    `${most} of ${cases.length} have at most twice the faults by hand. ` +
    `By the letter\n(no fault by hand is none, and laid-out disks count for nothing) it is ${strict}.`
  );
}

/** Those that no range found. */
function missed(rows: readonly Row[]): string[] {
  const lost = rows.filter(({ hunts }) => hunts.every(({ found }) => !found));
  return lost.length === 0
    ? ['Nothing.']
    : lost.map(({ name, group, title }) => `- ${name} (${group}): ${title}.`);
}

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

/** So soon a mutant is to be killed. */
const SOON_MS = 60_000;

function killed(mutants: readonly Row[]): string {
  const dead = mutants.filter(({ hunts }) => hunts.some(({ found }) => found));
  const soon = dead.filter((row) => isFound(row) && median(row.hunts.map(({ cpuMs }) => cpuMs)) < SOON_MS);
  const byStep = dead.filter(({ tier }) => tier === 3);
  const share = Math.floor((100 * soon.length) / mutants.length);
  return (
    `${dead.length} of ${mutants.length} are killed, ${soon.length} (${share} %) in the median within ` +
    `${SOON_MS / 1000} s; ${byStep.length} by a single step (tier 3).`
  );
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
