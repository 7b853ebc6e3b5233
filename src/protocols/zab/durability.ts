import type { Ticket } from '../../node/ids.ts';

/** Why the disk refused: an error, or there is no room. */
export type DiskError = 'io' | 'full';

/** What waits for the disk: each sync of an epoch file or a snapshot, with what comes after it. */
export class Durability {
  readonly #waiting = new Map<Ticket, Waiter>();

  /**
   * How many syncs are under way. A role ends only when there are none: a real thread would sit in its fsync.
   */
  get pending(): number {
    return this.#waiting.size;
  }

  /** After the sync with this ticket: `done`, or `failed` when the disk refused. */
  when(ticket: Ticket, done: () => void, failed: (error: DiskError) => void): void {
    this.#waiting.set(ticket, { done, failed });
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
    if (waiter !== undefined) this.#waiting.delete(ticket);
    return waiter;
  }
}

interface Waiter {
  readonly done: () => void;
  readonly failed: (error: DiskError) => void;
}
