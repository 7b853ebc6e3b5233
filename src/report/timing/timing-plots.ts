import type { MeasureName } from '../../run/timing/measures.ts';
import { quantilesOf } from '../../run/timing/quantiles.ts';
import type { CellResult, TimingReport } from '../../run/timing/timing-report.ts';
import { type SpreadRow, spreadPlot } from '../plots/spread-plot.ts';
import { type Group, groupsOf } from './groups.ts';

/** A drawing of a report. */
export interface Plot {
  /** Of its file, without ending. */
  readonly name: string;
  readonly svg: string;
}

/** What is drawn of a group: the most telling measure that any cell has. */
const DRAWN: readonly MeasureName[] = [
  'failover',
  'rejoin-diff',
  'establishment',
  'write-latency',
  'unavailable',
];

/** How long nobody could write, by what befell the ensemble; undefined where a report has but one story. */
export function unavailabilityPlot(report: TimingReport): Plot | undefined {
  const groups = groupsOf(report);
  const rows = groups.flatMap(({ name, cells }) => {
    const ticks = [...new Set(cells.map((cell) => cell.labels['tickTime'] ?? ''))];
    return ticks.flatMap((tick): SpreadRow[] => {
      const values = cells
        .filter((cell) => (cell.labels['tickTime'] ?? '') === tick)
        .flatMap((cell) => cell.values.unavailable ?? []);
      const label = tick === '' ? name : `${name}, tick ${tick}`;
      return Math.max(0, ...values) === 0 ? [] : [{ label, spread: quantilesOf(values) }];
    });
  });
  if (groups.length < 2 || rows.length === 0) return undefined;
  return { name: 'unavailability', svg: spreadPlot('Longest time in which no write could commit', rows) };
}

/** The distribution of a group's most telling measure, a line for each cell; undefined if there is none. */
export function groupPlot({ name, dimensions, cells }: Group): Plot | undefined {
  const measure = DRAWN.find((one) => cells.some((cell) => (cell.measures[one]?.max ?? 0) > 0));
  if (measure === undefined) return undefined;
  const rows = cells.flatMap((cell) => row(cell, dimensions, measure));
  const title = name === '' ? measure : `${name}: ${measure}`;
  const file = (name === '' ? measure : name).replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
  return { name: file, svg: spreadPlot(title, rows) };
}

function row(cell: CellResult, dimensions: readonly string[], measure: MeasureName): readonly SpreadRow[] {
  const summary = cell.measures[measure];
  if (summary === undefined) return [];
  const label = dimensions.map((one) => `${SHORT[one] ?? one} ${cell.labels[one] ?? ''}`).join(', ');
  return [{ label, spread: summary, low: summary.low, high: summary.high }];
}

const SHORT: Readonly<Record<string, string>> = { tickTime: 'tick', observers: 'obs.' };

/** All drawings of a report. */
export function timingPlots(report: TimingReport): readonly Plot[] {
  const plots = [unavailabilityPlot(report), ...groupsOf(report).map(groupPlot)];
  return plots.filter((plot) => plot !== undefined);
}
