import { Adler32 } from './adler32.ts';
import { ByteSource } from './byte-source.ts';

/** "ZKLG", the first four bytes of every log. */
export const LOG_MAGIC = 0x5a4b4c47;

/** The bytes of a log's header: magic, version, database id. */
export const LOG_HEADER_BYTES = 16;

/** What stands before a record's payload (checksum and length) and behind it (the end marker). */
export const LOG_RECORD_EXTRA = 13;

/** Behind a whole record: "B". A record without it was being written when the machine stopped. */
const END_MARKER = 0x42;

/** The longest payload that a server with default settings reads: jute.maxbuffer and as much again. */
export const MAX_LOG_PAYLOAD = 2 * 0xfffff;

/** What a log says of itself. */
export interface LogHeader {
  readonly version: number;
  readonly dbid: bigint;
}

/** A record of a log, as it lies there. */
export interface LogEntry {
  /** Where in the file it begins. */
  readonly offset: number;
  /** Header, body and digest of the transaction. Lent until the next record is read. */
  readonly payload: Uint8Array;
  /** The checksum that stands before the payload. */
  readonly stored: bigint;
  /** The checksum that the payload has. */
  readonly computed: number;
}

/**
 * Why nothing more was read. `whole` and `padding` are regular ends. `torn` is what a crash leaves: a server
 * takes it for the end of the file and says nothing. With `damaged` a server refuses to start.
 */
export interface LogEnd {
  readonly kind: 'whole' | 'padding' | 'torn' | 'damaged';
  /** Where in the file. */
  readonly offset: number;
  /** What is wrong there; empty for a regular end. */
  readonly reason: string;
  /** How many bytes follow that nobody reads. */
  readonly unread: number;
  /** Whether these are not all zeros: something was written there once. */
  readonly remains: boolean;
}

/** A log being read, front to back. */
export class LogReader {
  readonly #source: ByteSource;
  readonly #limit: number;
  #end: LogEnd | undefined;

  /**
   * @param pieces the file, in pieces of any size, which the reader may keep
   * @param limit the longest payload that is read
   */
  constructor(pieces: Iterable<Uint8Array>, limit: number = MAX_LOG_PAYLOAD) {
    this.#source = new ByteSource(pieces);
    this.#limit = limit;
  }

  /** Why reading ended; undefined while it has not. */
  get end(): LogEnd | undefined {
    return this.#end;
  }

  /** Reads the header; undefined, and an end, when there is none. Source: FileTxnLog.FileTxnIterator. */
  header(): LogHeader | undefined {
    const source = this.#source;
    if (!source.has(LOG_HEADER_BYTES)) {
      this.#stop(
        'damaged',
        source.offset,
        source.has(1) ? 'the file header is cut off' : 'the file is empty',
      );
      return undefined;
    }
    const magic = source.peekInt(0);
    if (magic !== LOG_MAGIC) {
      this.#stop('damaged', 0, `the file begins with 0x${hex32(magic)}, not with ZKLG`);
      return undefined;
    }
    source.int();
    return { version: source.int(), dbid: source.long() };
  }

  /**
   * Reads the next record, sound or not: a wrong checksum is for the caller to judge. Undefined at the end.
   * Source: FileTxnLog.FileTxnIterator.next.
   */
  next(): LogEntry | undefined {
    if (this.#end !== undefined) return undefined;
    const source = this.#source;
    const { offset } = source;
    if (!source.has(12)) return this.#cut(offset);
    const length = source.peekInt(8);
    if (length === 0) return this.#stop('padding', offset, '');
    if (length < 0 || length > this.#limit) {
      return this.#stop(
        'damaged',
        offset,
        `a record of ${length} bytes, and ${this.#limit} at most are read`,
      );
    }
    if (!source.has(LOG_RECORD_EXTRA + length)) return this.#cut(offset);
    if (source.peekByte(12 + length) !== END_MARKER) {
      return this.#stop('torn', offset, 'the end marker of the record is missing');
    }
    const stored = source.long();
    source.int();
    const payload = source.bytes(length);
    const sum = new Adler32();
    sum.update(payload);
    source.bytes(1);
    return { offset, payload, stored, computed: sum.value };
  }

  /** The caller found that the record at `offset` ends the reading. */
  stopAt(offset: number, kind: 'torn' | 'damaged', reason: string): void {
    this.#stop(kind, offset, reason);
  }

  #cut(offset: number): undefined {
    if (!this.#source.has(1)) return this.#stop('whole', offset, '');
    return this.#stop('torn', offset, 'the file ends in the middle of a record');
  }

  #stop(kind: LogEnd['kind'], offset: number, reason: string): undefined {
    const { length, firstNonZero } = this.#source.skipRest();
    this.#end = { kind, offset, reason, unread: length, remains: firstNonZero !== undefined };
    return undefined;
  }
}

/** The first bytes of a log. */
export function encodeLogHeader({ version, dbid }: LogHeader): Uint8Array {
  const bytes = new Uint8Array(LOG_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, LOG_MAGIC);
  view.setInt32(4, version);
  view.setBigInt64(8, dbid);
  return bytes;
}

/** A record of a log: checksum, length, payload, end marker. */
export function encodeLogRecord(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LOG_RECORD_EXTRA + payload.length);
  const view = new DataView(bytes.buffer);
  const sum = new Adler32();
  sum.update(payload);
  view.setUint32(4, sum.value);
  view.setInt32(8, payload.length);
  bytes.set(payload, 12);
  bytes[12 + payload.length] = END_MARKER;
  return bytes;
}

/**
 * How long a log is made before something is appended at `position`: it grows by `step` bytes at a time,
 * ahead of what is written. Source: FilePadding.calculateFileSizeWithPadding.
 */
export function preallocatedSize(position: number, size: number, step: number): number {
  if (step <= 0 || position + 4096 < size) return size;
  if (position <= size) return size + step;
  const grown = position + step;
  return grown - (grown % step);
}

/**
 * How long a log of these records is, were each synced before the next came; what is behind the records are
 * zeros.
 *
 * @param lengths of the records, all of each
 * @param step `zookeeper.preAllocSize`, bytes
 */
export function paddedLogSize(lengths: Iterable<number>, step: number): number {
  let position = LOG_HEADER_BYTES;
  let size = position;
  for (const length of lengths) {
    size = Math.max(preallocatedSize(position, size, step), position + length);
    position += length;
  }
  return size;
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
