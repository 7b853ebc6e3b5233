import { Adler32 } from './adler32.ts';
import { ByteSource } from './byte-source.ts';
import { JuteReader, JuteWriter, MAX_BUFFER } from './jute.ts';
import {
  type AclTableEntry,
  aclTableEntry,
  END_OF_NODES,
  type NodeEntry,
  nodeEntry,
  type SessionEntry,
  sessionEntry,
} from './snapshot-body.ts';
import { WireError } from './wire-error.ts';

/** "ZKSN", the first four bytes of every snapshot. */
export const SNAPSHOT_MAGIC = 0x5a4b534e;

/** The one byte of the path that ends the nodes, and that stands behind every seal. */
const SLASH = 0x2f;

const SEAL_BYTES = 13;

/** What a snapshot says of itself. */
export interface SnapshotHeader {
  readonly version: number;
  readonly dbid: bigint;
}

/** The digest of the tree at a zxid, from where on the snapshot is no longer fuzzy. Source: ZxidDigest. */
export interface SnapshotDigest {
  readonly zxid: bigint;
  readonly version: number;
  /** 64 bits with sign; before version 2 a text in hexadecimal. */
  readonly digest: bigint | string | null;
}

/** What stands behind the nodes, each part under a seal of its own. */
export interface SnapshotTrailer {
  /** Since 3.6, unless digests are switched off. */
  readonly digest: SnapshotDigest | undefined;
  /** Since 3.9. */
  readonly lastProcessedZxid: bigint | undefined;
  /** Bytes behind all of it, which nobody reads. */
  readonly unread: number;
}

/**
 * A snapshot being read: header, sessions, access lists, nodes, trailer, each once and in this order. Every
 * read throws a `WireError` for what a server would not load. Source: FileSnap.deserialize, DataTree.
 */
export class SnapshotReader {
  readonly #source: ByteSource;
  readonly #sum = new Adler32();
  readonly #limit: number;
  /** Whether the path behind the last seal is `/`. */
  #closed = false;

  /**
   * @param pieces the file, not compressed, in pieces of any size, which the reader may keep
   * @param limit the longest string or buffer that is read
   */
  constructor(pieces: Iterable<Uint8Array>, limit: number = MAX_BUFFER) {
    this.#source = new ByteSource(pieces);
    this.#source.checksumInto(this.#sum);
    this.#limit = limit;
  }

  /** How many bytes were read. */
  get offset(): number {
    return this.#source.offset;
  }

