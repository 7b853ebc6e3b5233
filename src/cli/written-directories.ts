import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ascending } from '../core/order.ts';
import type { NodeId } from '../node/ids.ts';
import type { Plan } from '../run/plan.ts';
import type { RunningWorld } from '../run/running-world.ts';
import { keepsTree } from '../run/tree-service.ts';
import { writeDataDirectory } from '../run/write-data-directory.ts';
import { makeFolder } from './make-folder.ts';
import { UsageError } from './usage-error.ts';

/**
 * Where the servers' files go after a run: a folder with `server1`, `server2`, …, each a dataDir of
 * ZooKeeper's. What could not be written then is refused before the run, as a `UsageError`.
 */
export class WrittenDirectories {
  readonly #folder: string;
  readonly #servers: readonly NodeId[];

  constructor(folder: string, plan: Plan) {
    if (!keepsTree(plan)) {
      throw new UsageError(`${plan.file}: its servers keep a counter, for which ZooKeeper has no files`);
    }
    this.#folder = folder;
    this.#servers = [...plan.ensemble.voters, ...plan.ensemble.observers].sort(ascending);
    for (const id of this.#servers) {
      const path = this.#pathOf(id);
      if (existsSync(path)) throw new UsageError(`${path} is there already, and is not written over`);
    }
    this.#guarded(() => makeFolder(folder));
  }

  /** Writes what the disks of this world hold. Throws a UsageError where that cannot be done. */
  write(world: RunningWorld): void {
    for (const id of this.#servers) {
      const files = world.files(id);
      if (files !== undefined) this.#guarded(() => writeDataDirectory(this.#pathOf(id), id, files));
    }
  }

  /** Failures of the file system are the user's to mend. */
  #guarded(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { syscall, message } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new UsageError(`--write-data ${this.#folder}: ${message}`);
    }
  }

  #pathOf(id: NodeId): string {
    return join(this.#folder, `server${id}`);
  }
}
