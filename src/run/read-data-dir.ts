import type { NodeId } from '../node/ids.ts';
import { WireError } from '../wire/wire-error.ts';
import type { DataDirectory } from './data-directory.ts';
import { decodeDisk } from './decode-disk.ts';
import type { Draft, ScenarioFiles } from './draft.ts';
import type { RealDisk } from './plan.ts';
import type { Path } from './yaml-source.ts';

/** Where a server's real files are, by the words of the scenario. */
export interface NamedDirectory {
  readonly dataDir: string;
  readonly dataLogDir: string | undefined;
}

/**
 * Opens and reads a real server's data directory, with paths from where the scenario lies. What is wrong with
 * it is noted, unless it is damage: with that the server has to start.
 *
 * @param path where the scenario names it
 */
export function readDataDir(
  id: NodeId,
  { dataDir, dataLogDir }: NamedDirectory,
  path: Path,
  draft: Draft,
): RealDisk | undefined {
  const { files } = draft.options;
  if (files === undefined) {
    draft.refuse(path, 'no path in a scenario that is not a file');
    return undefined;
  }
  const absolute = files.locate(dataDir);
  const logPath = dataLogDir === undefined ? undefined : files.locate(dataLogDir);
  const directory = files.dataDirectory(absolute, logPath);
  if (directory === undefined) {
    const expected = 'a data directory, with log.*, snapshot.* or epoch files in it or in its version-2';
    draft.refuse(path, logPath === undefined ? expected : `${expected}, and a directory with its logs`);
    return undefined;
  }
  if (directory.myid !== undefined && directory.myid !== String(id)) {
    draft.refuse(path, `the data directory of server ${id} (its myid says ${directory.myid.slice(0, 20)})`);
    return undefined;
  }
  return readDirectory(directory, absolute, logPath, path, draft);
}

function readDirectory(
  directory: DataDirectory,
  absolute: string,
  logPath: string | undefined,
  path: Path,
  draft: Draft,
): RealDisk | undefined {
  try {
    return { path: absolute, logPath, files: decodeDisk(directory) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    draft.refuse(path, `files with numbers that a simulated server can hold (${error.message})`);
    return undefined;
  }
}

/**
 * The data directory of each server in a folder: `server3`, as `run --write-data` names it, or `3`. A server
 * without one begins with nothing.
 */
export function dataDirsIn(
  folder: string,
  servers: readonly NodeId[],
  files: ScenarioFiles,
): ReadonlyMap<NodeId, string> {
  const found = new Map<NodeId, string>();
  const base = folder.replace(/[/\\]+$/, '');
  for (const id of servers) {
    const names = [`${base}/server${id}`, `${base}/${id}`];
    const name = names.find((path) => files.dataDirectory(files.locate(path), undefined) !== undefined);
    if (name !== undefined) found.set(id, name);
  }
  return found;
}
