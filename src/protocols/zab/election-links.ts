import type { CloseReason } from '../../node/events.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import type { ZabConfig } from './config.ts';
import type { LinkOwner, LinkTable } from './link-table.ts';
import type { Hello, Notification, WireMessage, ZabMessage } from './messages.ts';
import type { ZabEnv } from './zab-env.ts';

/** One peer's place in the election transport. */
interface PeerLink {
  /** The kept connection: the one that a send and a receive worker serve. */
  worker: LinkId | undefined;
  dialling: LinkId | undefined;
  /** The newest unsent notification: a queue of capacity one. */
  unsent: Notification | undefined;
  /** The last one taken for sending; a new connection begins by sending it again. */
  lastSent: Notification | undefined;
}

/**
 * The election transport. One connection per pair of servers is kept, the one that the larger sid dialled: a
 * dial from the smaller only makes the larger dial back. Only the newest unsent message per peer survives,
 * and a new connection starts with the last message sent if there is none, so that established servers greet
 * a restarted peer with an old vote. A connection that breaks is not dialled again before there is something
 * to send. Source: QuorumCnxManager.
 */
export class ElectionLinks implements LinkOwner {
  readonly #env: ZabEnv;
  readonly #config: ZabConfig;
  readonly #links: LinkTable;
  readonly #hello: Hello;
  readonly #receive: (from: NodeId, notification: Notification) => void;
  /** By sid; a peer appears with the first message to it or the first connection (queueSendMap). */
  readonly #peers: (PeerLink | undefined)[] = [];
  /** Whose link it is: a kept one or one being dialled. */
  readonly #owners = new Map<LinkId, NodeId>();
  /** Accepted connections that have not said hello. */
  readonly #strangers = new Set<LinkId>();

  constructor(
    env: ZabEnv,
    config: ZabConfig,
    links: LinkTable,
    receive: (from: NodeId, notification: Notification) => void,
  ) {
    this.#env = env;
    this.#config = config;
    this.#links = links;
    this.#hello = { kind: 'hello', sid: env.self };
    this.#receive = receive;
  }

  /** Sends, or keeps for when there is a connection; an unsent older message is dropped. */
  send(sid: NodeId, notification: Notification): void {
    const peer = this.#peer(sid);
    peer.unsent = notification;
    if (peer.worker === undefined) this.#connect(sid, peer);
    else this.#flush(peer);
  }

  /**
   * Whether any peer's queue is empty: true even when most peers are out of reach
   * (QuorumCnxManager.haveDelivered).
   */
  haveDelivered(): boolean {
    for (const peer of this.#peers) if (peer !== undefined && peer.unsent === undefined) return true;
    return false;
  }

  connectAll(): void {
    for (const [sid, peer] of this.#peers.entries()) {
      if (peer !== undefined) this.#connect(sid as NodeId, peer);
    }
  }

  opened(link: LinkId, sid: NodeId | undefined): void {
    if (sid === undefined) {
      this.#strangers.add(link);
      return;
    }
    const peer = this.#peer(sid);
    this.#stopDialling(sid, peer);
    this.#env.send(link, this.#hello);
    if (sid > this.#env.self) this.#drop(link);
    else this.#keep(sid, peer, link);
  }

  received(link: LinkId, wire: WireMessage): void {
    const message = wire as ZabMessage;
    if (message.kind === 'notification') {
      const from = this.#owners.get(link);
      // Before its hello a connection has no name, and a link that was given up is no longer listened to.
      if (from !== undefined && this.#peers[from]?.worker === link) this.#receive(from, message);
      return;
    }
    if (message.kind === 'hello' && this.#strangers.delete(link)) this.#greeted(link, message.sid);
  }

  writable(link: LinkId): void {
    const sid = this.#owners.get(link);
    const peer = sid === undefined ? undefined : this.#peers[sid];
    if (peer?.worker === link) this.#flush(peer);
  }

  closed(link: LinkId, _reason: CloseReason): void {
    this.#strangers.delete(link);
    const sid = this.#owners.get(link);
    if (sid === undefined) return;
    this.#owners.delete(link);
    const peer = this.#peer(sid);
    if (peer.worker === link) peer.worker = undefined;
    if (peer.dialling === link) this.#stopDialling(sid, peer);
  }

  /** A dial took too long (cnxTimeout). */
  dialTimedOut(sid: NodeId): void {
    const peer = this.#peer(sid);
    if (peer.dialling === undefined) return;
    const link = peer.dialling;
    peer.dialling = undefined;
    this.#drop(link);
  }

  #greeted(link: LinkId, sid: NodeId): void {
    const peer = this.#peer(sid);
    if (sid > this.#env.self) {
      this.#owners.set(link, sid);
      this.#keep(sid, peer, link);
      return;
    }
    // The smaller sid's call is not kept: end what there is, and call back.
    if (peer.worker !== undefined) {
      this.#drop(peer.worker);
      peer.worker = undefined;
    }
    this.#links.close(link);
    this.#connect(sid, peer);
  }

  #keep(sid: NodeId, peer: PeerLink, link: LinkId): void {
    if (peer.worker !== undefined && peer.worker !== link) this.#drop(peer.worker);
    peer.worker = link;
    this.#owners.set(link, sid);
    peer.unsent ??= peer.lastSent;
    this.#flush(peer);
    this.#env.work('connection');
  }

  #flush(peer: PeerLink): void {
    if (peer.worker === undefined || peer.unsent === undefined) return;
    const notification = peer.unsent;
    // Recorded before the write, so that a message lost with its connection is sent again on the next one.
    peer.lastSent = notification;
    if (this.#env.send(peer.worker, notification)) peer.unsent = undefined;
  }

  #connect(sid: NodeId, peer: PeerLink): void {
    if (peer.worker !== undefined || peer.dialling !== undefined || sid === this.#env.self) return;
    peer.dialling = this.#links.dial(sid, 'election', this);
    this.#owners.set(peer.dialling, sid);
    this.#env.setTimer('dial', this.#config.settings.cnxTimeoutUs, sid);
  }

  #stopDialling(sid: NodeId, peer: PeerLink): void {
    if (peer.dialling === undefined) return;
    peer.dialling = undefined;
    this.#env.cancelTimer('dial', sid);
  }

  #drop(link: LinkId): void {
    this.#owners.delete(link);
    this.#links.close(link);
  }

  #peer(sid: NodeId): PeerLink {
    let peer = this.#peers[sid];
    if (peer === undefined) {
      peer = { worker: undefined, dialling: undefined, unsent: undefined, lastSent: undefined };
      while (this.#peers.length <= sid) this.#peers.push(undefined);
      this.#peers[sid] = peer;
    }
    return peer;
  }
}
