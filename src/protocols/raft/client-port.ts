import type { ClientMessage } from '../../node/content.ts';
import type { CloseReason } from '../../node/events.ts';
import type { LinkId } from '../../node/ids.ts';
import type { Frontend } from '../../node/service.ts';
import type { RaftEnv } from './messages.ts';

/**
 * The client connections of a server. One that came while it did not serve ends at its first packet, as with
 * ZooKeeper.
 */
export class ClientPort {
  readonly #env: RaftEnv;
  readonly #clients = new Set<LinkId>();
  /** Those of them that came while nobody was served. */
  readonly #early = new Set<LinkId>();
  #frontend: Frontend | undefined;

  constructor(env: RaftEnv) {
    this.#env = env;
  }

  /** Serves from now on, or no more: then every connection ends without a reply. */
  serve(frontend: Frontend | undefined): void {
    this.#frontend = frontend;
    if (frontend !== undefined) return;
    for (const link of [...this.#clients]) this.#env.close(link);
    this.#clients.clear();
    this.#early.clear();
  }

  has(link: LinkId): boolean {
    return this.#clients.has(link);
  }

  opened(link: LinkId): void {
    this.#clients.add(link);
    if (this.#frontend === undefined) this.#early.add(link);
    else this.#frontend.accept(link);
  }

  received(link: LinkId, message: ClientMessage): void {
    if (this.#frontend === undefined || this.#early.has(link)) this.drop(link);
    else this.#frontend.receive(link, message);
  }

  writable(link: LinkId): void {
    this.#frontend?.writable(link);
  }

  closed(link: LinkId, reason: CloseReason): void {
    this.#clients.delete(link);
    this.#early.delete(link);
    this.#frontend?.disconnected(link, reason);
  }

  /** This server ends a client's connection. */
  drop(link: LinkId): void {
    this.#early.delete(link);
    if (this.#clients.delete(link)) this.#env.close(link);
  }
}
