import { CONTROL } from './control.ts';

/**
 * What is in flight in one direction, in order, as columns: due time, place in the order of events, bytes,
 * message.
 */
export class Flight<M> {
  /** How many items are in flight. */
  count = 0;
  /** Due time of the last item that was sent; due times strictly increase. */
  lastDue = -1;
  /**
   * Bytes that the sender's kernel holds: sent, and not known to have been taken by the receiving process.
   */
  bytes = 0;
  /** Up to this seq everything has crossed the network. */
  arrivedSeq = -1;
  #head = 0;
  #mask = 3;
  #dues: number[] = [0, 0, 0, 0];
  #seqs: number[] = [0, 0, 0, 0];
  #sizes: number[] = [0, 0, 0, 0];
  #messages: (M | undefined)[] = [undefined, undefined, undefined, undefined];

  get headDue(): number {
    return this.#dues[this.#head] as number;
  }

  get headSeq(): number {
    return this.#seqs[this.#head] as number;
  }

  /** Bytes of the first item; below 0 for a control item. */
  get headSize(): number {
    return this.#sizes[this.#head] as number;
  }

  get headMessage(): M {
    return this.#messages[this.#head] as M;
  }

  /** The message behind the first, if there is one. */
  get secondMessage(): M | undefined {
    return this.count < 2 ? undefined : this.#messages[(this.#head + 1) & this.#mask];
  }

  push(due: number, seq: number, size: number, message: M | undefined): void {
    if (this.count > this.#mask) this.#grow();
    const at = (this.#head + this.count++) & this.#mask;
    this.#dues[at] = due;
    this.#seqs[at] = seq;
    this.#sizes[at] = size;
    this.#messages[at] = message;
    this.lastDue = due;
    if (size > 0) this.bytes += size;
  }

  /** Takes the first item out. Its bytes still count, until `drain`. */
  shift(): void {
    this.#messages[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.count--;
  }

  /** Drops the last item. Returns its size. */
  drop(): number {
    const at = (this.#head + --this.count) & this.#mask;
    const size = this.#sizes[at] as number;
    this.#messages[at] = undefined;
    if (size > 0) this.bytes -= size;
    return size;
  }

  /** Drops everything in flight. */
  clear(): void {
    while (this.count > 0) this.drop();
  }

  /** Whether the first item is the receiver's own kernel's, and has not crossed the network. */
  headIsLocal(): boolean {
    return isLocal(this.headSize);
  }

  /** The first item goes at `at` or later, the others behind it. */
  postpone(at: number): void {
    let due = at;
    for (let i = 0; i < this.count; i++) {
      const place = (this.#head + i) & this.#mask;
      if ((this.#dues[place] as number) < due) this.#dues[place] = due;
      due = (this.#dues[place] as number) + 1;
    }
    if (due - 1 > this.lastDue) this.lastDue = due - 1;
  }

  /**
   * What has not come by `now` comes at `by` or sooner, as far as the order allows. Whether the first item
   * comes sooner than it would have.
   */
  hasten(now: number, by: number): boolean {
    const before = this.headDue;
    let latest = by;
    for (let i = 0; i < this.count; i++) {
      const place = (this.#head + i) & this.#mask;
      const due = this.#dues[place] as number;
      if (due > now && due > latest && !isLocal(this.#sizes[place] as number)) this.#dues[place] = latest;
      this.lastDue = this.#dues[place] as number;
      latest = Math.max(by, this.lastDue + 1);
    }
    return this.headDue < before;
  }

  /**
   * How many items at the end a dying sender's kernel may not have sent: messages, and its own last word.
   */
  loose(): number {
    let loose = 0;
    while (loose < this.count) {
      const size = this.#sizes[(this.#head + this.count - 1 - loose) & this.#mask] as number;
      if (size < 0 && size !== CONTROL.room && size !== CONTROL.fin && size !== CONTROL.died) break;
      loose++;
    }
    return loose;
  }

  /**
   * Notes that what is due by `now` has arrived: a later cut does not touch it, even if nobody took it yet.
   */
  noteArrived(now: number): void {
    for (let i = 0; i < this.count; i++) {
      const place = (this.#head + i) & this.#mask;
      if ((this.#dues[place] as number) > now) return;
      this.arrivedSeq = this.#seqs[place] as number;
    }
  }

  /** Turns the first item into another, in its place. */
  become(size: number): void {
    this.#sizes[this.#head] = size;
  }

  #grow(): void {
    const old = this.#mask + 1;
    this.#dues = widened(this.#dues, this.#head, 0);
    this.#seqs = widened(this.#seqs, this.#head, 0);
    this.#sizes = widened(this.#sizes, this.#head, 0);
    this.#messages = widened(this.#messages, this.#head, undefined);
    this.#mask = old * 2 - 1;
    this.#head = 0;
  }
}

function isLocal(size: number): boolean {
  return size === CONTROL.accepted || size === CONTROL.broken || size === CONTROL.gaveUp;
}

/** The ring, turned so that `head` comes first, with as much room again. */
function widened<T>(ring: readonly T[], head: number, empty: T): T[] {
  const wide = ring.slice(head).concat(ring.slice(0, head));
  for (let i = 0; i < ring.length; i++) wide.push(empty);
  return wide;
}
