import type { Command } from 'commander';
import { runFindings } from '../report/run-findings.ts';
import { runJson } from '../report/run-json.ts';
import { type Confirmation, confirm } from '../run/confirmation.ts';
import { readScenario } from '../run/files.ts';
import type { Outcome } from '../run/outcome.ts';
import { runPlan } from '../run/seeds-worker.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Shell } from './shell.ts';
import { version } from './version.ts';

const EXAMPLES = `
A file that was written by hand carries nothing to compare with: it is run twice, and the runs are compared.

Example:
  zabsim replay found/no-lost-commit-7.yaml`;

/** Adds `replay` to the program. */
export function addReplayCommand(program: Command, shell: Shell): void {
  program
    .command('replay')
    .description('run a found failure again: are fingerprint and violation the same?')
    .argument('<file>', 'a failure that was found, as a scenario file')
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: { readonly json?: boolean }) => {
      const plan = readScenario(file);
      const first = runPlan(plan, plan.seed);
      const second = runPlan(plan, plan.seed);
      const repeatable = first.outcome.fingerprint === second.outcome.fingerprint;
      const confirmation = plan.found && confirm(plan.found, first.outcome, version());
      const confirmed = repeatable && (confirmation?.confirmed ?? true);
      if (options.json === true) {
        const result = runJson(first.outcome, first.wallMs);
        const checks = confirmation?.checks ?? [];
        shell.print(JSON.stringify({ version: 1, confirmed, repeatable, checks, result }, null, 2));
      } else {
        shell.print(told(first.outcome, second.outcome, confirmation, shell));
      }
      shell.exitCode = exitCode(repeatable, confirmed);
    });
}

function exitCode(repeatable: boolean, confirmed: boolean): ExitCode {
  if (!repeatable) return EXIT.nondeterministic;
  return confirmed ? EXIT.expected : EXIT.unexpected;
}

function told(first: Outcome, second: Outcome, confirmation: Confirmation | undefined, shell: Shell): string {
  const { paint } = shell;
  if (first.fingerprint !== second.fingerprint) {
    return [
      paint.red(`Not deterministic: two runs gave ${first.fingerprint} and ${second.fingerprint}.`),
      paint.dim(`The first event that differs: zabsim verify ${first.file}`),
    ].join('\n');
  }
  const lines = [runFindings(first, paint)].filter((text) => text !== '');
  if (confirmation === undefined) {
    lines.push(paint.green(`The same twice: fingerprint ${first.fingerprint}, verdict ${first.verdict}.`));
    return lines.join('\n');
  }
  for (const { what, wanted, got, same, demanded } of confirmation.checks) {
    const excuse = demanded ? '' : ' (another version of zabsim found it: not demanded)';
    lines.push(same ? `same ${what}: ${wanted}` : `other ${what}: wanted ${wanted}, got ${got}${excuse}`);
  }
  lines.push(confirmation.confirmed ? paint.green('Confirmed.') : paint.red('Not confirmed.'));
  return lines.join('\n');
}
