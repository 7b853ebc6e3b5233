import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { checkHistory, type HistoryReport } from '../check/history/check-history.ts';
import type { ClientHistory } from '../check/history/client-history.ts';
import { HistoryError } from '../check/history/history-error.ts';
import { PREDICATES, WAIVERS, type Waiver } from '../check/history/predicate.ts';
import { readHistory } from '../check/history/read-history.ts';
import { historyJson, historyText } from '../report/history-report.ts';
import { decodeText } from '../run/decode-text.ts';
import { EXIT } from './exit-code.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

interface CheckCommandOptions {
  readonly json?: boolean;
  readonly search?: boolean;
  readonly refuse?: readonly Waiver[];
}

const MORE = `
What is checked, each reply's zxid being the witness:
${Object.entries(PREDICATES)
  .map(([name, text]) => `  ${name.padEnd(6)} ${text}`)
  .join('\n')}

What is excused, because ZooKeeper does it; --refuse makes a violation of it:
${Object.entries(WAIVERS)
  .map(([name, text]) => `  ${name.padEnd(17)} ${text}`)
  .join('\n')}

Exit code 0: no violation, 1: violations, 2: a file is no history.

Example:
  zabsim run scenarios/leader-crash.yaml --history history.jsonl
  zabsim check history.jsonl`;

/** Adds `check` to the program. */
export function addCheckCommand(program: Command, shell: Shell): void {
  program
    .command('check')
    .description('check recorded histories of client operations against all that ZooKeeper promises')
    .argument('<history...>', 'history files, as `run --history` writes them')
    .option('--json', 'print one JSON document')
    .option('--search', 'search for a linearization, however many operations there are')
    .option('--no-search', 'do not search for one (default: up to 20,000 operations)')
    .addOption(new Option('--refuse <WAIVER...>', 'do not excuse these').choices(Object.keys(WAIVERS)))
    .addHelpText('after', MORE)
    .action((files: readonly string[], options: CheckCommandOptions) => {
      const histories = files.map((file) => ({ file, history: historyIn(file) }));
      const progress = shell.progress(files.length, 'histories');
      const reports = histories.map(({ file, history }) => {
        const report = checkHistory(history, checkOptions(options));
        progress.advance(1);
        return { file, report };
      });
      progress.stop();
      print(reports, options.json === true, shell);
      shell.exitCode = reports.every(({ report }) => report.ok) ? EXIT.expected : EXIT.unexpected;
    });
}

function checkOptions({ search, refuse }: CheckCommandOptions) {
  return { ...(search === undefined ? {} : { search }), ...(refuse === undefined ? {} : { refuse }) };
}

function print(
  reports: readonly { readonly file: string; readonly report: HistoryReport }[],
  json: boolean,
  shell: Shell,
): void {
  if (json) {
    const results = reports.map(({ file, report }) => historyJson(file, report));
    shell.print(JSON.stringify({ version: 1, results }, null, 2));
    return;
  }
  shell.print(reports.map(({ file, report }) => historyText(file, report, shell.paint)).join('\n\n'));
}

/** Reads a history. Throws a UsageError with the place in the file where it is none. */
function historyIn(file: string): ClientHistory {
  const text = textOf(file);
  try {
    return readHistory(text);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    const { line, path, expected, found } = error;
    const place = path === '' ? '' : ` ${path}:`;
    throw new UsageError(`${file}:${line}:${place} expected ${expected}, found ${found}`);
  }
}

function textOf(file: string): string {
  let text: ReturnType<typeof decodeText>;
  try {
    text = decodeText(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = code === 'ENOENT' ? 'none' : code === 'EISDIR' ? 'a folder' : undefined;
    if (found !== undefined || /^E[A-Z]+$/.test(code ?? ''))
      throw new UsageError(`${file}: expected a history file, found ${found ?? code}`);
    throw error;
  }
  if (typeof text === 'string') return text;
  throw new UsageError(`${file}:${text.line}:${text.column}: expected text in UTF-8, found ${text.found}`);
}
