/**
 * A queue: in at the end, out at the front. A ring that doubles when it is full, so that a queue whose length
 * stays bounded allocates nothing however much passes through it.
 */
export class Fifo<T> {
  #ring: (T | undefined)[] = new Array<T | undefined>(8).fill(undefined);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item;
    this.#size++;
  }

  /** The oldest one. */
  first(): T | undefined {
    return this.#ring[this.#head];
  }

  /** The newest one. */
  last(): T | undefined {
    return this.#size === 0 ? undefined : this.at(this.#size - 1);
  }

  /** The one with this place behind the oldest, 0..size−1. */
  at(index: number): T | undefined {
    return index < this.#size ? this.#ring[(this.#head + index) & (this.#ring.length - 1)] : undefined;
  }

  /** Takes out the oldest one. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size--;
    return item;
  }

  clear(): void {
    this.#ring.fill(undefined);
    this.#head = 0;
    this.#size = 0;
  }

  /** A copy, oldest first. */
  toArray(): T[] {
    const items: T[] = [];
    for (let i = 0; i < this.#size; i++) items.push(this.at(i) as T);
    return items;
  }

  #grow(): void {
    const items = this.toArray();
    this.#ring = items.concat(new Array<T>(items.length));
    this.#head = 0;
  }
}
