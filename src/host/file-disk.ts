import {
  closeSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeFile,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { byUnits } from '../core/order.ts';
import type { FileFormat } from '../node/disk-format.ts';
import type { Damaged, Disk, FileName, Stored } from '../node/env.ts';
import type { NodeEvent } from '../node/events.ts';
import type { Ticket } from '../node/ids.ts';

/** One file, and what of it is in memory. */
interface KeptFile<R> {
  readonly name: FileName;
  /** Where it lies: what an operator compressed has an ending more. */
  path: string;
  /** What it holds, while this process writes to it. */
  records: (R | Damaged)[] | undefined;
  /** What was read of it, until the memory is needed. */
  seen: WeakRef<readonly (R | Damaged)[]> | undefined;
  /** Of a file that grows: where each record ends. */
  ends: number[] | undefined;
  handle: number | undefined;
  /** How many syncs of a file that grows are under way. */
  syncing: number;
  /** Of a file that is written as a whole: how it is to be written with the next sync. */
  due: 'replace' | 'write' | undefined;
  /** Why what was done to it did not reach it. */
  failure: 'io' | 'full' | undefined;
}

/** What a disk is made from. */
export interface FileDiskSetup<R extends Stored> {
  /** Where a file of this name lies, in a folder that is there. */
  folderOf(name: FileName): string;
  readonly format: FileFormat<R>;
  /** The files that are there, by their names without what a compression adds, and where they lie. */
  readonly found: ReadonlyMap<FileName, string>;
  /** A file's content, decompressed, in pieces. */
  open(path: string): Iterable<Uint8Array>;
  hand(event: NodeEvent<never>): void;
}

/**
 * A node's files as ZooKeeper has them: logs grow, snapshots are written as a whole, epochs replace each
 * other atomically. Source: FileTxnLog, FileSnap, AtomicFileWritingIdiom.
 */
export class FileDisk<R extends Stored> implements Disk<R> {
  readonly #setup: FileDiskSetup<R>;
  readonly #files = new Map<FileName, KeptFile<R>>();
  #tickets = 0;

  constructor(setup: FileDiskSetup<R>) {
    this.#setup = setup;
    for (const [name, path] of setup.found) this.#files.set(name, newFile(name, path));
  }

  files(): readonly FileName[] {
    return [...this.#files.keys()].sort(byUnits);
  }

  read(name: FileName): readonly (R | Damaged)[] {
    const file = this.#files.get(name);
    return file === undefined ? [] : this.#recordsOf(file);
  }

  append(name: FileName, record: R): void {
    const file = this.#files.get(name) ?? this.#create(name);
    const records = this.#toWrite(file);
    records.push(record);
    if (!this.#setup.format.grows(name)) {
      file.due = 'write';
      return;
    }
    this.#attempt(file, () => {
      const bytes = this.#setup.format.record(record);
      const at = file.ends?.at(-1) ?? this.#setup.format.head.length;
      file.ends?.push(at + bytes.length);
      writeAll(this.#handleOf(file), bytes, at);
    });
  }

  remove(name: FileName): void {
    const file = this.#files.get(name);
    if (file === undefined) return;
    this.#close(file);
    this.#files.delete(name);
    rmSync(file.path, { force: true });
  }

  truncate(name: FileName, keep: number): void {
    const file = this.#files.get(name);
    if (file === undefined) return;
    const records = this.#toWrite(file);
    records.length = Math.min(keep, records.length);
    if (!this.#setup.format.grows(name)) {
      file.due = 'write';
      return;
    }
    file.failure = undefined;
    const ends = file.ends ?? [];
    ends.length = Math.min(keep, ends.length);
    const end = ends.at(-1) ?? this.#setup.format.head.length;
    this.#attempt(file, () => ftruncateSync(this.#handleOf(file), end));
  }

  replace(name: FileName, record: R): void {
    const file = this.#files.get(name) ?? this.#create(name);
    file.records = [record];
    file.due = 'replace';
  }

  sync(name: FileName): Ticket {
    this.#tickets++;
    const ticket = this.#tickets as Ticket;
    const file = this.#files.get(name);
    if (file === undefined) this.#end(ticket, undefined);
    else if (this.#setup.format.grows(name)) this.#syncLog(file, ticket);
    else if (file.due === 'replace') this.#syncReplaced(file, ticket);
    else if (file.due === 'write') this.#syncWhole(file, ticket);
    else this.#end(ticket, undefined);
    return ticket;
  }

  /** Lets go of all files. What was not synced stays to the operating system. */
  stop(): void {
    for (const file of this.#files.values()) this.#close(file);
  }

  #syncLog(file: KeptFile<R>, ticket: Ticket): void {
    const { failure } = file;
    if (failure !== undefined || file.handle === undefined) {
      this.#end(ticket, failure);
      return;
    }
    file.syncing++;
    fsync(file.handle, (error) => {
      file.syncing--;
      if (file.records === undefined && file.syncing === 0) this.#close(file);
      this.#ended(ticket, error);
    });
  }

  /** The old content or the new, whatever happens meanwhile. Source: AtomicFileOutputStream. */
  #syncReplaced(file: KeptFile<R>, ticket: Ticket): void {
    const bytes = this.#setup.format.write(file.name, file.records ?? []);
    file.due = undefined;
    this.#attempt(file, () => {
      const temporary = `${file.path}.tmp`;
      writeFileSync(temporary, bytes, { flush: true });
      renameSync(temporary, file.path);
      this.#syncFolderOf(file);
    });
    this.#end(ticket, file.failure);
    if (file.failure !== undefined) file.due = 'replace';
    file.failure = undefined;
  }

  /**
   * Written aside, so that a file that is removed or begun anew meanwhile does not come back, and never
   * stands there in part. Source: SnapStream.getOutputStream, with its AtomicFileOutputStream.
   */
  #syncWhole(file: KeptFile<R>, ticket: Ticket): void {
    const bytes = this.#setup.format.write(file.name, file.records ?? []);
    const aside = join(this.#setup.folderOf(file.name), `tmp.${ticket}.${file.name}`);
    file.due = undefined;
    writeFile(aside, bytes, { flush: true }, (error) => {
      if (error !== null || this.#files.get(file.name) !== file || file.due !== undefined) {
        rmSync(aside, { force: true });
        if (error !== null) file.due = 'write';
        this.#ended(ticket, error);
        return;
      }
      this.#attempt(file, () => {
        renameSync(aside, file.path);
        this.#syncFolderOf(file);
      });
      this.#release(file);
      this.#end(ticket, file.failure);
    });
  }

  #ended(ticket: Ticket, error: NodeJS.ErrnoException | null): void {
    if (error === null) this.#setup.hand({ kind: 'synced', ticket });
    else this.#setup.hand({ kind: 'failed', ticket, error: problemOf(error) });
  }

  /** Tells the node later: no call re-enters it. */
  #end(ticket: Ticket, failure: 'io' | 'full' | undefined): void {
    setImmediate(() => {
      if (failure === undefined) this.#setup.hand({ kind: 'synced', ticket });
      else this.#setup.hand({ kind: 'failed', ticket, error: failure });
    });
  }

  #create(name: FileName): KeptFile<R> {
    const file = newFile<R>(name, join(this.#setup.folderOf(name), name));
    file.records = [];
    this.#files.set(name, file);
    if (!this.#setup.format.grows(name)) return file;
    for (const older of this.#files.values()) if (older !== file) this.#releaseLog(older);
    file.ends = [];
    this.#attempt(file, () => {
      file.handle = openSync(file.path, 'w+');
      writeAll(file.handle, this.#setup.format.head, 0);
      this.#syncFolderOf(file);
    });
    return file;
  }

  #recordsOf(file: KeptFile<R>): readonly (R | Damaged)[] {
    const known = file.records ?? file.seen?.deref();
    if (known !== undefined) return known;
    const records = this.#setup.format.read(file.name, this.#setup.open(file.path));
    file.seen = new WeakRef(records);
    return records;
  }

  /** What it holds, to be changed. */
  #toWrite(file: KeptFile<R>): (R | Damaged)[] {
    if (file.records === undefined) {
      file.records = [...this.#recordsOf(file)];
      if (this.#setup.format.grows(file.name)) {
        file.ends = this.#setup.format.ends(this.#setup.open(file.path));
      }
    }
    return file.records;
  }

  #handleOf(file: KeptFile<R>): number {
    file.handle ??= openSync(file.path, 'r+');
    return file.handle;
  }

  /** Another log goes on from here: what this one holds is read again if it is needed. */
  #releaseLog(file: KeptFile<R>): void {
    if (file.failure !== undefined || !this.#setup.format.grows(file.name)) return;
    this.#release(file);
    if (file.syncing === 0) this.#close(file);
  }

  #release(file: KeptFile<R>): void {
    if (file.records !== undefined) file.seen = new WeakRef(file.records);
    file.records = undefined;
    file.ends = undefined;
  }

  #close(file: KeptFile<R>): void {
    if (file.handle !== undefined) closeSync(file.handle);
    file.handle = undefined;
  }

  #syncFolderOf({ name }: KeptFile<R>): void {
    const handle = openSync(this.#setup.folderOf(name), 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /** Does something to a file; what goes wrong comes up with the next sync, as the contract has it. */
  #attempt(file: KeptFile<R>, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      file.failure = problemOf(error as NodeJS.ErrnoException);
    }
  }
}

function newFile<R>(name: FileName, path: string): KeptFile<R> {
  return {
    name,
    path,
    records: undefined,
    seen: undefined,
    ends: undefined,
    handle: undefined,
    syncing: 0,
    due: undefined,
    failure: undefined,
  };
}

function problemOf({ code }: NodeJS.ErrnoException): 'io' | 'full' {
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'io';
}

function writeAll(handle: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(handle, bytes, done, bytes.length - done, at + done);
  }
}
