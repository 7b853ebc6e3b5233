import type { Extent } from './extent.ts';
import { JuteReader } from './jute.ts';

/** An empty inbox keeps at most this much room. */
const KEPT = 65536;

/** Bytes that came in pieces and were not read yet. */
export class Inbox {
  readonly #maxBuffer: number;
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #start = 0;
  #end = 0;

  /** `maxBuffer`: the longest buffer or string that readers of it accept. */
  constructor(maxBuffer: number) {
    this.#maxBuffer = maxBuffer;
  }

  /** How many bytes wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Takes a copy of the next piece. */
  push(piece: Uint8Array): void {
    const length = this.length + piece.length;
    if (this.#end + piece.length > this.#bytes.length) this.#makeRoom(length);
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** The next value as a reader of its own, if it is all there. It reads before the next `push`. */
  next(extent: Extent): JuteReader | undefined {
    const length = extent.find(this.#view, this.#start, this.#end);
    if (length < 0) return undefined;
    extent.reset();
    return this.take(length);
  }

  /** 32 bits with sign, `offset` bytes from the next; undefined while they are not all there. */
  peekInt(offset: number): number | undefined {
    return this.length < offset + 4 ? undefined : this.#view.getInt32(this.#start + offset);
  }

  /** 64 bits with sign, `offset` bytes from the next; undefined while they are not all there. */
  peekLong(offset: number): bigint | undefined {
    return this.length < offset + 8 ? undefined : this.#view.getBigInt64(this.#start + offset);
  }

  /** A reader of the next `length` bytes, which are there. It reads before the next `push`. */
  take(length: number): JuteReader {
    const at = this.#start;
    this.#start = at + length;
    return new JuteReader(this.#bytes, this.#maxBuffer, at, at + length, this.#view);
  }

  #makeRoom(length: number): void {
    const rest = this.#bytes.subarray(this.#start, this.#end);
    const fits = length <= this.#bytes.length && (length > KEPT || this.#bytes.length <= KEPT);
    if (fits) {
      this.#bytes.set(rest);
    } else {
      this.#bytes = new Uint8Array(Math.max(256, 2 * length));
      this.#bytes.set(rest);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#end -= this.#start;
    this.#start = 0;
  }
}
