import type { Ticket } from '../../node/ids.ts';

/** Why the disk refused: an error, or there is no room. */
export type DiskError = 'io' | 'full';

/** What waits for the disk: each sync of an epoch file or a snapshot, with what comes after it. */
export class Durability {
  readonly #waiting = new Map<Ticket, Waiter>();
  /** How many of them are nobody's concern but their own. */
  #aside = 0;

  /**
   * How many syncs are under way that a role waits for when it ends: a real thread would sit in its fsync.
   */
  get pending(): number {
    return this.#waiting.size - this.#aside;
  }

  /** After the sync with this ticket: `done`, or `failed` when the disk refused. */
  when(ticket: Ticket, done: () => void, failed: (error: DiskError) => void): void {
    this.#waiting.set(ticket, { done, failed, aside: false });
  }

  /** The same for a thread of its own, which a role does not wait for when it ends. */
  aside(ticket: Ticket, done: () => void, failed: (error: DiskError) => void): void {
    this.#waiting.set(ticket, { done, failed, aside: true });
    this.#aside++;
  }

  /** Whether the ticket was one of these. */
  synced(ticket: Ticket): boolean {
    const waiter = this.#take(ticket);
    waiter?.done();
    return waiter !== undefined;
  }

  failed(ticket: Ticket, error: DiskError): boolean {
    const waiter = this.#take(ticket);
    waiter?.failed(error);
    return waiter !== undefined;
  }

  #take(ticket: Ticket): Waiter | undefined {
    const waiter = this.#waiting.get(ticket);
    if (waiter === undefined) return undefined;
    this.#waiting.delete(ticket);
    if (waiter.aside) this.#aside--;
    return waiter;
  }
}

interface Waiter {
  readonly done: () => void;
  readonly aside: boolean;
  readonly failed: (error: DiskError) => void;
}
