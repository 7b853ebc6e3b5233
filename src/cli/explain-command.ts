import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDurationUs } from '../core/units.ts';
import { storyJson } from '../report/explain/story-json.ts';
import { storyText } from '../report/explain/story-text.ts';
import { tell } from '../run/explain/story.ts';
import { parseInvariant } from './invariant-name.ts';
import { recordedRun } from './recorded-run.ts';
import { parseSeed } from './seed-range.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

interface ExplainOptions {
  readonly seed?: number;
  readonly invariant?: string;
  readonly at?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
What is explained: the first violation, else a stall, an expectation that was not met, or else the longest
wait for a leader.

Examples:
  zabsim explain scenarios/leader-crash.yaml
  zabsim explain found/no-lost-commit-7.yaml --invariant no-lost-commit
  zabsim explain scenarios/split-brain.yaml --at 16s`;

/** Adds `explain` to the program. */
export function addExplainCommand(program: Command, shell: Shell): void {
  program
    .command('explain')
    .description('how a violation or a delay came about: the chain of events that led to it, on one screen')
    .argument('<file>', 'a scenario, a failure that was found, or a trace (.jsonl)')
    .addOption(new Option('--seed <N>', "run with this seed instead of the scenario's").argParser(parseSeed))
    .addOption(
      new Option('--invariant <NAME>', 'explain the first violation of this invariant').argParser(
        parseInvariant,
      ),
    )
    .addOption(
      new Option('--at <TIME>', 'explain what had happened by this virtual time').argParser(parseTime),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: ExplainOptions) => explain(file, options, shell));
}

function parseTime(text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined) throw new InvalidArgumentError('A time is written 250ms, 1.5s, 2m, …');
  return us;
}

function explain(file: string, options: ExplainOptions, shell: Shell): void {
  const question = { invariant: options.invariant, atUs: options.at };
  const { happenings, servers, observers, target } = recordedRun(file, options.seed, question);
  if (target === undefined) {
    throw new UsageError(
      options.invariant === undefined
        ? 'nothing to explain: nothing happened'
        : `no violation of ${options.invariant} in this run`,
    );
  }
  const story = tell(happenings, target, servers);
  if (options.json === true) {
    shell.print(JSON.stringify({ version: 1, file, ...storyJson(story) }, null, 2));
    return;
  }
  const seed = options.seed === undefined ? '' : ` --seed ${options.seed}`;
  const hint = shell.paint.dim(`As a diagram, with every event: zabsim export ${file}${seed} run.html`);
  const screen = { width: shell.width, paint: shell.paint, observers };
  shell.print(`${storyText(story, screen)}\n\n${hint}`);
}