  header(): SnapshotHeader {
    this.#need(16, 'the file header');
    const magic = this.#source.int();
    if (magic !== SNAPSHOT_MAGIC) {
      const found = (magic >>> 0).toString(16).padStart(8, '0');
      throw new WireError('unknown', 0, `the file begins with 0x${found}, not with ZKSN`);
    }
    return { version: this.#source.int(), dbid: this.#source.long() };
  }

  *sessions(): Generator<SessionEntry> {
    const count = this.#count('sessions');
    for (let i = 0; i < count; i++) {
      this.#need(sessionEntry.least, 'a session');
      yield sessionEntry.read(this.#record(sessionEntry.least));
    }
  }

  *acls(): Generator<AclTableEntry> {
    const count = this.#count('access lists');
    for (let i = 0; i < count; i++) {
      yield aclTableEntry.read(this.#record(this.#aclLength()));
    }
  }

  *nodes(): Generator<NodeEntry> {
    for (;;) {
      const length = this.#nodeLength();
      if (length === 0) return;
      yield nodeEntry.read(this.#record(length));
    }
  }

  trailer(): SnapshotTrailer {
    this.#seal('of the nodes');
    let digest: SnapshotDigest | undefined;
    let lastProcessedZxid: bigint | undefined;
    // The parts have no marks: a last zxid without a digest before it is told by the length of what is left.
    const source = this.#source;
    if (source.has(8 + SEAL_BYTES + 1)) {
      this.#need(12, 'the digest');
      const zxid = source.long();
      const version = source.int();
      digest = { zxid, version, digest: version < 2 ? this.#text('the digest') : this.#long('the digest') };
      this.#seal('of the digest');
    }
    if (source.has(8)) {
      lastProcessedZxid = source.long();
      this.#seal('of the last zxid');
    }
    const { offset } = source;
    const unread = source.skipRest().length;
    // A file that does not end with the path behind a seal is passed over (SnapStream.isValidSnapshot).
    if (unread === 0 && !this.#closed) {
      throw new WireError('unknown', offset, 'the last seal is not closed');
    }
    return { digest, lastProcessedZxid, unread };
  }

  #long(what: string): bigint {
    this.#need(8, what);
    return this.#source.long();
  }

  #text(what: string): string | null {
    const length = Math.max(0, this.#lengthAt(0, what));
    this.#need(4 + length, what);
    return this.#record(4 + length).ustring();
  }

  #seal(what: string): void {
    const { offset } = this.#source;
    const computed = this.#sum.value;
    this.#need(SEAL_BYTES, `the seal ${what}`);
    const stored = this.#source.long();
    if (stored !== BigInt(computed)) {
      const [has, wants] = [computed, BigInt.asUintN(64, stored)].map((sum) => `0x${sum.toString(16)}`);
      throw new WireError('checksum', offset, `the seal ${what} says ${wants}, the bytes have ${has}`);
    }
    this.#closed = this.#source.peekInt(0) === 1 && this.#source.peekByte(4) === SLASH;
    this.#source.bytes(SEAL_BYTES - 8);
  }

  #count(what: string): number {
    const { offset } = this.#source;
    this.#need(4, `the number of ${what}`);
    const count = this.#source.int();
    // Java's loops run no times for a negative number.
    if (count < -1) throw new WireError('length', offset, `a table of ${count} ${what}`);
    return count;
  }

  #record(length: number): JuteReader {
    return new JuteReader(this.#source.bytes(length), this.#limit);
  }

  /** How long the next access list is, its number included. */
  #aclLength(): number {
    this.#need(12, 'an access list');
    const { offset } = this.#source;
    const count = this.#source.peekInt(8);
    let length = 12;
    for (let i = 0; i < count; i++) {
      const scheme = Math.max(0, this.#lengthAt(length + 4, 'a scheme'));
      const id = Math.max(0, this.#lengthAt(length + 8 + scheme, 'an id'));
      length += 12 + scheme + id;
      if (length > this.#limit) throw new WireError('length', offset, `an access list of ${count} entries`);
    }
    this.#need(length, 'an access list');
    return length;
  }

  /** How long the next node is; 0 where the mark follows that ends them, which is then read. */
  #nodeLength(): number {
    const path = Math.max(0, this.#lengthAt(0, 'a path'));
    if (path === 1) {
      this.#need(5, 'a path');
      if (this.#source.peekByte(4) === SLASH) {
        this.#source.bytes(5);
        return 0;
      }
    }
    const data = Math.max(0, this.#lengthAt(4 + path, 'the data of a node'));
    const length = nodeEntry.least + path + data;
    this.#need(length, 'a node');
    return length;
  }

  #lengthAt(ahead: number, what: string): number {
    this.#need(ahead + 4, what);
    const length = this.#source.peekInt(ahead);
    if (length >= -1 && length <= this.#limit) return length;
    const at = this.#source.offset + ahead;
    throw new WireError('length', at, `${what} of ${length} bytes, ${this.#limit} are allowed`);
  }

  #need(length: number, what: string): void {
    if (this.#source.has(length)) return;
    throw new WireError('truncated', this.#source.offset, `the file ends in the middle of ${what}`);
  }
}

/** All that a snapshot holds, in the order in which it is written. */
export interface SnapshotContent {
  readonly header: SnapshotHeader;
  readonly sessions: readonly SessionEntry[];
  readonly acls: readonly AclTableEntry[];
  /** Parents before their children. */
  readonly nodes: Iterable<NodeEntry>;
  readonly digest: SnapshotDigest | undefined;
  readonly lastProcessedZxid: bigint | undefined;
}

/** The header of every snapshot that ZooKeeper writes. */
export const SNAPSHOT_HEADER: SnapshotHeader = Object.freeze({ version: 2, dbid: -1n });

/** How much is gathered before a piece is handed on. */
const PIECE_BYTES = 65536;

/** The bytes of a snapshot, in pieces. Source: FileSnap.serialize. */
export function* encodeSnapshot(content: SnapshotContent): Generator<Uint8Array> {
  const sum = new Adler32();
  const to = new JuteWriter(PIECE_BYTES);
  const piece = (): Uint8Array => {
    const bytes = to.take();
    to.clear();
    sum.update(bytes);
    return bytes;
  };
  to.int(SNAPSHOT_MAGIC);
  to.int(content.header.version);
  to.long(content.header.dbid);
  to.int(content.sessions.length);
  for (const session of content.sessions) sessionEntry.write(to, session);
  to.int(content.acls.length);
  for (const entry of content.acls) aclTableEntry.write(to, entry);
  for (const node of content.nodes) {
    nodeEntry.write(to, node);
    if (to.length >= PIECE_BYTES) yield piece();
  }
  to.ustring(END_OF_NODES);
  yield piece();
  yield* seal(to, sum, piece);
  const { digest, lastProcessedZxid } = content;
  if (digest !== undefined) {
    writeDigest(to, digest);
    yield piece();
    yield* seal(to, sum, piece);
  }
  if (lastProcessedZxid !== undefined) {
    to.long(lastProcessedZxid);
    yield piece();
    yield* seal(to, sum, piece);
  }
}

function* seal(to: JuteWriter, sum: Adler32, piece: () => Uint8Array): Generator<Uint8Array> {
  to.long(BigInt(sum.value));
  to.ustring(END_OF_NODES);
  yield piece();
}

function writeDigest(to: JuteWriter, { zxid, version, digest }: SnapshotDigest): void {
  to.long(zxid);
  to.int(version);
  if (typeof digest === 'bigint') to.long(digest);
  else to.ustring(digest);
}
