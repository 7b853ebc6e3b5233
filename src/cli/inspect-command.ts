import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { diffJson, diffText, directoryJson, directoryText } from '../report/inspect-directory.ts';
import { type DataDiff, diffData } from '../run/data-diff.ts';
import { type DataDirectory, type DataFile, dataFile, filesOf } from '../run/data-directory.ts';
import { openDataDirectory, openDataFile } from '../run/open-data-directory.ts';
import { type Recovery, recover } from '../run/recovery.ts';
import { decodeEpoch } from '../wire/epoch-file.ts';
import { WireError } from '../wire/wire-error.ts';
import { EXIT } from './exit-code.ts';
import { type OpenFile, type Style, showLog, showSnapshot } from './inspect-file.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

interface InspectOptions {
  readonly json?: boolean;
  readonly zookeeper?: boolean;
  readonly all?: boolean;
  readonly diff?: string;
  readonly logDir?: string;
}

const MORE = `
PATH is a transaction log, a snapshot, an epoch file, or a data directory (dataDir, or its version-2). Nothing
is changed. What a start would do with it is told by the rules of ZooKeeper itself.

Exit code 1: a server would not start from it, or the file is damaged; with --diff: the two differ.

Examples:
  zabsim inspect /var/lib/zookeeper
  zabsim inspect /var/lib/zookeeper/version-2/log.100000001 --json | jq '.txns[].path'
  zabsim inspect backup/server1 --diff backup/server2`;

/** Adds `inspect` to the program. */
export function addInspectCommand(program: Command, shell: Shell): void {
  program
    .command('inspect')
    .description("show a real server's logs, snapshots, epochs, and what a start makes of them")
    .argument('<path>', 'a log, a snapshot, an epoch file, or a data directory')
    .option('--json', 'print one JSON document')
    .option('--all', 'of a directory, show every transaction and every znode as well')
    .addOption(new Option('--diff <OTHER>', 'compare two data directories').conflicts(['all', 'zookeeper']))
    .option('--log-dir <DIR>', 'where the logs are, if dataLogDir is not dataDir')
    .addOption(
      new Option('--zookeeper', "print what ZooKeeper's TxnLogToolkit and SnapshotFormatter do").conflicts([
        'json',
        'all',
      ]),
    )
    .addHelpText('after', MORE)
    .action((path: string, options: InspectOptions) => {
      const sound = guarded(path, () => inspect(path, options, shell));
      shell.exitCode = sound ? EXIT.expected : EXIT.unexpected;
    });
}

/** Whether all is as a server wants it, or, with two directories, the same. */
function inspect(path: string, options: InspectOptions, shell: Shell): boolean {
  if (options.diff !== undefined) return inspectBoth(path, options.diff, options, shell);
  const style: Style = options.json === true ? 'json' : options.zookeeper === true ? 'zookeeper' : 'table';
  if (!statSync(path).isDirectory()) return inspectFile(path, style, shell);
  const directory = openDirectory(path, options.logDir);
  if (style === 'zookeeper') return showFiles(directory, style, shell);
  const recovery = recover(directory);
  const all = options.all === true;
  if (style === 'json') {
    if (all) shell.print('[');
    shell.print(JSON.stringify({ version: 1, kind: 'directory', ...directoryJson(recovery) }, textOf, 2));
    if (all) showFiles(directory, style, shell);
    if (all) shell.print(']');
  } else {
    if (all) showFiles(directory, style, shell);
    shell.print(directoryText(recovery, shell.paint));
  }
  return recovery.refusal === '';
}

function inspectBoth(left: string, right: string, options: InspectOptions, shell: Shell): boolean {
  if (options.logDir !== undefined) throw new UsageError('--log-dir goes with one directory only');
  const [a, b] = [left, right].map((path): Recovery => {
    if (!guarded(path, () => statSync(path)).isDirectory()) {
      throw new UsageError(`${path}: expected a data directory, found a file`);
    }
    return recover(openDirectory(path, undefined));
  }) as [Recovery, Recovery];
  const diff = diffData(a, b);
  if (options.json === true) {
    shell.print(JSON.stringify({ version: 1, kind: 'diff', ...diffJson(diff) }, textOf, 2));
  } else {
    shell.print(diffText(diff, shell.paint));
  }
  return isSame(diff);
}

function isSame({ history, nodes, sessions, left, right }: DataDiff): boolean {
  const histories = history.parting === undefined && history.leftMore + history.rightMore === 0;
  return histories && nodes.length + sessions.length === 0 && left.refusal + right.refusal === '';
}

function openDirectory(path: string, logDir: string | undefined): DataDirectory {
  if (logDir !== undefined && !guarded(logDir, () => statSync(logDir)).isDirectory())
    throw new UsageError(`--log-dir ${logDir}: expected a directory, found a file`);
  const directory = openDataDirectory(path, logDir);
  if (directory !== undefined) return directory;
  throw new UsageError(
    `${path}: expected a data directory, with log.*, snapshot.* or epoch files in it or in its version-2, ` +
      `found none of them`,
  );
}

function showFiles(directory: DataDirectory, style: Style, shell: Shell): boolean {
  let sound = true;
  for (const { name } of [...filesOf(directory, 'snapshot'), ...filesOf(directory, 'log')]) {
    const file: OpenFile = { path: name, open: () => directory.open(name) };
    if (style === 'zookeeper') shell.print(`## ${name}`);
    if (style === 'json') shell.print(',');
    if (!showFile(file, dataFile(name)?.kind ?? 'log', style, shell)) sound = false;
    if (style === 'table') shell.print('');
  }
  return sound;
}

function showFile(file: OpenFile, kind: DataFile['kind'], style: Style, shell: Shell): boolean {
  return kind === 'log' ? showLog(file, style, shell) : showSnapshot(file, style, shell);
}

function inspectFile(path: string, style: Style, shell: Shell): boolean {
  if (/^(accepted|current)Epoch/.test(basename(path))) return showEpoch(path, style, shell);
  const file: OpenFile = { path, open: () => openDataFile(path) };
  const kind = dataFile(basename(path))?.kind ?? kindByMagic(file);
  if (kind !== undefined) return showFile(file, kind, style, shell);
  throw new UsageError(
    `${path}: expected a log, a snapshot or an epoch file of ZooKeeper, found something else`,
  );
}

/** A file that was renamed still says what it is. */
function kindByMagic({ open }: OpenFile): DataFile['kind'] | undefined {
  for (const piece of open()) {
    const magic = String.fromCharCode(...piece.subarray(0, 4));
    return magic === 'ZKLG' ? 'log' : magic === 'ZKSN' ? 'snapshot' : undefined;
  }
  return undefined;
}

function showEpoch(path: string, style: Style, shell: Shell): boolean {
  let epoch: number | undefined;
  let problem = '';
  try {
    epoch = decodeEpoch(readFileSync(path));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    problem = error.message;
  }
  if (style === 'json') {
    const shown = { version: 1, kind: 'epoch', path, epoch, problem: problem || undefined };
    shell.print(JSON.stringify(shown, undefined, 2));
  } else {
    shell.print(
      problem === '' ? `${path}: epoch ${epoch}` : `${path}: ✗ ${problem}; a server does not start`,
    );
  }
  return problem === '';
}

/** Longs of the findings, as texts. */
function textOf(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Failures of the file system are the user's to mend. */
function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UsageError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new UsageError(
      `${path}: expected a file or a directory that can be read, found ${code === 'ENOENT' ? 'none' : code}`,
    );
  }
}
