import type { ClientMessage, ServingRole } from '../../node/content.ts';
import type { NodeEvent } from '../../node/events.ts';
import type { LinkId } from '../../node/ids.ts';
import type { Frontend } from '../../node/service.ts';
import type { PaxosEnv, WireMessage } from './messages.ts';

/**
 * The connections of clients, the only ones there are. Before the server serves, one ends at its first
 * packet; afterwards it stays, whoever presides: a request is forwarded until it is decreed.
 */
export class ClientPort {
  readonly #env: PaxosEnv;
  readonly #frontend: Frontend;
  readonly #clients = new Set<LinkId>();
  #serving = false;

  constructor(env: PaxosEnv, frontend: Frontend) {
    this.#env = env;
    this.#frontend = frontend;
  }

  /** Serves from now on. */
  open(role: ServingRole): void {
    if (this.#serving) return;
    this.#serving = true;
    this.#frontend.open(role);
  }

  handle(event: NodeEvent<WireMessage>): void {
    switch (event.kind) {
      case 'opened':
        if (event.port !== 'client') return;
        this.#clients.add(event.link);
        if (this.#serving) this.#frontend.accept(event.link);
        return;
      case 'received':
        if (this.#serving) this.#frontend.receive(event.link, event.message as ClientMessage);
        else this.drop(event.link);
        return;
      case 'writable':
        this.#frontend.writable(event.link);
        return;
      case 'closed':
        if (this.#clients.delete(event.link)) this.#frontend.disconnected(event.link, event.reason);
        return;
      default:
    }
  }

  /** This server ends a client's connection. */
  drop(link: LinkId): void {
    if (this.#clients.delete(link)) this.#env.close(link);
  }
}
