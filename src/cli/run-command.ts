import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { runDetails } from '../report/run-details.ts';
import { runFindings } from '../report/run-findings.ts';
import { runJson } from '../report/run-json.ts';
import { runSummary } from '../report/run-summary.ts';
import { runTable } from '../report/run-table.ts';
import { seedsTable } from '../report/seeds-table.ts';
import { readScenarios } from '../run/files.ts';
import type { Plan } from '../run/plan.ts';
import { type PlannedRuns, runAll } from '../run/pool.ts';
import type { RunningWorld } from '../run/running-world.ts';
import { type Ran, runPlan } from '../run/seeds-worker.ts';
import { keepsTree } from '../run/tree-service.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { HistoryFile } from './history-file.ts';
import { checkOutputs, inputsOf } from './output-paths.ts';
import { parseSeed, parseSeedRange, parseWorkers, type SeedRange } from './seed-range.ts';
import type { Shell } from './shell.ts';
import { TraceFile } from './trace-file.ts';
import { UsageError } from './usage-error.ts';
import { WrittenDirectories } from './written-directories.ts';

interface RunOptions {
  readonly seed?: number;
  readonly seeds?: SeedRange;
  readonly json?: boolean;
  readonly trace?: string;
  readonly history?: string;
  readonly writeData?: string;
  readonly workers?: number;
}

/** Options that write one run. */
const ONE_RUN = [
  ['trace', '--trace'],
  ['history', '--history'],
  ['writeData', '--write-data'],
] as const;

const EXAMPLES = `
Examples:
  zabsim run scenarios/leader-crash.yaml
  zabsim run scenarios/leader-crash.yaml --seed 7 --trace trace.txt
  zabsim run my-mix.yaml --history history.jsonl
  zabsim run scenarios/ --seeds 1..100 --workers 4
  zabsim run scenarios/real-files/as-found.yaml --write-data after
  zabsim run scenarios/leader-crash.yaml --json | jq '.results[0].leaders'`;

/** Adds `run` to the program. */
export function addRunCommand(program: Command, shell: Shell): void {
  program
    .command('run')
    .description('run scenarios and judge them: verdicts, leaders, epochs, timings')
    .argument('<file...>', 'scenario files, or folders of them')
    .addOption(new Option('--seed <N>', "run with this seed instead of the scenario's").argParser(parseSeed))
    .addOption(
      new Option('--seeds <A..B>', 'run with each seed of a range')
        .argParser(parseSeedRange)
        .conflicts('seed'),
    )
    .option('--json', 'print one JSON document')
    .addOption(
      new Option('--trace <FILE>', 'write every event: JSON lines if FILE ends in .jsonl, else text'),
    )
    .option('--history <FILE>', 'write what each client asked and was answered, for `check`: JSON lines')
    .option('--write-data <DIR>', 'write the data directories of the servers as they are at the end')
    .addOption(
      new Option('--workers <N>', 'threads that share the runs (default: one a core)').argParser(
        parseWorkers,
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: RunOptions) => {
      const configs: string[] = [];
      const plans = readScenarios(files, { onRead: (path) => configs.push(path) });
      const beganMs = performance.now();
      const ran = ONE_RUN.every(([name]) => options[name] === undefined)
        ? await runMany(plans, options, shell)
        : [runOne(plans, configs, options)];
      print(ran, options, performance.now() - beganMs, shell);
      shell.exitCode = exitCodeOf(ran.map(({ outcome }) => outcome));
    });
}

async function runMany(plans: readonly Plan[], options: RunOptions, shell: Shell): Promise<readonly Ran[]> {
  const planned: readonly PlannedRuns[] = plans.map((plan) => {
    const seed = options.seed ?? plan.seed;
    return { plan, from: options.seeds?.from ?? seed, to: options.seeds?.to ?? seed };
  });
  const total = planned.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const progress = shell.progress(total, 'runs');
  try {
    return await runAll(planned, options.workers ?? availableParallelism(), (count) =>
      progress.advance(count),
    );
  } finally {
    progress.stop();
  }
}

/** Runs the only plan and seed, with what is to be told of its events, or of its end. */
function runOne(plans: readonly Plan[], configs: readonly string[], options: RunOptions): Ran {
  const [plan, ...others] = plans;
  if (plan === undefined || others.length > 0 || options.seeds !== undefined) {
    const [, option] = ONE_RUN.find(([name]) => options[name] !== undefined) ?? ONE_RUN[0];
    throw new UsageError(`${option} writes one run: give it one file, and --seed instead of --seeds`);
  }
  checkOutputs(
    ONE_RUN.flatMap(([name, option]) => (options[name] === undefined ? [] : [[option, options[name]]])),
    [...inputsOf(plan), ...configs],
  );
  const directories =
    options.writeData === undefined ? undefined : new WrittenDirectories(options.writeData, plan);
  const trace = options.trace === undefined ? undefined : new TraceFile(options.trace);
  const history = historyFile(plan, options.history);
  let world: RunningWorld | undefined;
  let ran: Ran;
  try {
    ran = runPlan(plan, options.seed ?? plan.seed, {
      ...(trace === undefined ? {} : { trace: (event, moment) => trace.write(event, moment) }),
      ...(history === undefined ? {} : { history: (told) => history.write(told) }),
      ended: (ended) => {
        world = ended;
      },
    });
    for (const violation of ran.outcome.violations) trace?.conclude('violated', violation);
    for (const stall of ran.outcome.stalls) trace?.conclude('stalled', stall);
  } finally {
    trace?.close();
    history?.close();
  }
  if (world !== undefined) directories?.write(world);
  return ran;
}

function historyFile(plan: Plan, path: string | undefined): HistoryFile | undefined {
  if (path === undefined || keepsTree(plan)) return path === undefined ? path : new HistoryFile(path);
  const reason = 'its servers keep a counter, whose clients leave no history: it has no `clients.mix`';
  throw new UsageError(`--history ${path}: expected a scenario with clients of the tree, but ${reason}`);
}

function print(ran: readonly Ran[], options: RunOptions, wallMs: number, shell: Shell): void {
  if (options.json === true) {
    const results = ran.map((one) => runJson(one.outcome, one.wallMs));
    shell.print(JSON.stringify({ version: 1, results }, null, 2));
    return;
  }
  const outcomes = ran.map(({ outcome }) => outcome);
  const parts: string[] = [];
  if (options.seeds === undefined) {
    parts.push(runTable(outcomes, shell.paint));
    const [only] = outcomes;
    if (outcomes.length === 1 && only !== undefined) parts.push(runDetails(only));
    for (const outcome of outcomes) {
      const findings = runFindings(outcome, shell.paint);
      if (findings !== '') parts.push(outcomes.length === 1 ? findings : `${outcome.file}:\n${findings}`);
    }
  } else {
    const files = [...new Set(outcomes.map((outcome) => outcome.file))];
    for (const file of files)
      parts.push(
        seedsTable(
          outcomes.filter((one) => one.file === file),
          shell.paint,
        ),
      );
  }
  parts.push(runSummary(outcomes, wallMs, shell.paint));
  shell.print(parts.join('\n\n'));
}
