import type { Zxid } from '../../core/zxid.ts';
import { configTxn } from '../../node/content.ts';
import type { FileName } from '../../node/env.ts';
import type { Ticket } from '../../node/ids.ts';
import type { Chunk, StateMachine } from '../../node/service.ts';
import type { ChunkRecord, DiskRecord, Membership, MembersRecord, RaftEnv, SealRecord } from './messages.ts';

/** A whole snapshot file: the state after all entries up to `zxid`, and after no other. */
export interface SnapshotFile {
  readonly name: FileName;
  readonly zxid: Zxid;
}

/** Snapshot files, `snapshot.<position of the last entry included>`: pieces, then a seal (§7). */
export class Snapshots {
  readonly #env: RaftEnv;

  constructor(env: RaftEnv) {
    this.#env = env;
  }

  /** The whole ones, newest first. */
  whole(): readonly SnapshotFile[] {
    return this.#all()
      .filter((file) => this.#isWhole(file.name))
      .sort((a, b) => b.zxid - a.zxid);
  }

  /** The pieces of a whole one. */
  chunks(file: SnapshotFile): readonly Chunk[] {
    const chunks: Chunk[] = [];
    for (const record of this.#env.read(file.name)) if (record.kind === 'chunk') chunks.push(record.chunk);
    return chunks;
  }

  /** The configuration at the end of one; undefined: what the servers were given. */
  members(file: SnapshotFile): Membership | undefined {
    const found = this.#env.read(file.name).find((record) => record.kind === 'members');
    if (found === undefined) return undefined;
    const { position: zxid, voters, observers } = found as MembersRecord;
    return { zxid, voters, observers };
  }

  /**
   * Writes the state at once: nothing is applied in between. The ticket makes it durable.
   *
   * @param members the configuration at its end; undefined: what the servers were given
   */
  write(zxid: Zxid, machine: StateMachine, members: Membership | undefined): Ticket {
    const name = nameOf(zxid);
    if (this.#env.read(name).length > 0) this.#env.truncate(name, 0);
    for (const record of snapshotRecords(zxid, machine, members)) this.#env.append(name, record);
    return this.#env.sync(name);
  }

  /** Makes durable what an earlier process may have left unsynced. */
  sync(file: SnapshotFile): Ticket {
    return this.#env.sync(file.name);
  }

  /** Keeps the newest `count`, and none that is not whole. */
  purge(count: number): void {
    const kept = new Set(
      this.whole()
        .slice(0, count)
        .map((file) => file.name),
    );
    for (const file of this.#all()) if (!kept.has(file.name)) this.#env.remove(file.name);
  }

  #all(): SnapshotFile[] {
    return this.#env
      .files()
      .filter((name) => name.startsWith('snapshot.'))
      .map((name) => ({ name, zxid: Number.parseInt(name.slice(9), 16) as Zxid }));
  }

  #isWhole(name: FileName): boolean {
    const records = this.#env.read(name);
    return records.at(-1)?.kind === 'seal' && records.every((record) => record.kind !== 'damaged');
  }
}

/** The records of a snapshot of the machine's state. */
export function snapshotRecords(
  zxid: Zxid,
  machine: StateMachine,
  members?: Membership | undefined,
): DiskRecord[] {
  const records: DiskRecord[] = [];
  if (members !== undefined) {
    const { zxid: position, voters, observers } = members;
    const { digest } = configTxn(voters, observers);
    records.push({ kind: 'members', position, digest, voters, observers });
  }
  const cursor = machine.capture();
  let digest = 0;
  for (let chunk = cursor.next(); chunk !== undefined; chunk = cursor.next()) {
    digest = (digest + chunk.digest) >>> 0;
    const record: ChunkRecord = { kind: 'chunk', position: zxid, digest: chunk.digest, chunk };
    records.push(record);
  }
  const seal: SealRecord = { kind: 'seal', position: zxid, digest };
  records.push(seal);
  return records;
}

function nameOf(zxid: Zxid): FileName {
  return `snapshot.${zxid.toString(16)}`;
}
