import { type Command, Option } from 'commander';
import { divergenceText } from '../report/divergence-text.ts';
import { readScenarios } from '../run/files.ts';
import type { SeedsTask } from '../run/seeds-worker.ts';
import { checkNode } from './check-node.ts';
import { EXIT } from './exit-code.ts';
import { type Divergence, ProcessPair } from './process-pair.ts';
import { parseSeedRange, parseWorkers, type SeedRange } from './seed-range.ts';
import type { Progress, Shell } from './shell.ts';

interface VerifyOptions {
  readonly seeds?: SeedRange;
  readonly workers: number;
  readonly node?: string;
  readonly json?: boolean;
}

const SEEDS_A_TASK = 16;
const SHOWN_DIVERGENCES = 10;

const EXAMPLES = `
Examples:
  zabsim verify scenarios/ --seeds 1..20
  zabsim verify scenarios/leader-crash.yaml --node ~/.nvm/versions/node/v22.21.0/bin/node`;

/** Adds `verify` to the program. */
export function addVerifyCommand(program: Command, shell: Shell): void {
  program
    .command('verify')
    .description('run each scenario twice, in separate processes, and name the first event that differs')
    .argument('<file...>', 'scenario files, or folders of them')
    .addOption(new Option('--seeds <A..B>', 'with each seed of a range').argParser(parseSeedRange))
    .addOption(
      new Option('--workers <N>', 'pairs of processes that share the runs')
        .argParser(parseWorkers)
        .default(1),
    )
    .option('--node <PATH>', 'another Node binary for the second of each two runs')
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: VerifyOptions) => {
      const tasks = readScenarios(files).flatMap((plan) =>
        split(plan.file, options.seeds ?? seedOf(plan.seed)),
      );
      if (options.node !== undefined) checkNode(options.node);
      const runs = tasks.reduce((sum, task) => sum + task.to - task.from + 1, 0);
      const progress = shell.progress(runs, 'runs, twice');
      let divergences: readonly Divergence[];
      try {
        divergences = await verifyAll(tasks, options, progress);
      } finally {
        progress.stop();
      }
      print(runs, divergences, options, shell);
      shell.exitCode = divergences.length === 0 ? EXIT.expected : EXIT.nondeterministic;
    });
}

function seedOf(seed: number): SeedRange {
  return { from: seed, to: seed };
}

function split(file: string, seeds: SeedRange): readonly SeedsTask[] {
  const tasks: SeedsTask[] = [];
  for (let from = seeds.from; from <= seeds.to; from += SEEDS_A_TASK) {
    tasks.push({ file, from, to: Math.min(seeds.to, from + SEEDS_A_TASK - 1) });
  }
  return tasks;
}

async function verifyAll(
  tasks: readonly SeedsTask[],
  options: VerifyOptions,
  progress: Progress,
): Promise<readonly Divergence[]> {
  const pairs = Array.from(
    { length: Math.min(options.workers, tasks.length) },
    () => new ProcessPair(options.node),
  );
  const found: (readonly Divergence[])[] = tasks.map(() => []);
  let next = 0;
  const work = async (pair: ProcessPair): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      const task = tasks[index];
      if (task === undefined) return;
      found[index] = await pair.compare(task);
      progress.advance(task.to - task.from + 1);
    }
  };
  try {
    await Promise.all(pairs.map(work));
  } finally {
    for (const pair of pairs) pair.stop();
  }
  return found.flat();
}

function print(runs: number, divergences: readonly Divergence[], options: VerifyOptions, shell: Shell): void {
  if (options.json === true) {
    const differences = divergences.map((divergence) => ({
      file: divergence.file,
      seed: divergence.seed,
      fingerprints: divergence.fingerprints,
      events: divergence.events,
      first:
        divergence.first?.told.map((line) => (line === undefined ? null : JSON.parse(line.json))) ?? null,
    }));
    const identical = runs - divergences.length;
    shell.print(JSON.stringify({ version: 1, runs, identical, differences }, null, 2));
    return;
  }
  const parts = divergences.slice(0, SHOWN_DIVERGENCES).map((one) => divergenceText(one, shell.paint));
  if (divergences.length > parts.length) parts.push(`and ${divergences.length - parts.length} more`);
  const where = options.node === undefined ? '' : `, the second time on ${options.node}`;
  const told =
    divergences.length === 0
      ? shell.paint.green(
          `${runs} ${runs === 1 ? 'run' : 'runs'} done twice in separate processes${where}: all alike.`,
        )
      : shell.paint.red(`${divergences.length} of ${runs} runs are not deterministic.`);
  shell.print([...parts, told].join('\n\n'));
}
