import type { ProtocolComparison } from '../../run/comparison/compare-protocols.ts';
import { COMPARISON_FIGURE_NAMES, COMPARISON_FIGURES } from '../../run/comparison/comparison-figures.ts';
import { READ_BEHAVIOURS, WHY_THEY_DIFFER } from '../../run/registry/compared.ts';
import { csvText } from '../csv-text.ts';
import { markdownTable } from '../markdown-table.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import { comparisonSections } from './comparison-sections.ts';

/** The tables of a comparison for a terminal. */
export function comparisonTables(comparison: ProtocolComparison, paint: Paint): string {
  const tables = comparisonSections(comparison).map(({ name, heads, rows }) => {
    const columns = heads.map((head, place) => {
      const text = place === 0 || rows.some((row) => /[a-z]{3}/.test(row[place] ?? ''));
      return { head, align: text ? 'left' : 'right' } as const;
    });
    return `${paint.bold(name)}\n${plainTable(
      columns,
      rows.map((row) => row.map(folded)),
    )}`;
  });
  return [...tables, `${paint.bold('Why they differ')}\n${wrapped(WHY_THEY_DIFFER, 100)}`].join('\n\n');
}

const CELL_WIDTH = 34;

function folded(text: string): string {
  return wrapped(text, CELL_WIDTH);
}

/** The text in lines of at most `width` characters, broken at spaces. */
function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** A comparison as a page in Markdown. It depends on the comparison alone. */
export function comparisonMarkdown(comparison: ProtocolComparison): string {
  const { seeds, runs } = comparison;
  const legend = COMPARISON_FIGURE_NAMES.map((name) => [name, COMPARISON_FIGURES[name].means]);
  return `${[
    '# Protocols compared',
    `Written by \`zabsim report --protocols\`: ${runs} runs, the seeds ${seeds.from} to ${seeds.to} of ` +
      'each experiment. Every protocol has the same network, disks, timers (tickTime 200 ms, initLimit 10, ' +
      'syncLimit 5) and load, and keeps the same counter, for reads the same tree; every run is judged by ' +
      'the invariants as well.',
    '## Why they differ',
    WHY_THEY_DIFFER,
    ...comparisonSections(comparison).flatMap(({ name, about, heads, rows }) => [
      `## ${name}`,
      about,
      markdownTable(
        heads.map((head) => head.replaceAll('\n', ', ')),
        rows,
      ),
    ]),
    '## What is measured',
    markdownTable(['figure', 'means'], legend),
  ].join('\n\n')}\n`;
}

const FIGURES = ['count', 'min', 'p50', 'p90', 'p99', 'max'] as const;

/**
 * A comparison as CSV (RFC 4180): a row for each ensemble and figure, then one for each kind of duels. Times
 * are virtual µs; of duels without a decree only the count is told, as `undecided`.
 */
export function comparisonCsv({ ensembles, duels }: ProtocolComparison): string {
  const head = ['protocol', 'members', 'figure', 'unit', ...FIGURES, 'undecided'];
  const rows = ensembles.flatMap(({ protocol, members, figures }) =>
    COMPARISON_FIGURE_NAMES.flatMap((name) => {
      const found = figures[name];
      if (found === undefined) return [];
      const { unit } = COMPARISON_FIGURES[name];
      return [[protocol, members, name, unit, ...FIGURES.map((one) => found[one]), '']];
    }),
  );
  const duelRows = duels.map(({ backOff, network, runs, undecided, decidedUs }) => {
    const { min, p50, p90, p99, max } = decidedUs;
    const spread = undecided === runs ? ['', '', '', '', ''] : [min, p50, p90, p99, max];
    return [`duel, ${backOff} back-off`, 3, `decided, latency ${network}`, 'us', runs, ...spread, undecided];
  });
  return csvText([head, ...rows, ...duelRows]);
}

/** A comparison as a JSON value. Times are virtual µs. */
export function comparisonJson(comparison: ProtocolComparison): Record<string, unknown> {
  return { version: 1, ...comparison, reads: READ_BEHAVIOURS, why: WHY_THEY_DIFFER };
}
