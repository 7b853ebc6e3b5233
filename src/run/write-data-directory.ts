import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeId } from '../node/ids.ts';
import type { EncodedFile } from './encode-disk.ts';

/**
 * Writes a server's data directory: `myid`, and its files in `version-2`. Files that are there already are
 * written over. What a log is ahead of its records takes no room where the file system knows holes.
 */
export function writeDataDirectory(path: string, id: NodeId, files: Iterable<EncodedFile>): void {
  const folder = join(path, 'version-2');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(path, 'myid'), `${id}\n`);
  for (const file of files) writeDataFile(join(folder, file.name), file);
}

function writeDataFile(path: string, { pieces, size }: EncodedFile): void {
  const handle = openSync(path, 'w');
  try {
    for (const piece of pieces) writeSync(handle, piece);
    ftruncateSync(handle, size);
  } finally {
    closeSync(handle);
  }
}
