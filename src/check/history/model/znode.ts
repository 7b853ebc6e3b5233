import type { Acl, Bytes, Stat } from '../request.ts';

/** How long a znode lives. */
export type Life = 'persistent' | 'ephemeral' | 'container' | 'ttl';

/** What the verdict of a write depends on: a znode has it, and so has what a multi would make of it. */
export interface ZnodeFacts {
  readonly numChildren: number;
  /** Creates ever made below it; the next sequence number. */
  readonly cversion: number;
  readonly version: number;
  readonly aversion: number;
  readonly life: Life;
  readonly acl: Acl;
  readonly data: Bytes;
}

/** A znode of the model. Source: DataNode, StatPersisted. */
export class Znode implements ZnodeFacts {
  readonly czxid: number;
  readonly ctime: number;
  mzxid: number;
  pzxid: number;
  mtime: number;
  version = 0;
  cversion = 0;
  aversion = 0;
  data: Bytes;
  acl: Acl;
  readonly life: Life;
  /** The session of an ephemeral, else `0x0`. */
  readonly owner: string;
  readonly ttl: number;
  /** Names. */
  readonly children = new Set<string>();

  constructor(zxid: number, timeMs: number, data: Bytes, acl: Acl, life: Life, owner: string, ttl: number) {
    this.czxid = zxid;
    this.mzxid = zxid;
    this.pzxid = zxid;
    this.ctime = timeMs;
    this.mtime = timeMs;
    this.data = data;
    this.acl = acl;
    this.life = life;
    this.owner = owner;
    this.ttl = ttl;
  }

  get numChildren(): number {
    return this.children.size;
  }

  /** As clients see it. */
  stat(): Stat {
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      pzxid: this.pzxid,
      ctime: this.ctime,
      mtime: this.mtime,
      version: this.version,
      cversion: (2 * this.cversion - this.children.size) | 0,
      aversion: this.aversion,
      ephemeralOwner: this.owner,
      dataLength: this.data === null ? 0 : this.data.length,
      numChildren: this.children.size,
    };
  }
}
