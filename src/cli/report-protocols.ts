import { join } from 'node:path';
import {
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonTables,
} from '../report/comparison/comparison-texts.ts';
import {
  COMPARED_MEMBERS,
  compareProtocols,
  comparisonRuns,
  type ProtocolComparison,
} from '../run/comparison/compare-protocols.ts';
import { EXIT } from './exit-code.ts';
import { writeText } from './report-files.ts';
import type { SeedRange } from './seed-range.ts';
import type { Shell } from './shell.ts';

/** What `report --protocols` is asked for. */
export interface ProtocolsTask {
  readonly seeds: SeedRange;
  /** Where its files go. */
  readonly folder: string;
  readonly workers: number;
  readonly json: boolean;
}

/** Compares the protocols with each other, prints the tables and writes them to files. */
export async function reportProtocols(task: ProtocolsTask, shell: Shell): Promise<void> {
  const settings = { seeds: task.seeds, members: COMPARED_MEMBERS };
  const progress = shell.progress(comparisonRuns(settings), 'runs');
  const beganMs = performance.now();
  let found: ProtocolComparison;
  try {
    found = await compareProtocols(settings, task.workers, (count) => progress.advance(count));
  } finally {
    progress.stop();
  }
  const files = new Map([
    ['protocols.md', comparisonMarkdown(found)],
    ['protocols.csv', comparisonCsv(found)],
    ['protocols.json', `${JSON.stringify(comparisonJson(found), null, 1)}\n`],
  ]);
  const paths = [...files].map(([name, text]) => {
    const path = join(task.folder, name);
    writeText(path, text);
    return path;
  });
  if (task.json) shell.print(JSON.stringify(comparisonJson(found), null, 2));
  else {
    const { amiss, runs } = found;
    const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
    const told =
      amiss.length === 0
        ? shell.paint.green(`All ${runs} runs as expected`)
        : shell.paint.red(`${amiss.length} of ${runs} not as expected`);
    const lines = [`${told}, in ${seconds} s.`, ...amiss.map((line) => `  ${line}`)];
    const closing = [...lines, shell.paint.dim(`All figures: ${paths.join(', ')}`)].join('\n');
    shell.print(`${comparisonTables(found, shell.paint)}\n\n${closing}`);
  }
  shell.exitCode = found.amiss.length === 0 ? EXIT.expected : EXIT.unexpected;
}
