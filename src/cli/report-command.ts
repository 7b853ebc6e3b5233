import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { timingJson } from '../report/timing/timing-json.ts';
import { timingSummary } from '../report/timing/timing-summary.ts';
import { timingTables } from '../report/timing/timing-tables.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../run/environments.ts';
import { measureCells } from '../run/timing/measure-cells.ts';
import { standardMatrix } from '../run/timing/standard-matrix.ts';
import { type Cell, cellName, type TimingReport } from '../run/timing/timing-report.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { writeReport } from './report-files.ts';
import { parseSeedRange, parseWorkers, type SeedRange } from './seed-range.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

interface ReportOptions {
  readonly seeds: SeedRange;
  readonly environment: EnvironmentName;
  readonly only?: readonly string[];
  readonly out: string;
  readonly workers?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  zabsim report
  zabsim report --environment wan --seeds 1..20 --out wan
  zabsim report --only 'leader crash' 'voters 5, observers 0'`;

/** Adds `report` to the program. */
export function addReportCommand(program: Command, shell: Shell): void {
  program
    .command('report')
    .description('how long elections, recoveries and outages take: the standard matrix, over many seeds')
    .addOption(
      new Option('--seeds <A..B>', 'the seeds of each cell')
        .argParser(parseSeedRange)
        .default({ from: 1, to: 100 }, '1..100'),
    )
    .addOption(
      new Option('--environment <NAME>', 'where the ensembles run').choices(ENVIRONMENT_NAMES).default('lan'),
    )
    .option('--only <TEXT...>', 'only cells whose name holds all of these')
    .option('--out <DIR>', 'where to write timing.md, timing.csv and timing.json', 'reports')
    .addOption(
      new Option('--workers <N>', 'threads that share the runs (default: one a core)').argParser(
        parseWorkers,
      ),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ReportOptions) => {
      const cells = chosenCells(options);
      const beganMs = performance.now();
      const report = await measured(cells, options, shell);
      const files = writeReport(report, options.out);
      if (options.json === true) {
        shell.print(JSON.stringify(timingJson(report), null, 2));
      } else {
        const summary = timingSummary(report, files, performance.now() - beganMs, shell.paint);
        shell.print(`${timingTables(report, shell.paint)}\n\n${summary}`);
      }
      shell.exitCode = exitCode(report);
    });
}

function chosenCells({ environment, only = [] }: ReportOptions): readonly Cell[] {
  const cells = standardMatrix(environment);
  const chosen = cells.filter(({ labels }) => only.every((text) => cellName(labels).includes(text)));
  if (chosen.length > 0) return chosen;
  const names = cells.slice(0, 3).map(({ labels }) => `  ${cellName(labels)}`);
  throw new UsageError(
    `--only: no cell holds ${only.join(' and ')}. Cells are named\n${names.join('\n')}\n  …`,
  );
}

async function measured(
  cells: readonly Cell[],
  { seeds, environment, workers }: ReportOptions,
  shell: Shell,
): Promise<TimingReport> {
  const progress = shell.progress(cells.length * (seeds.to - seeds.from + 1), 'runs');
  try {
    const results = await measureCells(cells, seeds, workers ?? availableParallelism(), (count) =>
      progress.advance(count),
    );
    return {
      title: `Timings of ZooKeeper ensembles (environment: ${environment})`,
      dimensions: Object.keys(cells[0]?.labels ?? {}),
      seeds,
      cells: results,
    };
  } finally {
    progress.stop();
  }
}

function exitCode({ cells }: TimingReport): ExitCode {
  const amiss = cells.filter((cell) => cell.unexpected.length > 0);
  if (amiss.length === 0) return EXIT.expected;
  const onlyStalled = amiss.every(({ verdicts, unexpected }) => verdicts.stalled === unexpected.length);
  return onlyStalled ? EXIT.stalled : EXIT.unexpected;
}
