import type { Port } from '../../node/env.ts';
import type { CloseReason } from '../../node/events.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import type { WireMessage } from './messages.ts';
import type { ZabEnv } from './zab-env.ts';

/** Whoever reads a connection: a thread of ZooKeeper's that blocks in its socket. */
export interface LinkOwner {
  opened(link: LinkId, peer: NodeId | undefined): void;
  received(link: LinkId, message: WireMessage): void;
  writable(link: LinkId): void;
  closed(link: LinkId, reason: CloseReason): void;
}

/**
 * Whose each open connection of this server is. What comes on a connection that nobody owns any more is
 * dropped.
 */
export class LinkTable {
  readonly #env: ZabEnv;
  readonly #owners = new Map<LinkId, LinkOwner>();

  constructor(env: ZabEnv) {
    this.#env = env;
  }

  dial(peer: NodeId, port: Port, owner: LinkOwner): LinkId {
    const link = this.#env.connect(peer, port);
    this.#owners.set(link, owner);
    return link;
  }

  adopt(link: LinkId, owner: LinkOwner): void {
    this.#owners.set(link, owner);
  }

  owner(link: LinkId): LinkOwner | undefined {
    return this.#owners.get(link);
  }

  /** This end is done with it; what was sent still arrives. */
  close(link: LinkId): void {
    if (this.#owners.delete(link)) this.#env.close(link);
  }

  /** The other end, or the network, ended it. */
  gone(link: LinkId): LinkOwner | undefined {
    const owner = this.#owners.get(link);
    this.#owners.delete(link);
    return owner;
  }
}
