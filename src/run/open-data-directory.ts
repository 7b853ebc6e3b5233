import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { uncompress } from 'snappyjs';
import { byUnits } from '../core/order.ts';
import { WireError } from '../wire/wire-error.ts';
import { type DataDirectory, dataFile } from './data-directory.ts';
import { unframeSnappy } from './snappy-frames.ts';

/** How much is read at once. */
const PIECE_BYTES = 262144;

/** The longest snapshot that is decompressed: unlike one that is not compressed it has to fit in memory. */
const MAX_DECOMPRESSED = 1 << 30;

/**
 * Opens a server's data directory: `dataDir` itself, or the `version-2` in it. The logs may lie in another.
 *
 * @returns undefined when the path is no directory, or holds none of ZooKeeper's files
 */
export function openDataDirectory(path: string, logPath?: string): DataDirectory | undefined {
  const folder = versionFolder(path);
  const logFolder = logPath === undefined ? undefined : versionFolder(logPath);
  if (folder === undefined || (logPath !== undefined && logFolder === undefined)) return undefined;
  const places = new Map<string, string>();
  for (const place of [logFolder, folder]) {
    for (const name of place === undefined ? [] : filesIn(place)) places.set(name, join(place ?? '', name));
  }
  const names = [...places.keys()].filter(isOurs).sort(byUnits);
  if (names.length === 0 && folder === path) return undefined;
  const placeOf = (name: string): string => places.get(name) ?? join(folder, name);
  return {
    path,
    myid: readMyid(basename(folder) === 'version-2' ? join(folder, '..') : folder),
    names,
    sizeOf: (name) => statSync(placeOf(name)).size,
    open: (name) => openDataFile(placeOf(name)),
  };
}

/** A file's bytes, decompressed, in pieces. Throws a `WireError` for a compressed file that is damaged. */
export function* openDataFile(path: string): Generator<Uint8Array> {
  const compressed = dataFile(basename(path))?.compressed;
  if (compressed === undefined) yield* piecesOf(path);
  else if (compressed === 'gz') yield gunzipped(readFileSync(path));
  else yield* unframeSnappy(readFileSync(path), (block) => uncompress(block, MAX_DECOMPRESSED));
}

function* piecesOf(path: string): Generator<Uint8Array> {
  const handle = openSync(path, 'r');
  try {
    for (;;) {
      const piece = new Uint8Array(PIECE_BYTES);
      const count = readSync(handle, piece, 0, PIECE_BYTES, null);
      if (count === 0) return;
      yield count === PIECE_BYTES ? piece : piece.subarray(0, count);
    }
  } finally {
    closeSync(handle);
  }
}

function gunzipped(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_DECOMPRESSED });
  } catch (error) {
    throw new WireError('unknown', 0, `it cannot be decompressed: ${(error as Error).message}`);
  }
}

function versionFolder(path: string): string | undefined {
  const inner = join(path, 'version-2');
  if (isDirectory(inner)) return inner;
  return isDirectory(path) ? path : undefined;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

function isOurs(name: string): boolean {
  return dataFile(name) !== undefined || /^(acceptedEpoch|currentEpoch)(\.tmp)?$/.test(name);
}

function readMyid(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'myid'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
