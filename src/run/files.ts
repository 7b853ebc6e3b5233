import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ScenarioErrors } from '../core/errors.ts';
import { decodeText } from './decode-text.ts';
import type { ScenarioFiles, ScenarioOptions } from './draft.ts';
import { openDataDirectory } from './open-data-directory.ts';
import type { Plan } from './plan.ts';
import { MAX_FILE_BYTES } from './read-yaml.ts';
import { parseScenario } from './scenario.ts';

/**
 * Reads scenario files from disk. A directory stands for all `*.yaml` and `*.yml` below
 * it, in the order of their names.
 *
 * @throws ScenarioErrors with the problems of all the files
 */
export function readScenarios(paths: readonly string[], options: ScenarioOptions = {}): Plan[] {
  const problems: ScenarioErrors['problems'][number][] = [];
  const plans: Plan[] = [];
  for (const file of collect(() => scenarioFiles(paths), problems) ?? []) {
    const plan = collect(() => readScenario(file, options), problems);
    if (plan !== undefined) plans.push(plan);
  }
  if (problems.length > 0) throw new ScenarioErrors(problems);
  return plans;
}

/** Reads one scenario file. Throws `ScenarioErrors`, also where the file cannot be read at all. */
export function readScenario(file: string, options: ScenarioOptions = {}): Plan {
  return parseScenarioOf(readScenarioText(file), file, options);
}

/** Reads a scenario's text as if it stood in a file. Throws `ScenarioErrors`. */
export function parseScenarioOf(text: string, file: string, options: ScenarioOptions = {}): Plan {
  return parseScenario(text, file, { files: filesBeside(file, options), ...options });
}

/** The files that a scenario names, from where it lies. */
function filesBeside(file: string, { onRead }: ScenarioOptions): ScenarioFiles {
  return {
    locate: (path, from = file) => resolve(dirname(from), path),
    text: (absolute) => {
      onRead?.(absolute);
      try {
        return { text: readScenarioText(absolute) };
      } catch (error) {
        if (!(error instanceof ScenarioErrors)) throw error;
        const { found = '', line = 0, column = 0 } = error.problems[0] ?? {};
        return { problem: line === 0 ? found : `${line}:${column}: ${found}` };
      }
    },
    dataDirectory: openDataDirectory,
  };
}

/** The text of a scenario file. Throws `ScenarioErrors` where it cannot be read. */
export function readScenarioText(file: string): string {
  const text = decodeText(readBytes(file));
  if (typeof text === 'string') return text;
  throw refused(file, 'text in UTF-8', text.found, text);
}

/**
 * The scenario files that the paths stand for, each once. Throws `ScenarioErrors` for a path that is none.
 */
export function scenarioFiles(paths: readonly string[]): string[] {
  const files = new Set<string>();
  for (const path of paths) {
    if (!kindOf(path).directory) files.add(path);
    else for (const file of filesBelow(path)) files.add(file);
  }
  return [...files];
}

function filesBelow(directory: string): string[] {
  const names = guarded(directory, () => readdirSync(directory, { recursive: true, encoding: 'utf8' }));
  const files = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(directory, name));
  const found = files.filter((file) => !kindOf(file).directory);
  if (found.length === 0) throw refused(directory, 'a directory with *.yaml files', 'none in it');
  return onceEach(found).sort((a, b) => (a < b ? -1 : 1));
}

/** Each file once, by its shortest name: a link to a directory above it leads to it again and again. */
function onceEach(names: readonly string[]): string[] {
  const byFile = new Map<string, string>();
  for (const name of names.toSorted((a, b) => a.length - b.length)) {
    const file = guarded(name, () => realpathSync(name));
    if (!byFile.has(file)) byFile.set(file, name);
  }
  return [...byFile.values()];
}

function kindOf(path: string): { directory: boolean } {
  return guarded(path, () => {
    const status = statSync(path);
    if (!status.isDirectory() && !status.isFile() && !status.isFIFO()) {
      throw refused(path, 'a file or a directory', 'something else');
    }
    return { directory: status.isDirectory() };
  });
}

/** Reads no more than what is needed to see that the file is too large. */
function readBytes(file: string): Uint8Array {
  if (kindOf(file).directory) throw refused(file, 'a file', 'a directory');
  return guarded(file, () => {
    const handle = openSync(file, 'r');
    try {
      const buffer = new Uint8Array(MAX_FILE_BYTES + 1);
      let length = 0;
      for (let count = -1; count !== 0 && length < buffer.length; length += count) {
        count = readSync(handle, buffer, length, buffer.length - length, null);
      }
      if (length > MAX_FILE_BYTES) throw refused(file, 'a file of at most 1 MiB', 'more');
      return buffer.subarray(0, length);
    } finally {
      closeSync(handle);
    }
  });
}

/** Failures of the file system are the user's to mend. */
function guarded<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScenarioErrors) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw refused(file, 'a file that can be read', code === 'ENOENT' ? 'no such file' : code);
  }
}

function refused(
  file: string,
  expected: string,
  found: string,
  { line, column }: { readonly line: number; readonly column: number } = { line: 0, column: 0 },
): ScenarioErrors {
  return new ScenarioErrors([{ file, line, column, path: '', expected, found, suggestion: undefined }]);
}

function collect<T>(read: () => T, problems: ScenarioErrors['problems'][number][]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScenarioErrors)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
