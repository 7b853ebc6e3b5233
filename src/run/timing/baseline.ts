import { z } from 'zod';
import { MEASURE_NAMES, MEASURES, type MeasureName } from './measures.ts';
import type { Summary } from './summary.ts';
import { cellName, type TimingReport } from './timing-report.ts';

const summary = z.object({ count: z.int(), p50: z.number(), least: z.number(), most: z.number() });
const count = z.int().min(0);
const reportSchema = z.object({
  version: z.literal(1),
  cells: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      runs: count,
      verdicts: z.object({ passed: count, violated: count, stalled: count }),
      measures: z.record(z.string(), summary),
    }),
  ),
});

/** What is kept of an earlier report to compare with. */
export type Baseline = z.output<typeof reportSchema>;

/** Reads the text of a report's JSON file. Returns why it is none, as a phrase. */
export function readBaseline(text: string): Baseline | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `no JSON: ${(error as Error).message}`;
  }
  const read = reportSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `no report of zabsim: ${issue?.path.join('.')}: ${issue?.message}`;
}

/** Something that is not as it was. */
export interface Change {
  /** The name of the cell. */
  readonly cell: string;
  /** A measure, or `verdict`. */
  readonly what: MeasureName | 'verdict';
  /** Medians; for verdicts, how many of 10,000 runs were violated or stalled. */
  readonly was: number;
  readonly is: number;
  readonly worse: boolean;
}

/** Which cells of a report were compared, and what is different beyond noise. */
export interface Comparison {
  readonly compared: number;
  readonly changes: readonly Change[];
}

/** A change of less than so many per cent matters to nobody, however sure it is. */
const LEAST_PERCENT = 1;

/**
 * Compares a report with an earlier one, cell by cell. A median is different when the 99.9 % intervals do not
 * meet; the share of failed runs counts however little it differs.
 */
export function compare(report: TimingReport, baseline: Baseline): Comparison {
  const before = new Map(baseline.cells.map((cell) => [cellName(cell.labels), cell]));
  const changes: Change[] = [];
  let compared = 0;
  for (const cell of report.cells) {
    const name = cellName(cell.labels);
    const old = before.get(name);
    if (old === undefined) continue;
    compared++;
    const [was, is] = [failing(old), failing(cell)];
    if (was !== is) changes.push({ cell: name, what: 'verdict', was, is, worse: is > was });
    for (const what of MEASURE_NAMES) {
      const [then, now] = [old.measures[what], cell.measures[what]];
      if (then === undefined || now === undefined || !differ(then, now)) continue;
      const grew = now.p50 > then.p50;
      const worse = MEASURES[what].unit === 'perSecond' ? !grew : grew;
      changes.push({ cell: name, what, was: then.p50, is: now.p50, worse });
    }
  }
  return { compared, changes };
}

function failing({ runs, verdicts }: Baseline['cells'][number] | TimingReport['cells'][number]): number {
  return Math.round((10_000 * (verdicts.violated + verdicts.stalled)) / Math.max(1, runs));
}

function differ(then: Pick<Summary, 'p50' | 'least' | 'most'>, now: Summary): boolean {
  if (now.least <= then.most && then.least <= now.most) return false;
  return Math.abs(now.p50 - then.p50) * 100 >= LEAST_PERCENT * Math.abs(then.p50);
}
