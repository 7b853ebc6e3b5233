import { assert } from '../core/assert.ts';
import { readText, textLength, writeText } from './jute-text.ts';
import { copyOf } from './small-copies.ts';
import { WireError } from './wire-error.ts';

/**
 * The longest buffer or string: jute.maxbuffer and jute.maxbuffer.extrasize as they are by default. Source:
 * BinaryInputArchive.checkLength.
 */
export const MAX_BUFFER = 2097150;

const MIN_LONG = -0x8000_0000_0000_0000n;
const MAX_LONG = 0x7fff_ffff_ffff_ffffn;

/**
 * Reads the values of jute, ZooKeeper's format, one after the other: all numbers big-endian, lengths in four
 * bytes, −1 for null. Each read throws a `WireError` for what makes no sense, before it asks for memory.
 * Source: org.apache.jute.BinaryInputArchive.
 */
export class JuteReader {
  /** The longest buffer or string that is accepted, bytes. */
  readonly maxBuffer: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;
  #at: number;
  readonly #end: number;

  /** Reads `bytes` from `start` to `end`; by default all of them. `view`: one of all of `bytes`, to share. */
  constructor(
    bytes: Uint8Array,
    maxBuffer: number = MAX_BUFFER,
    start = 0,
    end: number = bytes.length,
    view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    base: number = start,
  ) {
    this.maxBuffer = maxBuffer;
    this.#bytes = bytes;
    this.#view = view;
    this.#base = base;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next value begins, in bytes from the start of what the first reader was made for. */
  get at(): number {
    return this.#at - this.#base;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    const at = this.#take(1, 'a byte');
    return this.#view.getInt8(at);
  }

  /** Every byte but 0 is true (DataInput.readBoolean). */
  bool(): boolean {
    return this.#bytes[this.#take(1, 'a boolean')] !== 0;
  }

  int(): number {
    return this.#view.getInt32(this.#take(4, 'an int'));
  }

  long(): bigint {
    return this.#view.getBigInt64(this.#take(8, 'a long'));
  }

  /** A copy of the bytes; null is not the same as empty. */
  buffer(): Uint8Array | null {
    const length = this.#length('a buffer');
    if (length < 0) return null;
    const at = this.#take(length, 'a buffer');
    return copyOf(this.#bytes, at, at + length);
  }

  ustring(): string | null {
    const length = this.#length('a string');
    if (length < 0) return null;
    const at = this.#take(length, 'a string');
    return readText(this.#bytes, at, at + length);
  }

  /**
   * The count of a vector, −1 for null; below that it is an empty one (BinaryInputArchive.BinaryIndex). A
   * vector of more elements than the bytes that are left can hold is refused here.
   *
   * @param least the fewest bytes that an element takes
   */
  count(least: number): number {
    const { at } = this;
    const count = this.int();
    if (count < -1) return 0;
    if (count * least > this.left) {
      throw new WireError('truncated', at, `a vector of ${count} elements has ${this.left} bytes left`);
    }
    return count;
  }

  /** A buffer as a reader of its own for what is inside, without a copy. Null where the buffer is null. */
  nested(): JuteReader | null {
    const length = this.#length('a buffer');
    return length < 0 ? null : this.window(length);
  }

  /** The next `length` bytes as a reader of its own; this one goes on behind them. */
  window(length: number): JuteReader {
    const at = this.#take(length, 'a record');
    return new JuteReader(this.#bytes, this.maxBuffer, at, at + length, this.#view, this.#base);
  }

  /** Another reader of all that is left; this one stays where it is. */
  fork(): JuteReader {
    return new JuteReader(this.#bytes, this.maxBuffer, this.#at, this.#end, this.#view, this.#base);
  }

  /** Goes on behind the next `length` bytes. */
  skip(length: number): void {
    this.#take(length, 'what follows');
  }

  /** A copy of the next `length` bytes. */
  raw(length: number): Uint8Array {
    const at = this.#take(length, 'what follows');
    return copyOf(this.#bytes, at, at + length);
  }

  /** A text of `length` bytes, as `ustring` reads it behind its length. */
  text(length: number): string {
    const at = this.#take(length, 'a text');
    return readText(this.#bytes, at, at + length);
  }

  /** A copy of all that is left. */
  rest(): Uint8Array {
    return this.raw(this.left);
  }

  /** Nothing may be left. */
  finish(): void {
    if (this.left > 0) throw new WireError('trailing', this.at, `${this.left} bytes too many`);
  }

  #length(what: string): number {
    const { at } = this;
    const length = this.int();
    if (length < -1 || length > this.maxBuffer) {
      throw new WireError('length', at, `${what} of ${length} bytes, ${this.maxBuffer} are allowed`);
    }
    return length;
  }

  #take(length: number, what: string): number {
    const at = this.#at;
    if (length > this.#end - at) {
      throw new WireError('truncated', this.at, `${what} takes ${length} bytes, ${this.left} are left`);
    }
    this.#at = at + length;
    return at;
  }
}

/** Writes the values of jute into a buffer that grows. Source: org.apache.jute.BinaryOutputArchive. */
export class JuteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;

  /** `room`: how many bytes fit before the first growth. */
  constructor(room = 256) {
    this.#bytes = new Uint8Array(room);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#at;
  }

  byte(value: number): void {
    const at = this.#grow(1);
    this.#view.setInt8(at, value);
  }

  bool(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** An integer of 32 bits with sign; another number is a defect of the caller. */
  int(value: number): void {
    assert((value | 0) === value, 'an int has 32 bits');
    const at = this.#grow(4);
    this.#view.setInt32(at, value);
  }

  /** An integer of 64 bits with sign; another number is a defect of the caller. */
  long(value: bigint): void {
    assert(value >= MIN_LONG && value <= MAX_LONG, 'a long has 64 bits');
    const at = this.#grow(8);
    this.#view.setBigInt64(at, value);
  }

  buffer(value: Uint8Array | null): void {
    if (value === null) {
      this.int(-1);
      return;
    }
    this.int(value.length);
    this.raw(value);
  }

  ustring(value: string | null): void {
    if (value === null) {
      this.int(-1);
      return;
    }
    const length = textLength(value);
    this.int(length);
    const at = this.#grow(length);
    writeText(value, this.#bytes, at);
  }

  /** Bytes as they are, without a length. */
  raw(value: Uint8Array): void {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
  }

  /** A text without its length. Returns how many bytes it takes. */
  text(value: string): number {
    const length = textLength(value);
    const at = this.#grow(length);
    writeText(value, this.#bytes, at);
    return length;
  }

  /** What `write` writes, as a buffer: behind its length in four bytes. */
  nested(write: () => void): void {
    const at = this.#grow(4);
    write();
    this.#view.setInt32(at, this.#at - at - 4);
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return copyOf(this.#bytes, 0, this.#at);
  }

  /** Forgets what was written, and keeps the room. */
  clear(): void {
    this.#at = 0;
  }

  #grow(length: number): number {
    const at = this.#at;
    const end = at + length;
    if (end > this.#bytes.length) {
      const more = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      more.set(this.#bytes.subarray(0, at));
      this.#bytes = more;
      this.#view = new DataView(more.buffer);
    }
    this.#at = end;
    return at;
  }
}
