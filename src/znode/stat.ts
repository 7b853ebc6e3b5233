import { ZERO_ZXID, type Zxid } from '../core/zxid.ts';
import { NO_SESSION, type SessionId } from '../node/ids.ts';

/** The counters that a node keeps. Times are the leader's wall clock, ms. Source: StatPersisted. */
export interface StoredStat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly pzxid: Zxid;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  /** How many creates there ever were below the node: the next sequence number. */
  readonly cversion: number;
  readonly aversion: number;
  /** A session, or the mark of a container or of a time to live; `NO_SESSION` for none. */
  readonly owner: SessionId;
}

/** What a client sees of a node. Source: Stat. */
export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  /** Creates and deletes below the node. */
  readonly cversion: number;
  readonly aversion: number;
  /** The session that owns the node; `NO_SESSION` for containers and nodes with a time to live as well. */
  readonly ephemeralOwner: SessionId;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: Zxid;
}

/** A version that means any. */
export const ANY_VERSION = -1;

/** The bytes of a stored stat in the digest. */
export const STORED_STAT_BYTES = 60;

/** The largest 32-bit version. */
export const MAX_VERSION = 2147483647;

/** The stat of a node that always existed. */
export const INITIAL_STAT: StoredStat = Object.freeze(newStat(ZERO_ZXID, 0, NO_SESSION));

/** The stat of a node just created. Source: DataTree.createStat. */
export function newStat(zxid: Zxid, timeMs: number, owner: SessionId): StoredStat {
  return {
    czxid: zxid,
    mzxid: zxid,
    pzxid: zxid,
    ctimeMs: timeMs,
    mtimeMs: timeMs,
    version: 0,
    cversion: 0,
    aversion: 0,
    owner,
  };
}

/** The version after `version`: 32 bits that wrap, and −1 is left out, for it means any. */
export function nextVersion(version: number): number {
  const next = (version + 1) | 0;
  return next === ANY_VERSION ? 0 : next;
}

/** Whether an expected version allows the change of a node at `version`. */
export function versionMatches(expected: number, version: number): boolean {
  return expected === ANY_VERSION || expected === version;
}

/** What clients see as cversion: each create and each delete counts one. */
export function visibleCversion(creates: number, numChildren: number): number {
  return (2 * creates - numChildren) | 0;
}

/**
 * Writes the 60 bytes that the digest of a node covers, all numbers big-endian. Source: DigestCalculator.
 */
export function writeStat(stat: StoredStat, out: DataView): void {
  writeLong(out, 0, stat.czxid);
  writeLong(out, 8, stat.mzxid);
  writeLong(out, 16, stat.pzxid);
  writeLong(out, 24, stat.ctimeMs);
  writeLong(out, 32, stat.mtimeMs);
  out.setInt32(40, stat.version);
  out.setInt32(44, stat.cversion);
  out.setInt32(48, stat.aversion);
  const owned = stat.owner !== NO_SESSION;
  out.setUint32(52, owned ? Number.parseInt(stat.owner.slice(0, 8), 16) : 0);
  out.setUint32(56, owned ? Number.parseInt(stat.owner.slice(8), 16) : 0);
}

function writeLong(out: DataView, at: number, value: number): void {
  out.setInt32(at, Math.floor(value / 4294967296));
  out.setUint32(at + 4, value >>> 0);
}
