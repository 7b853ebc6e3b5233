import type { Adler32 } from './adler32.ts';

const NOTHING = new Uint8Array(0);

/**
 * The bytes of a file, taken from pieces of any size as they are needed. It holds one piece and what is asked
 * for at once, so memory stays flat.
 */
export class ByteSource {
  readonly #pieces: Iterator<Uint8Array>;
  #bytes: Uint8Array = NOTHING;
  #view: DataView = new DataView(NOTHING.buffer);
  #at = 0;
  /** Where `#bytes` begins in the file. */
  #base = 0;
  #ended = false;
  #sum: Adler32 | undefined;

  constructor(pieces: Iterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.iterator]();
  }

  /** How many bytes were taken. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** From now on every byte that is taken goes into this checksum. */
  checksumInto(sum: Adler32): void {
    this.#sum = sum;
  }

  /** Whether so many bytes are left. Fetches them. */
  has(count: number): boolean {
    while (this.#bytes.length - this.#at < count) {
      if (this.#ended) return false;
      this.#fetch(count);
    }
    return true;
  }

  /** The next four bytes, a signed number. They are there: `has` was asked. */
  int(): number {
    const value = this.#view.getInt32(this.#at);
    this.#advance(4);
    return value;
  }

  /** The next eight bytes, a signed number. */
  long(): bigint {
    const value = this.#view.getBigInt64(this.#at);
    this.#advance(8);
    return value;
  }

  /** The next bytes, lent until more is asked for. */
  bytes(count: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    this.#advance(count);
    return bytes;
  }

  /** The number `count` bytes ahead, without taking it. */
  peekInt(ahead: number): number {
    return this.#view.getInt32(this.#at + ahead);
  }

  /** The byte `count` bytes ahead, without taking it. */
  peekByte(ahead: number): number {
    return this.#view.getUint8(this.#at + ahead);
  }

  /** Takes the rest of the file; tells how long it is, and where in the file its first byte that is not 0. */
  skipRest(): { readonly length: number; readonly firstNonZero: number | undefined } {
    const start = this.offset;
    let firstNonZero: number | undefined;
    while (this.has(1)) {
      const bytes = this.#bytes;
      if (firstNonZero === undefined) {
        let i = this.#at;
        while (i < bytes.length && bytes[i] === 0) i++;
        if (i < bytes.length) firstNonZero = this.#base + i;
      }
      this.#advance(bytes.length - this.#at);
    }
    return { length: this.offset - start, firstNonZero };
  }

  #advance(count: number): void {
    this.#sum?.update(this.#bytes, this.#at, this.#at + count);
    this.#at += count;
  }

  #fetch(count: number): void {
    const next = this.#pieces.next();
    if (next.done === true) {
      this.#ended = true;
      return;
    }
    const rest = this.#bytes.length - this.#at;
    let bytes = next.value;
    if (rest > 0) {
      // Room for what was asked: a long record in short pieces would otherwise be copied once a piece.
      bytes = this.#joined(rest, next.value, count);
    }
    this.#base += this.#at;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
  }

  #joined(rest: number, piece: Uint8Array, count: number): Uint8Array {
    const parts: Uint8Array[] = [this.#bytes.subarray(this.#at), piece];
    let length = rest + piece.length;
    while (length < count) {
      const next = this.#pieces.next();
      if (next.done === true) {
        this.#ended = true;
        break;
      }
      parts.push(next.value);
      length += next.value.length;
    }
    const joined = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}
