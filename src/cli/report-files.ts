import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { timingCsv } from '../report/timing/timing-csv.ts';
import { timingJson } from '../report/timing/timing-json.ts';
import { timingMarkdown } from '../report/timing/timing-markdown.ts';
import { timingPage } from '../report/timing/timing-page.ts';
import { timingPlots } from '../report/timing/timing-plots.ts';
import type { TimingReport } from '../run/timing/timing-report.ts';
import { makeFolder } from './make-folder.ts';
import { UsageError } from './usage-error.ts';

/**
 * Writes a report's files below a folder, which is made where there is none. What they hold depends on the
 * report alone. Returns their paths. Throws a UsageError where a file cannot be written.
 */
export function writeReport(report: TimingReport, folder: string): readonly string[] {
  const files = new Map<string, string>([
    ['timing.md', timingMarkdown(report)],
    ['timing.csv', timingCsv(report)],
    ['timing.json', `${JSON.stringify(timingJson(report), null, 1)}\n`],
    ['timing.html', timingPage(report)],
    ...timingPlots(report).map(({ name, svg }) => [`plots/${name}.svg`, svg] as const),
  ]);
  return [...files].map(([name, text]) => {
    const path = join(folder, name);
    writeText(path, text);
    return path;
  });
}

/** Writes a text file, and its folder where there is none. Throws a UsageError where that cannot be done. */
export function writeText(path: string, text: string): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  }
}
