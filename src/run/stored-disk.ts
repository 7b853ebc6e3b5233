import type { Damaged, Disk, FileName } from '../node/env.ts';
import type { DiskRecord } from '../protocols/zab/messages.ts';

/** What can be read of a server's disk. */
export type StoredDisk = Pick<Disk<DiskRecord>, 'files' | 'read'>;

/** What a disk holds, file by file. */
export type DiskFiles = ReadonlyMap<FileName, readonly (DiskRecord | Damaged)[]>;

/** Files as a disk that can be read. */
export function storedDisk(files: DiskFiles): StoredDisk {
  return { files: () => [...files.keys()], read: (name) => files.get(name) ?? [] };
}

/** The number in the name of a log or a snapshot. */
export function zxidIn(name: FileName): number {
  return Number.parseInt(name.slice(name.indexOf('.') + 1), 16);
}
