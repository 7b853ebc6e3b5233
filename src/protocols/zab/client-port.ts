import type { ClientMessage, ServingRole } from '../../node/content.ts';
import type { CloseReason } from '../../node/events.ts';
import type { LinkId } from '../../node/ids.ts';
import type { Frontend } from '../../node/service.ts';
import type { LinkOwner, LinkTable } from './link-table.ts';
import type { WireMessage } from './messages.ts';

/**
 * The client connections of a server. The port is open from the start of the process. A connection belongs to
 * the service that there was when it was accepted: one that came while the server was in no serving role is
 * closed at its first packet, also if it serves by then. Source: NIOServerCnxnFactory.createConnection,
 * NIOServerCnxn.readConnectRequest.
 */
export class ClientPort implements LinkOwner {
  readonly #links: LinkTable;
  readonly #clients = new Set<LinkId>();
  /** Those of them that came while nobody was served. */
  readonly #early = new Set<LinkId>();
  #frontend: Frontend | undefined;
  #role: ServingRole | undefined;

  constructor(links: LinkTable) {
    this.#links = links;
  }

  /** How clients are served, if they are. */
  get serves(): ServingRole | undefined {
    return this.#role;
  }

  /** Serves from now on. */
  serve(frontend: Frontend, role: ServingRole): void {
    this.#frontend = frontend;
    this.#role = role;
  }

  /** Serves no more: every connection ends without a reply. */
  close(): void {
    this.#frontend = undefined;
    this.#role = undefined;
    for (const link of [...this.#clients]) this.#links.close(link);
    this.#clients.clear();
    this.#early.clear();
  }

  opened(link: LinkId): void {
    this.#clients.add(link);
    this.#links.adopt(link, this);
    if (this.#frontend === undefined) this.#early.add(link);
    else this.#frontend.accept(link);
  }

  received(link: LinkId, message: WireMessage): void {
    if (this.#frontend === undefined || this.#early.has(link)) this.drop(link);
    else this.#frontend.receive(link, message as ClientMessage);
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
    this.#clients.delete(link);
    this.#early.delete(link);
    this.#links.close(link);
  }
}
