import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { comparisonText } from '../report/timing/comparison-text.ts';
import { timingJson } from '../report/timing/timing-json.ts';
import { timingSummary } from '../report/timing/timing-summary.ts';
import { timingTables } from '../report/timing/timing-tables.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../run/environments.ts';
import { readScenario, readScenarioText } from '../run/files.ts';
import { type Comparison, compare, readBaseline } from '../run/timing/baseline.ts';
import { measureCells } from '../run/timing/measure-cells.ts';
import { standardMatrix } from '../run/timing/standard-matrix.ts';
import { parseSweep, type Sweep, sweptCells } from '../run/timing/sweep.ts';
import { type Cell, cellName, type TimingReport } from '../run/timing/timing-report.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { writeReport } from './report-files.ts';
import { reportProtocols } from './report-protocols.ts';
import { parseSeedRange, parseWorkers, type SeedRange } from './seed-range.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

interface ReportOptions {
  readonly seeds: SeedRange;
  readonly environment?: EnvironmentName;
  readonly only?: readonly string[];
  readonly sweep: readonly Sweep[];
  readonly baseline?: string;
  readonly protocols?: boolean;
  readonly out?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** A report that is to be made. */
interface Task {
  readonly title: string;
  readonly cells: readonly Cell[];
  /** Where its files go; undefined: nowhere. */
  readonly folder: string | undefined;
}

const EXAMPLES = `
Without a scenario, the standard matrix is run and written to reports/. With one, it is run alone, or over the
grid of all --sweep values; its files are written where --out says so. With --protocols, the protocols are
compared, and protocols.md, protocols.csv and protocols.json written. A key is a path such as
network.latency, faults[0].for, faults.NAME.for, or one of the ensemble's, such as tickTime.

Examples:
  zabsim report
  zabsim report --environment wan --seeds 1..20 --out wan
  zabsim report --only 'leader crash' 'voters 5, observers 0' --baseline reports/timing.json
  zabsim report --protocols --seeds 1..20
  zabsim report scenarios/leader-crash.yaml --sweep tickTime=500ms,1s,2s --sweep ensemble.voters=3,5`;

/** Adds `report` to the program. */
export function addReportCommand(program: Command, shell: Shell): void {
  program
    .command('report')
    .description('how long elections, recoveries and outages take, over many seeds')
    .argument('[scenario]', 'a scenario to measure, instead of the standard matrix')
    .addOption(
      new Option('--seeds <A..B>', 'the seeds of each cell')
        .argParser(parseSeedRange)
        .default({ from: 1, to: 100 }, '1..100'),
    )
    .addOption(
      new Option('--sweep <KEY=A,B,C>', 'let a key of the scenario have each of these values').argParser(
        collectSweep,
      ),
    )
    .addOption(
      new Option('--environment <NAME>', "where the standard matrix's ensembles run (default: lan)").choices(
        ENVIRONMENT_NAMES,
      ),
    )
    .option('--only <TEXT...>', 'only cells of the standard matrix whose name holds all of these')
    .option('--baseline <FILE>', 'compare with the timing.json of an earlier report; 1 if it was better')
    .option('--protocols', 'compare the protocols with each other, on the same network, disks and timers')
    .option('--out <DIR>', 'where to write timing.md, timing.csv and timing.json (default: reports)')
    .addOption(
      new Option('--workers <N>', 'threads that share the runs (default: one a core)').argParser(
        parseWorkers,
      ),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(
      async (file: string | undefined, options: Omit<ReportOptions, 'sweep'> & Partial<ReportOptions>) =>
        report(file, { ...options, sweep: options.sweep ?? [] }, shell),
    );
}

function collectSweep(text: string, before: readonly Sweep[] | undefined): readonly Sweep[] {
  const sweep = parseSweep(text);
  if (sweep === undefined) {
    throw new InvalidArgumentError('A sweep is written KEY=A,B,C, with different values, none empty.');
  }
  if (before?.some(({ key }) => key === sweep.key)) throw new InvalidArgumentError('A key is swept once.');
  return [...(before ?? []), sweep];
}

async function report(file: string | undefined, options: ReportOptions, shell: Shell): Promise<void> {
  if (options.protocols === true) return protocols(file, options, shell);
  const task = file === undefined ? standardTask(options) : scenarioTask(file, options);
  const baseline = options.baseline === undefined ? undefined : readBaselineFile(options.baseline);
  const beganMs = performance.now();
  const found = await measured(task, options, shell);
  const comparison = baseline && compare(found, baseline);
  const files = task.folder === undefined ? [] : writeReport(found, task.folder);
  if (options.json === true) {
    shell.print(JSON.stringify({ ...timingJson(found), ...(comparison && { comparison }) }, null, 2));
  } else {
    const parts = [timingTables(found, shell.paint)];
    if (comparison !== undefined) parts.push(comparisonText(comparison, options.baseline ?? '', shell.paint));
    parts.push(timingSummary(found, files, performance.now() - beganMs, shell.paint));
    shell.print(parts.join('\n\n'));
  }
  shell.exitCode = exitCode(found, comparison);
}

async function protocols(file: string | undefined, options: ReportOptions, shell: Shell): Promise<void> {
  const { seeds, sweep, only, environment, baseline, out = 'reports', workers, json = false } = options;
  const others = [file, only, environment, baseline].some((one) => one !== undefined) || sweep.length > 0;
  if (others) throw new UsageError('--protocols goes with --seeds, --out, --workers and --json only');
  const task = { seeds, folder: out, workers: workers ?? availableParallelism(), json };
  await reportProtocols(task, shell);
}

function standardTask({ environment = 'lan', only = [], sweep, out = 'reports' }: ReportOptions): Task {
  if (sweep.length > 0) throw new UsageError('--sweep needs a scenario whose keys it changes');
  const cells = standardMatrix(environment);
  const chosen = cells.filter(({ labels }) => only.every((text) => cellName(labels).includes(text)));
  if (chosen.length === 0) {
    const names = cells.slice(0, 3).map(({ labels }) => `  ${cellName(labels)}`);
    const none = `--only: no cell holds ${only.join(' and ')}. Cells are named`;
    throw new UsageError([none, ...names, '  …'].join('\n'));
  }
  const title = `Timings of ZooKeeper ensembles (environment: ${environment})`;
  return { title, cells: chosen, folder: out };
}

function scenarioTask(file: string, { environment, only, sweep, out }: ReportOptions): Task {
  if (only !== undefined)
    throw new UsageError('--only chooses from the standard matrix: leave the scenario out');
  if (environment !== undefined) {
    throw new UsageError(`a scenario has an environment of its own: --sweep environment=${environment}`);
  }
  // Read as it stands first: its own mistakes are told with their places.
  const { title } = readScenario(file);
  return { title, cells: sweptCells(file, readScenarioText(file), sweep), folder: out };
}

function readBaselineFile(file: string): ReturnType<typeof readBaseline> & object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--baseline ${file}: ${(error as Error).message}`);
  }
  const baseline = readBaseline(text);
  if (typeof baseline === 'string') throw new UsageError(`--baseline ${file}: ${baseline}`);
  return baseline;
}

async function measured(
  { title, cells }: Task,
  { seeds, workers }: ReportOptions,
  shell: Shell,
): Promise<TimingReport> {
  const progress = shell.progress(cells.length * (seeds.to - seeds.from + 1), 'runs');
  try {
    const results = await measureCells(cells, seeds, workers ?? availableParallelism(), (count) =>
      progress.advance(count),
    );
    return { title, dimensions: Object.keys(cells[0]?.labels ?? {}), seeds, cells: results };
  } finally {
    progress.stop();
  }
}

/** A regression weighs as much as an invariant that was violated. */
function exitCode({ cells }: TimingReport, comparison: Comparison | undefined): ExitCode {
  if (comparison?.changes.some((change) => change.worse)) return EXIT.unexpected;
  const amiss = cells.filter((cell) => cell.unexpected.length > 0);
  if (amiss.length === 0) return EXIT.expected;
  const onlyStalled = amiss.every(({ verdicts, unexpected }) => verdicts.stalled === unexpected.length);
  return onlyStalled ? EXIT.stalled : EXIT.unexpected;
}
