import { assert } from '../../core/assert.ts';
import type { LinkId, Ticket } from '../../node/ids.ts';
import type { RaftMessage } from './messages.ts';

/** A message that waits while the server waits for its disk. */
interface Pending {
  readonly link: LinkId;
  readonly message: RaftMessage;
}

/**
 * What waits for the disk. While a term, a vote or an installed snapshot is on its way there, nothing is read
 * from other servers: what comes meanwhile is read afterwards, in its order.
 */
export class Gate {
  readonly #read: (link: LinkId, message: RaftMessage) => void;
  readonly #writes = new Map<Ticket, () => void>();
  #inbox: Pending[] = [];
  busy = false;

  /** @param read takes a message when its turn has come */
  constructor(read: (link: LinkId, message: RaftMessage) => void) {
    this.#read = read;
  }

  pass(link: LinkId, message: RaftMessage): void {
    if (this.busy) this.#inbox.push({ link, message });
    else this.#read(link, message);
  }

  /** Nothing is read until the write is durable; then `next`, then what waited. */
  block(ticket: Ticket, next: () => void): void {
    assert(!this.busy, 'one thing at a time waits for the disk');
    this.busy = true;
    this.#writes.set(ticket, () => {
      this.busy = false;
      next();
      const inbox = this.#inbox;
      this.#inbox = [];
      for (const { link, message } of inbox) this.pass(link, message);
    });
  }

  /** `next` once all of these are durable. */
  awaitAll(tickets: readonly Ticket[], next: () => void): void {
    let left = tickets.length;
    const done = () => {
      left--;
      if (left === 0) next();
    };
    for (const ticket of tickets) this.#writes.set(ticket, done);
    if (left === 0) next();
  }

  /** Whether the ticket was one of these. */
  synced(ticket: Ticket): boolean {
    const next = this.#writes.get(ticket);
    if (next === undefined) return false;
    this.#writes.delete(ticket);
    next();
    return true;
  }
}
