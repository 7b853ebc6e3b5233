import { type Command, Option } from 'commander';
import { consistencyJson, consistencyTable } from '../report/consistency-table.ts';
import { measureConsistency } from '../run/consistency/measure-consistency.ts';
import { readScenarios } from '../run/files.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { parseSeedRange, type SeedRange } from './seed-range.ts';
import type { Shell } from './shell.ts';

interface ConsistencyOptions {
  readonly seeds?: SeedRange;
  readonly json?: boolean;
}

const MORE = `
Rows: the side of the network on which a server is when a client asks it (whether it can reach a quorum),
what the server is then, and what is asked for. Behind: how long ago what an answer does not show was
committed, when it was asked for, and how many transactions it does not show.

Examples:
  zabsim consistency scenarios/consistency/partition.yaml
  zabsim consistency scenarios/consistency --seeds 1..10`;

/** Adds `consistency` to the program. */
export function addConsistencyCommand(program: Command, shell: Shell): void {
  program
    .command('consistency')
    .description('measure what clients get on each side of a fault: which answers, and how old they are')
    .argument('<file...>', 'scenario files whose clients read and write, or folders of them')
    .addOption(new Option('--seeds <A..B>', 'over all seeds of a range').argParser(parseSeedRange))
    .option('--json', 'print one JSON document')
    .addHelpText('after', MORE)
    .action((files: readonly string[], options: ConsistencyOptions) => {
      const plans = readScenarios(files);
      const progress = shell.progress(plans.length, 'scenarios');
      const measured = plans.map((plan) => {
        const result = measureConsistency(plan, seedsOf(options.seeds ?? { from: plan.seed, to: plan.seed }));
        progress.advance(1);
        return { plan, result };
      });
      progress.stop();
      if (options.json === true) {
        const results = measured.map(({ plan, result }) => consistencyJson(plan.file, result));
        shell.print(JSON.stringify({ version: 1, results }, null, 2));
      } else {
        const tables = measured.map(({ plan, result }) => `${plan.title}\n${consistencyTable(result)}`);
        shell.print(tables.join('\n\n'));
      }
      shell.exitCode = exitCodeOf(measured.flatMap(({ result }) => result.outcomes));
    });
}

function seedsOf({ from, to }: SeedRange): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
