import { Command, CommanderError } from 'commander';
import { DefectError } from '../core/assert.ts';
import { ScenarioErrors } from '../core/errors.ts';
import { addBugsCommand } from './bugs-command.ts';
import { addCalibrateCommand } from './calibrate-command.ts';
import { addCheckCommand } from './check-command.ts';
import { addConsistencyCommand } from './consistency-command.ts';
import { EXIT } from './exit-code.ts';
import { addExplainCommand } from './explain-command.ts';
import { addExportCommand } from './export-command.ts';
import { addFuzzCommand } from './fuzz-command.ts';
import { addInspectCommand } from './inspect-command.ts';
import { addReplayCommand } from './replay-command.ts';
import { addReportCommand } from './report-command.ts';
import { addRunCommand } from './run-command.ts';
import { addSchemaCommand } from './schema-command.ts';
import { addServeCommand } from './serve-command.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';
import { addVerifyCommand } from './verify-command.ts';
import { version } from './version.ts';

const CODES = `
Exit codes:
  0 all as expected · 1 an invariant violated or an expectation not met
  2 bad usage or bad input, or an output that cannot be written
  3 stalled after the faults healed · 4 not deterministic · 70 a defect of zabsim itself

Example:
  zabsim run scenarios/leader-crash.yaml`;

/**
 * Runs the command line.
 *
 * @param args the arguments after the program's name
 * @returns never rejects: what went wrong is printed, and in the shell's exit code
 */
export async function main(args: readonly string[], shell: Shell): Promise<void> {
  const program = new Command('zabsim')
    .description('Runs ZooKeeper ensembles in a deterministic simulation, and judges every run')
    .version(version())
    .addHelpText('after', CODES)
    .exitOverride();
  addRunCommand(program, shell);
  addReplayCommand(program, shell);
  addFuzzCommand(program, shell);
  addVerifyCommand(program, shell);
  addCheckCommand(program, shell);
  addBugsCommand(program, shell);
  addInspectCommand(program, shell);
  addReportCommand(program, shell);
  addConsistencyCommand(program, shell);
  addCalibrateCommand(program, shell);
  addExplainCommand(program, shell);
  addExportCommand(program, shell);
  addServeCommand(program, shell);
  addSchemaCommand(program, shell);
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    shell.exitCode = explain(error, args, shell);
  }
}

function explain(error: unknown, args: readonly string[], shell: Shell): Shell['exitCode'] {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.expected : EXIT.usage;
  // A file that takes no more is noticed in the midst of a run.
  const told = error instanceof DefectError && error.cause instanceof UsageError ? error.cause : error;
  if (told instanceof UsageError || told instanceof ScenarioErrors) {
    shell.warn(told.message);
    return EXIT.usage;
  }
  shell.warn(
    [
      'This is a defect of zabsim itself, not of your scenario.',
      'Please report it, with the scenario file and this:',
      `  command: zabsim ${args.join(' ')}`,
      `  zabsim ${version()}, Node ${process.version}, ${process.platform} ${process.arch}`,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      ...(error instanceof Error && error.cause instanceof Error ? [`caused by ${error.cause.stack}`] : []),
    ].join('\n'),
  );
  return EXIT.defect;
}
