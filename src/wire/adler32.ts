const BASE = 65521;

/** So many bytes can be added up before the sums leave 31 bits. */
const STRETCH = 3840;

/**
 * A running Adler-32 checksum, as behind the records of a transaction log and in the seals of a snapshot.
 * Source: RFC 1950; java.util.zip.Adler32.
 */
export class Adler32 {
  #a = 1;
  #b = 0;

  /** Takes in the bytes from `from` up to `to`. */
  update(bytes: Uint8Array, from = 0, to: number = bytes.length): void {
    let a = this.#a;
    let b = this.#b;
    let at = from;
    while (at < to) {
      const end = Math.min(to, at + STRETCH);
      const last = end - 3;
      for (; at < last; at += 4) {
        a += bytes[at] as number;
        b += a;
        a += bytes[at + 1] as number;
        b += a;
        a += bytes[at + 2] as number;
        b += a;
        a += bytes[at + 3] as number;
        b += a;
      }
      for (; at < end; at++) {
        a += bytes[at] as number;
        b += a;
      }
      a %= BASE;
      b %= BASE;
    }
    this.#a = a;
    this.#b = b;
  }

  /** The checksum so far, an unsigned 32-bit number. More may follow. */
  get value(): number {
    return ((this.#b << 16) | this.#a) >>> 0;
  }
}

/** The Adler-32 of these bytes. */
export function adler32(bytes: Uint8Array): number {
  const sum = new Adler32();
  sum.update(bytes);
  return sum.value;
}
