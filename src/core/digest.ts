/**
 * The fingerprint of a run: two 32-bit lanes, mixed with every number that is folded in. Not cryptographic;
 * made to notice any difference between two runs at 10 ns an event. The lanes are integers, so every engine
 * agrees.
 */
export class Digest {
  // Signed: an engine keeps a number of 32 bits without a box, and what a field held first decides.
  #a = 0x9e3779b9 | 0;
  #b = 0x85ebca6b | 0;

  /** Folds in the low 32 bits of an integer. Who has more than 32 passes these alone: it saves a box. */
  word(value: number): void {
    const a = Math.imul(this.#a ^ value, 0x01000193);
    this.#a = (a << 13) | (a >>> 19);
    const b = Math.imul(this.#b + value, 0xc2b2ae35);
    this.#b = b ^ (b >>> 15) ^ a;
  }

  /** Folds in a safe integer, both halves in one step: a time in µs, a zxid. */
  integer(value: number): void {
    this.word(((value | 0) + Math.imul(Math.floor(value / 4294967296), 0x9e3779b1)) | 0);
  }

  /** Folds in a text, one UTF-16 unit at a time. For rare things: kinds are folded by `kindCode`. */
  text(value: string): void {
    this.word(value.length);
    for (let i = 0; i < value.length; i++) this.word(value.charCodeAt(i));
  }

  /** The fingerprint so far, as 16 hex digits. Folding may go on. */
  hex(): string {
    return digestText(this.high, this.low);
  }

  /** The first 32 bits of it, of which `digestText` makes the first half of the digits. */
  get high(): number {
    return mix32(this.#a ^ this.#b);
  }

  /** The other 32 bits. */
  get low(): number {
    return mix32(this.#b + 0x27d4eb2f);
  }
}

/** 16 hex digits of two words of 32 bits. */
export function digestText(high: number, low: number): string {
  return hex32(high) + hex32(low);
}

/** Spreads the bits of a 32-bit word (the finalizer of MurmurHash3). */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Folds `value` into a 32-bit chain hash. Order matters; 0 is a good start. */
export function chain32(hash: number, value: number): number {
  const high = Math.floor(value / 4294967296);
  let h = Math.imul(hash ^ (value | 0), 0x9e3779b1);
  h = (h << 15) | (h >>> 17);
  // Without the addend, 0 folded into 0 would stay 0, and leading zeros would go unnoticed.
  h = Math.imul(h ^ high, 0x85ebca77) + 0x27d4eb2f;
  return (h ^ (h >>> 13)) >>> 0;
}

/** Folds the UTF-16 units of a short text, such as an id, into a 32-bit chain hash. */
export function chainText(hash: number, text: string): number {
  let h = hash ^ text.length;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h ^ (h >>> 13)) >>> 0;
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
