/**
 * Values that faults have put in the place of a usual one. The last that is in force holds, whichever of them
 * ends first.
 */
export class Overrides<T> {
  /** Most never have one: the list is made for the first. */
  #inForce: readonly { readonly value: T }[] | undefined;

  /** The one that holds; undefined: none is in force. */
  get last(): T | undefined {
    return this.#inForce?.at(-1)?.value;
  }

  /** The last that fits. */
  lastOf(fits: (value: T) => boolean): T | undefined {
    return this.#inForce?.findLast(({ value }) => fits(value))?.value;
  }

  /** All that are in force, in the order in which they came. */
  all(): readonly T[] {
    return (this.#inForce ?? []).map(({ value }) => value);
  }

  /** A fault begins. Returns what ends it, and no other. */
  add(value: T): () => void {
    const own = { value };
    this.#inForce = [...(this.#inForce ?? []), own];
    return () => {
      this.#inForce = this.#inForce?.filter((other) => other !== own);
    };
  }

  /** All end, before their time. */
  clear(): void {
    this.#inForce = undefined;
  }
}
