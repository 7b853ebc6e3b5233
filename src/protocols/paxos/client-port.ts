import type { ClientMessage, ServingRole } from '../../node/content.ts';
import type { NodeEvent } from '../../node/events.ts';
import type { LinkId } from '../../node/ids.ts';
import type { Frontend } from '../../node/service.ts';
import type { PaxosEnv, WireMessage } from './messages.ts';

/**
 * The connections of clients, the only ones there are. While nobody is served, one ends at its first packet.
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

  /** The server serves from now on, in this role, and lets clients in. */
  open(role: ServingRole, letsIn = true): void {
    this.#frontend.open(role);
    this.#serving = letsIn;
    if (letsIn) for (const link of this.#clients) this.#frontend.accept(link);
  }

  /** It serves no more: every connection ends without a reply. */
  close(): void {
    this.#serving = false;
    for (const link of [...this.#clients]) this.#env.close(link);
    this.#clients.clear();
    this.#frontend.close();
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
