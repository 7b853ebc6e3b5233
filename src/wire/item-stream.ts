import { Inbox } from './inbox.ts';

/**
 * One direction of a connection, as a source of what was sent: bytes are pushed in whatever pieces they come,
 * and items are taken out one by one. A `WireError` ends it: nothing behind it makes sense, and each further
 * `next` throws it again.
 */
export abstract class ItemStream<T> {
  protected readonly inbox: Inbox;
  #error: unknown;

  protected constructor(maxBuffer: number) {
    this.inbox = new Inbox(maxBuffer);
  }

  /** How many bytes wait: for `next`, or for the rest of their item. */
  get pending(): number {
    return this.inbox.length;
  }

  /** Takes a copy of the next bytes. */
  push(piece: Uint8Array): void {
    if (this.#error === undefined) this.inbox.push(piece);
  }

  /** The next item that is all there. Call it until it says undefined: then more bytes are needed. */
  next(): T | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.read();
    } catch (error) {
      this.#error = error;
      throw error;
    }
  }

  protected abstract read(): T | undefined;
}
