import type { NodeId } from '../../node/ids.ts';

/** A thing outside of the ensemble that a lock guards: it may look at the token of whoever uses it. */
export class Resource {
  readonly fenced: boolean;
  #highest = -1;

  constructor(fenced: boolean) {
    this.fenced = fenced;
  }

  /** Whether the use is accepted: by a fence, only with the highest token so far. */
  use(token: number): boolean {
    if (this.fenced && token < this.#highest) return false;
    this.#highest = Math.max(this.#highest, token);
    return true;
  }
}

/** What the clients of a run have in common outside of the ensemble. It outlives their processes. */
export class Common {
  readonly clients: readonly NodeId[];
  readonly resource: Resource | undefined;
  readonly #done = new Set<NodeId>();

  constructor(clients: readonly NodeId[], resource: Resource | undefined) {
    this.clients = clients;
    this.resource = resource;
  }

  /** A client has done all its rounds. Whether it was the last: then it may look at what is left. */
  finish(client: NodeId): boolean {
    this.#done.add(client);
    return this.#done.size === this.clients.length;
  }
}
