import { crc32 } from '../core/crc32.ts';
import { chain32, mix32 } from '../core/digest.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import type { Data } from './requests.ts';
import { STORED_STAT_BYTES, type Stat, type StoredStat, visibleCversion, writeStat } from './stat.ts';

const statBytes = new Uint8Array(STORED_STAT_BYTES);
const statView = new DataView(statBytes.buffer);

/** A node of the tree. Only the tree changes it. */
export class TreeNode {
  readonly path: string;
  data: Data;
  /** The place of its access list in the tree's table. */
  aclId: number;
  stat: StoredStat;
  /** The names of its children. */
  readonly children = new Set<string>();
  /** What it adds to the digest of the tree: a CRC-32, or 0 for what the digest leaves out. */
  hash = 0;
  /** What its access list adds to the digest of all lists; 0 for the open one, and where `hash` is 0. */
  aclMark = 0;
  #pathCrc = 0;
  #dataCrc = 0;

  constructor(path: string, data: Data, aclId: number, stat: StoredStat) {
    this.path = path;
    this.data = data;
    this.aclId = aclId;
    this.stat = stat;
    // The root counts under the empty path. Below /zookeeper each server has things of its own.
    this.#pathCrc = path.startsWith('/zookeeper/') ? -1 : crc32(encodeUtf8(path === '/' ? '' : path));
    this.dataChanged();
  }

  /** It has a list with this digest now. */
  aclChanged(digest: number): void {
    this.aclMark = digest === 0 || this.#pathCrc < 0 ? 0 : mix32(chain32(this.#pathCrc, digest));
  }

  /** Recomputes what depends on the data. */
  dataChanged(): void {
    if (this.#pathCrc < 0) return;
    this.#dataCrc = this.data === null ? this.#pathCrc : crc32(this.data, this.#pathCrc);
    this.statChanged();
  }

  /** Recomputes what depends on the stat. Source: DigestCalculator. */
  statChanged(): void {
    if (this.#pathCrc < 0) return;
    writeStat(this.stat, statView);
    this.hash = crc32(statBytes, this.#dataCrc);
  }
}

/** What a client sees of a node. `owned` tells whether its owner is a session. */
export function visibleStat(node: TreeNode, owned: boolean, nobody: string): Stat {
  const { stat, children, data } = node;
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    ctimeMs: stat.ctimeMs,
    mtimeMs: stat.mtimeMs,
    version: stat.version,
    cversion: visibleCversion(stat.cversion, children.size),
    aversion: stat.aversion,
    ephemeralOwner: owned ? stat.owner : nobody,
    dataLength: data === null ? 0 : data.length,
    numChildren: children.size,
    pzxid: stat.pzxid,
  };
}
