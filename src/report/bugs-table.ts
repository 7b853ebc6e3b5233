import { RELEASES } from '../run/behaviour.ts';
import type { CatalogueEntry, LeftOut } from '../run/bug-catalogue.ts';
import { milliseconds } from './milliseconds.ts';
import { type Column, plainTable } from './plain-table.ts';
import { shorten } from './shorten.ts';

const COLUMNS: readonly Column[] = [
  { head: 'bug', align: 'left' },
  { head: 'class', align: 'left' },
  { head: 'what the servers do', align: 'left' },
  { head: 'releases', align: 'left' },
  { head: 'breaks', align: 'left' },
  { head: 'found\nafter', align: 'right' },
  { head: 'CPU\nms', align: 'right' },
];

const TITLE_WIDTH = 60;

/** The catalogue of bugs, a row for each, and under it those that it leaves out. */
export function bugsTable(entries: readonly CatalogueEntry[], leftOut: readonly LeftOut[]): string {
  const rows = entries.map(({ jira, difficulty, title, releases, older, breaks, detection }) => [
    jira,
    difficulty,
    shorten(title, TITLE_WIDTH),
    releases.length > 0 ? spans(releases) : older ? `before ${RELEASES[0]}` : 'none known',
    breaks,
    detection === undefined ? '–' : `${detection.runs} runs`,
    detection === undefined ? '–' : milliseconds(detection.cpuMs * 1000),
  ]);
  const others = leftOut.map(({ jira, title, why }) => `  ${jira}  ${title}: ${why}`);
  return [plainTable(COLUMNS, rows), '', 'Not to be switched on:', ...others].join('\n');
}

/** `3.4.0–3.4.2, 3.5.0`: the first and the last of each branch. */
function spans(releases: readonly string[]): string {
  const branches = new Map<string, string[]>();
  for (const release of releases) {
    const branch = release.slice(0, release.lastIndexOf('.'));
    branches.set(branch, [...(branches.get(branch) ?? []), release]);
  }
  return [...branches.values()]
    .map((own) => (own.length === 1 ? own[0] : `${own[0]}–${own.at(-1)}`))
    .join(', ');
}
