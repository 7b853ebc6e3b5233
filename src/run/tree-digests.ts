import type { Zxid } from '../core/zxid.ts';
import type { FileName } from '../node/env.ts';
import type { ChunkRecord, TxnRecord } from '../protocols/zab/messages.ts';
import type { SnapshotDigest } from '../wire/snapshot-file.ts';
import type { TxnDigestRecord } from '../wire/txn-record.ts';
import { DEFAULT_ZNODE_OPTIONS } from '../znode/options.ts';
import type { ZnodeChunk } from '../znode/snapshot.ts';
import { ZnodeStore } from '../znode/store.ts';
import type { ZnodeTxn } from '../znode/txns.ts';
import { type StoredDisk, zxidIn } from './stored-disk.ts';

/** How ZooKeeper computes digests since 3.6. Source: DigestCalculator.DIGEST_VERSION. */
export const DIGEST_VERSION = 2;

/** A snapshot that was put into a store. */
interface Restored {
  readonly store: ZnodeStore;
  /** The last transaction of which it holds an effect. */
  readonly reaches: number;
}

/**
 * The digests that stand behind the transactions and the snapshots of a disk: those of the tree, found by
 * replaying what the disk holds. Where its oldest snapshot is fuzzy, or there is none, the first transactions
 * have none, which a server takes as well.
 */
export class TreeDigests {
  readonly #disk: StoredDisk;
  readonly #behind = new Map<Zxid, bigint>();

  constructor(disk: StoredDisk) {
    this.#disk = disk;
    const [oldest] = named(disk, 'snapshot.').filter((name) => isWhole(disk, name));
    if (oldest === undefined) return;
    const { store, reaches } = restored(disk, oldest);
    const start = zxidIn(oldest);
    for (const { position, txn } of loggedTxns(disk)) {
      if (position <= start) continue;
      store.apply(txn, position);
      const failed = (txn as ZnodeTxn).kind === 'error';
      if (position >= reaches && !failed) this.#behind.set(position, digestOf(store));
    }
  }

  /** The digest behind a transaction; a request that failed has none. */
  behind({ position }: TxnRecord): TxnDigestRecord | undefined {
    const treeDigest = this.#behind.get(position);
    return treeDigest === undefined ? undefined : { version: DIGEST_VERSION, treeDigest };
  }

  /**
   * The digest behind a whole snapshot, of the transaction from which on it is one state. Source:
   * DataTree.serializeZxidDigest.
   */
  ofSnapshot(name: FileName): SnapshotDigest | undefined {
    const { store, reaches } = restored(this.#disk, name);
    const start = zxidIn(name);
    if (reaches > start) {
      const digest = this.#behind.get(reaches as Zxid);
      return digest === undefined ? undefined : { zxid: BigInt(reaches), version: DIGEST_VERSION, digest };
    }
    let last = reaches;
    for (const { position } of loggedTxns(this.#disk)) if (position <= start) last = Math.max(last, position);
    return { zxid: BigInt(last), version: DIGEST_VERSION, digest: last === 0 ? 0n : digestOf(store) };
  }
}

function restored(disk: StoredDisk, name: FileName): Restored {
  const store = new ZnodeStore({ ...DEFAULT_ZNODE_OPTIONS, extendedTypes: true });
  store.clear();
  let reaches = 0;
  for (const record of disk.read(name)) {
    if (record.kind !== 'chunk') continue;
    const chunk = (record as ChunkRecord).chunk as ZnodeChunk;
    store.restore(chunk);
    if (chunk.kind !== 'nodes') continue;
    for (const { stat } of chunk.nodes) reaches = Math.max(reaches, stat.czxid, stat.mzxid, stat.pzxid);
  }
  return { store, reaches };
}

/** The readable transactions of the logs, in their order. */
function* loggedTxns(disk: StoredDisk): Generator<TxnRecord> {
  for (const name of named(disk, 'log.')) {
    for (const record of disk.read(name)) {
      if (record.kind !== 'txn') break;
      yield record as TxnRecord;
    }
  }
}

function named(disk: StoredDisk, prefix: string): FileName[] {
  const names = disk.files().filter((name) => name.startsWith(prefix));
  return names.sort((a, b) => zxidIn(a) - zxidIn(b));
}

function isWhole(disk: StoredDisk, name: FileName): boolean {
  return disk.read(name).at(-1)?.kind === 'seal';
}

function digestOf(store: ZnodeStore): bigint {
  return BigInt.asIntN(64, BigInt(`0x${store.treeDigest()}`));
}
