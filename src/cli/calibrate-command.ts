import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { calibrationMarkdown } from '../report/calibration-markdown.ts';
import { plainTable } from '../report/plain-table.ts';
import { type CalibratedRow, calibrate } from '../run/calibration/calibrate.ts';
import { SITUATIONS } from '../run/calibration/situations.ts';
import { FREE_PARAMETERS } from '../run/environments.ts';
import { writeText } from './report-files.ts';
import { parseSeedRange, parseWorkers, type SeedRange } from './seed-range.ts';
import type { Shell } from './shell.ts';

interface CalibrateOptions {
  readonly seeds: SeedRange;
  readonly out: string;
  readonly workers?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Example:
  zabsim calibrate --seeds 1..40`;

/** Adds `calibrate` to the program. */
export function addCalibrateCommand(program: Command, shell: Shell): void {
  program
    .command('calibrate')
    .description('compare simulated timings with those that were measured on a real ensemble')
    .addOption(
      new Option('--seeds <A..B>', 'the seeds of each situation')
        .argParser(parseSeedRange)
        .default({ from: 1, to: 40 }, '1..40'),
    )
    .option('--out <DIR>', 'where to write calibration.md', 'reports')
    .addOption(
      new Option('--workers <N>', 'threads that share the runs (default: one a core)').argParser(
        parseWorkers,
      ),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(async ({ seeds, out, workers, json }: CalibrateOptions) => {
      const progress = shell.progress(SITUATIONS.length * (seeds.to - seeds.from + 1), 'runs');
      let rows: readonly CalibratedRow[];
      try {
        rows = await calibrate(seeds, workers ?? availableParallelism(), (count) => progress.advance(count));
      } finally {
        progress.stop();
      }
      const file = join(out, 'calibration.md');
      writeText(file, calibrationMarkdown(rows, seeds, FREE_PARAMETERS));
      shell.print(
        json === true ? JSON.stringify({ version: 1, seeds, rows }, null, 2) : told(rows, file, shell),
      );
    });
}

function told(rows: readonly CalibratedRow[], file: string, { paint }: Shell): string {
  const table = plainTable(
    [
      { head: 'situation', align: 'left' },
      { head: 'ms', align: 'left' },
      { head: 'real', align: 'right' },
      { head: 'simulated', align: 'right' },
      { head: 'ratio', align: 'right' },
    ],
    rows.map(({ situation, reading, real, simulated, ratio, near, inside }) => [
      situation,
      reading,
      String(real.median),
      String(simulated.median),
      (near && inside ? paint.green : paint.red)(ratio.toFixed(2)),
    ]),
  );
  const good = rows.filter((row) => row.near && row.inside).length;
  return `${table}\n\n${good} of ${rows.length} rows as measured.\n${paint.dim(`With causes: ${file}`)}`;
}
