import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Links, Port } from '../node/env.ts';
import type { CloseReason, NodeEvent } from '../node/events.ts';
import type { LinkId, NodeId } from '../node/ids.ts';
import type { Conversation, WireFormat } from '../node/wire-format.ts';

/** Where something listens. */
export interface Address {
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a connection of a process is. */
interface Connection<M> {
  readonly link: LinkId;
  readonly port: Port;
  readonly socket: Socket;
  readonly heard: Conversation<M>;
  readonly said: Conversation<M>;
  /** Whether this end has given it up, or knows that it ended. */
  over: boolean;
  /** Whether a message was refused, so that `writable` is owed. */
  refused: boolean;
  /** Whether what is written is gathered until the end of this turn. */
  gathering: boolean;
}

/** How much may wait to be sent on a connection before the next message is refused, bytes. */
const MOST_UNSENT = 1 << 20;

/** How long the other end has for taking what was sent before a connection was closed, ms. */
const LINGER_MS = 5000;

/** What connections are made from. */
export interface ConnectionSetup<M> {
  readonly self: NodeId;
  readonly wire: WireFormat<M>;
  /** Where this process listens. */
  readonly own: Readonly<Record<Port, Address>>;
  /** Where another server listens; undefined: nobody knows. */
  addressOf(peer: NodeId, port: Port): Address | undefined;
  /** What the process answers by itself, before its node hears of it; the connection ends with it. */
  answer(message: M): M | undefined;
  /** Hands an event to the node. */
  hand(event: NodeEvent<M>): void;
  /** A port cannot be opened, or what the other end says makes no sense. */
  trouble(text: string, fatal: boolean): void;
}

/** A node's connections over TCP. */
export class Connections<M> implements Links<M> {
  readonly #setup: ConnectionSetup<M>;
  readonly #servers = new Map<Port, Server>();
  readonly #connections = new Map<LinkId, Connection<M>>();
  #links = 0;

  constructor(setup: ConnectionSetup<M>) {
    this.#setup = setup;
  }

  listen(port: Port): void {
    if (this.#servers.has(port)) return;
    const { host, port: number } = this.#setup.own[port];
    const server = createServer((socket) => this.#accept(port, socket));
    server.on('error', (error) => {
      this.#setup.trouble(`the ${port} port ${host}:${number} cannot be opened: ${error.message}`, true);
    });
    server.listen(number, host);
    this.#servers.set(port, server);
  }

  unlisten(port: Port): void {
    this.#servers.get(port)?.close();
    this.#servers.delete(port);
  }

  connect(peer: NodeId, port: Port): LinkId {
    const address = this.#setup.addressOf(peer, port);
    const link = this.#next();
    if (address === undefined) {
      setImmediate(() => this.#setup.hand({ kind: 'closed', link, reason: 'refused' }));
      return link;
    }
    const socket = connect({ host: address.host, port: address.port });
    const { forth, back } = this.#setup.wire.converse(port, this.#setup.self, peer, '');
    const connection = this.#begin(link, port, socket, back, forth);
    socket.once('connect', () => {
      if (!connection.over) this.#setup.hand({ kind: 'opened', link, port, peer });
    });
    return link;
  }

  close(link: LinkId): void {
    const connection = this.#connections.get(link);
    if (connection === undefined) return;
    this.#forget(connection);
    const { socket } = connection;
    if (socket.connecting) {
      socket.destroy();
      return;
    }
    // What still comes in is read and dropped: unread bytes would make the platform reset the connection,
    // and what was sent might not arrive.
    socket.end();
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(linger));
  }

  send(link: LinkId, message: M): boolean {
    const connection = this.#connections.get(link);
    if (connection === undefined) return true;
    const { socket, said } = connection;
    if (socket.writableLength >= MOST_UNSENT) {
      connection.refused = true;
      return false;
    }
    const bytes = said.write(message);
    if (bytes.length === 0) return true;
    if (!connection.gathering) {
      connection.gathering = true;
      socket.cork();
      process.nextTick(() => {
        connection.gathering = false;
        socket.uncork();
      });
    }
    socket.write(bytes);
    return true;
  }

  /** Ends all of it at once, as the end of a process does. */
  stop(): void {
    for (const port of [...this.#servers.keys()]) this.unlisten(port);
    for (const connection of [...this.#connections.values()]) {
      this.#forget(connection);
      connection.socket.destroy();
    }
  }

  #next(): LinkId {
    this.#links++;
    return this.#links as LinkId;
  }

  #accept(port: Port, socket: Socket): void {
    const link = this.#next();
    const { wire, self, hand } = this.#setup;
    const { forth, back } = wire.converse(port, 0, self, plainAddress(socket.remoteAddress ?? ''));
    this.#begin(link, port, socket, forth, back);
    hand({ kind: 'opened', link, port, peer: undefined });
  }

  #begin(
    link: LinkId,
    port: Port,
    socket: Socket,
    heard: Conversation<M>,
    said: Conversation<M>,
  ): Connection<M> {
    const state = { over: false, refused: false, gathering: false };
    const connection: Connection<M> = { link, port, socket, heard, said, ...state };
    this.#connections.set(link, connection);
    socket.setNoDelay(true);
    let failure: CloseReason = 'closed';
    socket.on('data', (bytes) => this.#hear(connection, bytes));
    socket.on('drain', () => this.#drained(connection));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failure = reasonOf(error.code);
    });
    const ended = () => {
      if (connection.over) return;
      this.#forget(connection);
      socket.destroy();
      this.#setup.hand({ kind: 'closed', link, reason: failure });
    };
    socket.once('end', ended);
    socket.once('close', ended);
    return connection;
  }

  #hear(connection: Connection<M>, bytes: Uint8Array): void {
    const { link } = connection;
    let message = this.#read(connection, bytes);
    while (message !== undefined) {
      const answer = this.#setup.answer(message);
      if (answer === undefined) this.#setup.hand({ kind: 'received', link, message });
      else {
        this.send(link, answer);
        this.close(link);
      }
      message = this.#read(connection, undefined);
    }
  }

  /** The next message, if it is all there. A connection that says what makes no sense is reset. */
  #read(connection: Connection<M>, bytes: Uint8Array | undefined): M | undefined {
    const { heard, link, port, socket } = connection;
    if (connection.over) return undefined;
    try {
      if (bytes !== undefined) heard.push(bytes);
      return heard.next();
    } catch (error) {
      this.#setup.trouble(`${port} port: ${(error as Error).message}`, false);
      this.#forget(connection);
      socket.destroy();
      this.#setup.hand({ kind: 'closed', link, reason: 'reset' });
      return undefined;
    }
  }

  #drained(connection: Connection<M>): void {
    if (connection.over || !connection.refused) return;
    connection.refused = false;
    this.#setup.hand({ kind: 'writable', link: connection.link });
  }

  #forget(connection: Connection<M>): void {
    connection.over = true;
    this.#connections.delete(connection.link);
  }
}

/** An IPv4 address that a socket of both families gives as one of IPv6, as IPv4 again. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

function reasonOf(code: string | undefined): CloseReason {
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'reset';
}
