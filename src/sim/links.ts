import type { LinkId } from '../node/ids.ts';
import type { Link } from './link.ts';

const PAGE_BITS = 6;
const PAGE = 1 << PAGE_BITS;

/**
 * The connections by number. Numbers only rise, and one is looked up for every message: a map costs 4 % of a
 * run. Hence an array, of pages, and a page goes with the last of its connections: a run that dials for ever
 * needs little more memory than for the connections that it has.
 */
export class Links<M> {
  readonly #pages: ((Link<M> | undefined)[] | undefined)[] = [];
  /** How many connections of each page are left. */
  readonly #left: number[] = [];
  #last = 0;

  /** The connection with this number, while it is kept. */
  get(id: LinkId): Link<M> | undefined {
    return this.#pages[id >> PAGE_BITS]?.[id & (PAGE - 1)];
  }

  /** The number of the next connection. */
  nextId(): LinkId {
    return ++this.#last as LinkId;
  }

  /** Keeps the connection that has the newest number. */
  add(link: Link<M>): void {
    const at = link.id >> PAGE_BITS;
    const page = this.#pages[at] ?? new Array<Link<M> | undefined>(PAGE).fill(undefined);
    page[link.id & (PAGE - 1)] = link;
    this.#pages[at] = page;
    this.#left[at] = (this.#left[at] ?? 0) + 1;
  }

  /** Forgets a connection, if it is kept. */
  remove(link: Link<M>): void {
    if (this.get(link.id) === undefined) return;
    const at = link.id >> PAGE_BITS;
    const left = (this.#left[at] ?? 0) - 1;
    this.#left[at] = left;
    const page = this.#pages[at];
    if (left === 0) this.#pages[at] = undefined;
    else if (page !== undefined) page[link.id & (PAGE - 1)] = undefined;
  }
}
