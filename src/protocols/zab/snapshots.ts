import type { Zxid } from '../../core/zxid.ts';
import type { FileName } from '../../node/env.ts';
import type { Ticket } from '../../node/ids.ts';
import type { StateMachine } from '../../node/service.ts';
import type { ChunkRecord, SealRecord } from './messages.ts';
import type { ZabEnv } from './zab-env.ts';

/**
 * A whole snapshot file. Its name tells the last transaction that it surely holds; it may hold effects of
 * later ones.
 */
export interface SnapshotFile {
  readonly name: FileName;
  readonly zxid: Zxid;
}

/**
 * Snapshot files: `snapshot.<zxid>`, pieces and then a seal; without the seal a file counts as not there. A
 * snapshot that a leader sent is first written as `install.<zxid>`, because the moment it is whole it must
 * replace the log and all other snapshots at once: this file is the mark that the replacement has begun.
 * Source: FileSnap, FileTxnSnapLog.
 */
export class Snapshots {
  readonly #env: ZabEnv;

  constructor(env: ZabEnv) {
    this.#env = env;
  }

  /** The whole snapshots, newest first. */
  whole(prefix: 'snapshot' | 'install' = 'snapshot'): readonly SnapshotFile[] {
    return this.#named(prefix)
      .filter((file) => this.#isWhole(file.name))
      .sort((a, b) => b.zxid - a.zxid);
  }

  /** Whether a whole snapshot of this name exists. */
  has(zxid: Zxid): boolean {
    return this.#isWhole(nameOf('snapshot', zxid));
  }

  /** The pieces of a whole snapshot go into a cleared state machine. */
  load(file: SnapshotFile, machine: StateMachine): void {
    for (const record of this.#env.read(file.name))
      if (record.kind === 'chunk') machine.restore(record.chunk);
  }

  /** How many bytes the file would have, near enough for snapshotSizeFactor. */
  sizeOf(file: SnapshotFile): number {
    return 600 + 100 * this.#env.read(file.name).length;
  }

  /** Begins a file, over whatever a crash left of one with its name. */
  begin(prefix: 'snapshot' | 'install', zxid: Zxid): SnapshotWriter {
    const name = nameOf(prefix, zxid);
    if (this.#env.read(name).length > 0) this.#env.truncate(name, 0);
    return new SnapshotWriter(this.#env, name, zxid);
  }

  /** Writes all of the state at once, for a caller that lets nothing happen in between. */
  write(prefix: 'snapshot' | 'install', zxid: Zxid, machine: StateMachine): Ticket {
    const writer = this.begin(prefix, zxid);
    const cursor = machine.capture();
    for (let chunk = cursor.next(); chunk !== undefined; chunk = cursor.next()) writer.add(chunk);
    return writer.seal();
  }

  /**
   * Copies a whole installed snapshot to its final name, unless a whole one of that name exists: it holds the
   * same.
   */
  copyInstalled(file: SnapshotFile): Ticket {
    if (this.has(file.zxid)) return this.#env.sync(nameOf('snapshot', file.zxid));
    const writer = this.begin('snapshot', file.zxid);
    for (const record of this.#env.read(file.name)) if (record.kind === 'chunk') writer.add(record.chunk);
    return writer.seal();
  }

  /** Removes what fits. Partial files count too. */
  remove(prefix: 'snapshot' | 'install', fits: (zxid: Zxid) => boolean): void {
    for (const file of this.#named(prefix)) if (fits(file.zxid)) this.#env.remove(file.name);
  }

  #named(prefix: 'snapshot' | 'install'): SnapshotFile[] {
    return this.#env
      .files()
      .filter((name) => name.startsWith(`${prefix}.`))
      .map((name) => ({ name, zxid: Number.parseInt(name.slice(prefix.length + 1), 16) as Zxid }));
  }

  #isWhole(name: FileName): boolean {
    const records = this.#env.read(name);
    return records.at(-1)?.kind === 'seal' && records.every((record) => record.kind !== 'damaged');
  }
}

/** A snapshot file being written. */
export class SnapshotWriter {
  readonly #env: ZabEnv;
  readonly #name: FileName;
  readonly zxid: Zxid;
  #digest = 0;

  constructor(env: ZabEnv, name: FileName, zxid: Zxid) {
    this.#env = env;
    this.#name = name;
    this.zxid = zxid;
  }

  add(chunk: ChunkRecord['chunk']): void {
    this.#digest = (this.#digest + chunk.digest) >>> 0;
    const record: ChunkRecord = { kind: 'chunk', position: this.zxid, digest: chunk.digest, chunk };
    this.#env.append(this.#name, record);
  }

  /** Ends the file; the ticket makes it durable. */
  seal(): Ticket {
    const record: SealRecord = { kind: 'seal', position: this.zxid, digest: this.#digest };
    this.#env.append(this.#name, record);
    return this.#env.sync(this.#name);
  }

  abandon(): void {
    this.#env.remove(this.#name);
  }
}

function nameOf(prefix: string, zxid: Zxid): FileName {
  return `${prefix}.${zxid.toString(16)}`;
}
