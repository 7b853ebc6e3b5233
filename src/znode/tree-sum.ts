/**
 * A sum of 32-bit numbers modulo 2⁶⁴, in two lanes: the digest of a tree, to which each node adds its CRC-32.
 */
export class TreeSum {
  #high = 0;
  #low = 0;

  /** The high 32 bits. */
  get high(): number {
    return this.#high;
  }

  /** The low 32 bits. */
  get low(): number {
    return this.#low;
  }

  /** Adds an unsigned 32-bit number. */
  add(word: number): void {
    const low = this.#low + word;
    this.#low = low >>> 0;
    if (low > 0xffffffff) this.#high = (this.#high + 1) >>> 0;
  }

  /** Takes off an unsigned 32-bit number. */
  subtract(word: number): void {
    if (word > this.#low) this.#high = (this.#high - 1) >>> 0;
    this.#low = (this.#low - word) >>> 0;
  }

  clear(): void {
    this.#high = 0;
    this.#low = 0;
  }

  /** The sum as 16 hex digits. */
  hex(): string {
    return this.#high.toString(16).padStart(8, '0') + this.#low.toString(16).padStart(8, '0');
  }
}
