import type { NodeId } from '../../node/ids.ts';

/**
 * A connect string: the servers in an order of the client's own, tried one after the other for ever. Source:
 * StaticHostProvider.
 */
export class ServerList {
  readonly #order: NodeId[];
  #current = -1;
  /** Where the last success was; coming back to it, a whole round has failed. */
  #last = -1;

  /** `draw(n)` gives 0..n−1. */
  constructor(servers: readonly NodeId[], draw: (bound: number) => number) {
    this.#order = [...servers];
    for (let i = this.#order.length - 1; i > 0; i--) {
      const j = i - draw(i + 1);
      const [a, b] = [this.#order[i], this.#order[j]];
      if (a === undefined || b === undefined) continue;
      this.#order[i] = b;
      this.#order[j] = a;
    }
  }

  get size(): number {
    return this.#order.length;
  }

  /** The next server, and whether a whole round of them has failed, so that the client should wait. */
  next(): { readonly server: NodeId; readonly wrapped: boolean } {
    this.#current = (this.#current + 1) % this.#order.length;
    const wrapped = this.#current === this.#last;
    if (this.#last === -1) this.#last = 0;
    return { server: this.#order[this.#current] as NodeId, wrapped };
  }

  /** The connection to the server that `next` named last is established. */
  connected(): void {
    this.#last = this.#current;
  }
}
