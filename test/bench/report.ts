import Table from 'cli-table3';
import type { Bound, Row } from './benchmarks.ts';
import { type Spread, short, spreadText } from './statistics.ts';

/** A row with what was measured. */
export interface Measured {
  readonly row: Row;
  readonly spread: Spread;
}

/** What absolute figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly node: string;
  readonly rounds: number;
}

const HEAD = ['', 'benchmark', 'goal', 'stretch', 'measured', 'met?'];

/** Whether a row says the same on any machine, more or less. */
function isRatio({ by, id, of: [, figure] }: Row): boolean {
  return by !== undefined || id === 'P9' || /share|ratio|growth|bytes|eventsPer(?:Run|Write)/i.test(figure);
}

/** For a terminal. */
export function asTable(measured: readonly Measured[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } });
  for (const one of inOrder(measured)) table.push(cells(one));
  return table.toString();
}

/** The report. */
export function asMarkdown(measured: readonly Measured[], { cpu, node, rounds }: Machine): string {
  const ratios = measured.filter(({ row }) => isRatio(row));
  const rest = measured.filter(({ row }) => !isRatio(row));
  return `# Benchmarks

Written by \`npm run bench\`. Every variant runs in processes of its own, in turns with the others. A second
is a second of CPU time, of all threads, after a warm-up (P6: from the start of the process). A figure is the
median of ${rounds} rounds (P8: 2 at most) [least–most]. Servers run with the fingerprint on, and with all
monitors unless said otherwise.

## Ratios and counts

They depend little on the machine. The idiomatic reference is \`test/bench/idiomatic-reference.ts\`: the
broadcast phase alone, for the same load, with a closure for each event.

${markdownTable(ratios)}

## Absolute figures

Of one core of ${cpu}, Node ${node}.

${markdownTable(rest)}
`;
}

/** The same for programs. */
export function asJson(measured: readonly Measured[], machine: Machine): string {
  const rows = inOrder(measured).map(({ row, spread }) => ({
    id: row.id,
    what: row.what,
    ratio: isRatio(row),
    median: rounded(spread.median),
    min: rounded(spread.min),
    max: rounded(spread.max),
    goal: row.goal?.join(' '),
    stretch: row.stretch?.join(' '),
    met: verdictOf(row, spread) || undefined,
  }));
  return `${JSON.stringify({ rows, machine }, null, 2)}\n`;
}

function inOrder(measured: readonly Measured[]): readonly Measured[] {
  return [...measured.filter(({ row }) => isRatio(row)), ...measured.filter(({ row }) => !isRatio(row))];
}

function markdownTable(measured: readonly Measured[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...measured.map((one) => line(cells(one)))].join('\n');
}

function cells({ row, spread }: Measured): string[] {
  return [
    row.id,
    row.what,
    boundText(row.goal),
    boundText(row.stretch),
    spreadText(spread),
    verdictOf(row, spread),
  ];
}

function boundText(bound: Bound | undefined): string {
  return bound === undefined ? '' : `${bound[0] === '>=' ? '≥' : '≤'} ${short(bound[1])}`;
}

/** How the median stands to what was aimed at. */
function verdictOf({ goal, stretch }: Row, { median }: Spread): string {
  if (goal === undefined) return '';
  if (!holds(goal, median)) return 'MISSED';
  return stretch !== undefined && holds(stretch, median) ? 'stretch' : 'yes';
}

function holds([side, value]: Bound, measured: number): boolean {
  return side === '>=' ? measured >= value : measured <= value;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
