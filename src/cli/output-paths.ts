import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Plan } from '../run/plan.ts';
import { UsageError } from './usage-error.ts';

/** A file, and what names it: `--trace`. */
export type NamedPath = readonly [name: string, path: string];

/**
 * Throws a UsageError where a file to write is one that is read, or where two to write are the same, by
 * whatever paths they are reached. Devices and pipes take whatever comes.
 */
export function checkOutputs(outputs: readonly NamedPath[], inputs: readonly string[]): void {
  const taken = new Map(inputs.map((path) => [identityOf(path), `${path}, which is read`]));
  taken.delete(undefined);
  for (const [name, path] of outputs) {
    const identity = identityOf(path);
    if (identity === undefined) continue;
    const other = taken.get(identity);
    if (other !== undefined) {
      throw new UsageError(`${name} ${path}: expected a file of its own, found ${other}`);
    }
    taken.set(identity, `that of ${name} ${path}`);
  }
}

/** The scenario's file, and what lies in the data directories that it names. */
export function inputsOf({ file, initial }: Plan): readonly string[] {
  const folders = [...initial.values()].flatMap(({ dataDir }) => [dataDir?.path, dataDir?.logPath]);
  const within = (folder: string): readonly string[] =>
    (attempt(() => readdirSync(folder, { recursive: true, encoding: 'utf8' })) ?? []).map((name) =>
      join(folder, name),
    );
  return [file, ...folders.flatMap((folder) => (folder === undefined ? [] : within(folder)))];
}

/** Of a file: what is the same for all its paths, links included. Undefined: no file, nor a place for one. */
function identityOf(path: string): string | undefined {
  const status = attempt(() => statSync(path, { bigint: true }));
  if (status?.isFile() === true) return `${status.dev}:${status.ino}`;
  if (status !== undefined) return undefined;
  const folder = dirname(resolve(path));
  return join(attempt(() => realpathSync(folder)) ?? folder, basename(path));
}

/** Why a path leads nowhere is told when it is opened. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
