import { MEASURES, type MeasureName } from '../../run/timing/measures.ts';
import type { CellResult, TimingReport } from '../../run/timing/timing-report.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { page } from '../html/page.ts';
import { figure, headOf, unitOf } from './figure.ts';
import { type Group, groupsOf, measuresOf } from './groups.ts';
import { groupPlot, type Plot, unavailabilityPlot } from './timing-plots.ts';
import { verdictCell } from './verdict-cell.ts';

const STYLE = `
svg { width: 100%; min-width: 34rem; max-width: 52rem; height: auto; display: block; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 1rem 0; }
a { color: var(--accent); }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--accent); }
.text th, .text td { text-align: left; white-space: normal; }
td.left { text-align: left; }
`;

/** A report as a page of its own, with its drawings in it. */
export function timingPage(report: TimingReport): string {
  const { title, seeds, cells } = report;
  const runs = cells.reduce((sum, cell) => sum + cell.runs, 0);
  const amiss = cells.reduce((sum, cell) => sum + cell.unexpected.length, 0);
  const groups = groupsOf(report);
  const links = groups
    .filter(({ name }) => name !== '')
    .map(({ name }, index) => `<a href="#s${index}">${escapeHtml(name)}</a>`);
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="dim">${runs} runs: ${cells.length} cells, each with the seeds ${seeds.from} to ${seeds.to}. ` +
      `Times are ms of virtual time.</p>`,
    amiss === 0
      ? '<p class="good">All runs were safe, live, and as expected.</p>'
      : `<p class="bad">${amiss} of ${runs} runs were not as expected.</p>`,
    links.length === 0 ? '' : `<nav>${links.join('')}</nav>`,
    drawing(unavailabilityPlot(report)),
    ...groups.map((group, index) => section(group, `s${index}`)),
    '<h2>What is measured</h2>',
    legend(measuresOf(cells)),
  ];
  return page({ title, body: body.join('\n'), style: STYLE });
}

function drawing(plot: Plot | undefined): string {
  return plot === undefined ? '' : `<div class="wide">${plot.svg}</div>`;
}

function section(group: Group, id: string): string {
  const { name, dimensions, cells } = group;
  const measures = measuresOf(cells);
  const glance = table(
    [...dimensions, 'runs', ...measures.map(headOf)],
    cells.map((cell) => [
      ...labels(cell, dimensions),
      verdict(cell),
      ...measures.map((one) => median(cell, one)),
    ]),
  );
  const all = table(
    [...dimensions, 'measure', 'count', 'min', 'p50', '95 %', 'p90', 'p99', 'max'],
    cells.flatMap((cell) =>
      measuresOf([cell]).map((one) => [...labels(cell, dimensions), ...figures(cell, one)]),
    ),
  );
  return [
    name === '' ? '' : `<h2 id="${id}">${escapeHtml(name)}</h2>`,
    drawing(groupPlot(group)),
    `<p class="dim">Medians:</p><div class="wide">${glance}</div>`,
    `<details><summary>All figures</summary><div class="wide">${all}</div></details>`,
  ].join('\n');
}

function labels(cell: CellResult, dimensions: readonly string[]): readonly string[] {
  return dimensions.map((one) => td(cell.labels[one] ?? ''));
}

function verdict(cell: CellResult): string {
  const look = cell.unexpected.length === 0 ? 'left good' : 'left bad';
  return `<td class="${look}">${escapeHtml(verdictCell(cell))}</td>`;
}

function median(cell: CellResult, measure: MeasureName): string {
  const summary = cell.measures[measure];
  return td(summary === undefined ? '–' : figure(measure, summary.p50));
}

function figures(cell: CellResult, measure: MeasureName): readonly string[] {
  const summary = cell.measures[measure];
  if (summary === undefined) return [];
  const { count, min, p50, low, high, p90, p99, max } = summary;
  const [least, middle, from, to, ...rest] = [min, p50, low, high, p90, p99, max].map((us) =>
    figure(measure, us),
  );
  return [headOf(measure), String(count), least ?? '', middle ?? '', `${from} … ${to}`, ...rest].map(td);
}

function legend(measures: readonly MeasureName[]): string {
  const rows = measures.map((measure) => [measure, unitOf(measure), MEASURES[measure].means].map(td));
  return `<div class="wide text">${table(['measure', 'unit', 'means'], rows)}</div>`;
}

function td(text: string): string {
  return `<td>${escapeHtml(text)}</td>`;
}

/** Heads are texts, cells whole elements. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th>${escapeHtml(text)}</th>`).join('');
  const lines = rows.map((cells) => `<tr>${cells.join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${lines.join('\n')}\n</tbody></table>`;
}
