import type { Stream } from '../core/decisions.ts';
import type { Port } from '../node/env.ts';
import type { CloseReason } from '../node/events.ts';
import type { LinkId, NodeId } from '../node/ids.ts';
import type { Site } from './buggify.ts';
import type { ByteStream } from './byte-stream.ts';
import { Flight } from './flight.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { Path } from './path.ts';

/** A participant, as the network sees it: a machine, and maybe a process on it. */
export interface Endpoint<M> {
  readonly id: NodeId;
  /** Whether the machine has power: only then does anything answer. */
  readonly powered: boolean;
  /** Whether the process is frozen: what is for it waits. */
  readonly paused: boolean;
  /** Its connections, in the order of dialling; also those of which only the other end is left. */
  readonly links: Link<M>[];
  /** Whether a connection to this port is taken now. */
  accepts(port: Port): boolean;
  /**
   * Keeps a source that came up for a process that cannot take it now: a frozen one, or one that loads the
   * code for what it has not met before. False if it can.
   */
  detains(slot: number, kind: string): boolean;
  /** The same for a message that came up. */
  detainsMessage(slot: number, message: M): boolean;
  opened(link: LinkId, port: Port, peer: NodeId | undefined): void;
  received(link: LinkId, message: M): void;
  writable(link: LinkId): void;
  closed(link: LinkId, reason: CloseReason): void;
  posted(from: NodeId, message: M): void;
}

/** One direction of a connection. Only the head of what is in flight is known to the kernel. */
export class Pipe<M> extends Flight<M> {
  readonly link: Link<M>;
  readonly path: Path;
  readonly stream: Stream;
  readonly site: Site | undefined;
  readonly from: Endpoint<M>;
  readonly to: Endpoint<M>;
  /** Whether the receiving process has the connection open. */
  receiving = false;
  /** Whether the sender's last word is on its way: nothing is sent any more. */
  ended = false;
  /** Of `bytes`, those that arrived and whose acknowledgement could not come back. */
  unacked = 0;
  /** When the first of them arrived; -1 for none. */
  unackedAt = -1;
  /** Whether the sender was refused, and waits for room. */
  refusing = false;
  /** Whether it is on its way that there is room. */
  roomSent = false;
  /** When the first transmission failed since the last success; -1 when it goes well. */
  stalledAt = -1;
  /** Whether the head waits for a heal, or for the machine's power. */
  stalled = false;
  /** Its bytes, where the world speaks in bytes: then they are what is in flight in place of messages. */
  wire: ByteStream<M> | undefined;
  slot: number;
  /** Slot of the give-up deadline, once there was one; -1 before. */
  abortSlot = -1;

  constructor(kernel: Kernel, link: Link<M>, way: Way, from: Endpoint<M>, to: Endpoint<M>) {
    super();
    this.link = link;
    this.path = way.path;
    this.stream = way.stream;
    this.site = way.site;
    this.from = from;
    this.to = to;
    this.slot = kernel.open(SOURCE.pipe, this);
  }
}

/** One way of a connection that is to be made. */
export interface Way {
  readonly path: Path;
  /** Delays of this way and port; it goes on over all connections. */
  readonly stream: Stream;
  /** Where more delays come from, now and then. */
  readonly site: Site | undefined;
}

/** One connection: two directions. */
export class Link<M> {
  readonly id: LinkId;
  readonly port: Port;
  readonly dialler: Endpoint<M>;
  readonly acceptor: Endpoint<M>;
  /** From the dialler to the acceptor. */
  readonly forth: Pipe<M>;
  readonly back: Pipe<M>;
  /** Whether the dialler has been told that it is connected. */
  connected = false;
  /** When the first SYN was sent. */
  readonly dialledAt: number;
  /** How many SYNs got no answer. */
  attempts = 0;

  constructor(
    kernel: Kernel,
    id: LinkId,
    port: Port,
    dialler: Endpoint<M>,
    acceptor: Endpoint<M>,
    forth: Way,
    back: Way,
  ) {
    this.id = id;
    this.port = port;
    this.dialler = dialler;
    this.acceptor = acceptor;
    this.dialledAt = kernel.now;
    this.forth = new Pipe(kernel, this, forth, dialler, acceptor);
    this.back = new Pipe(kernel, this, back, acceptor, dialler);
    this.back.receiving = true;
  }

  /** The direction in which this participant sends. */
  pipeFrom(sender: Endpoint<M>): Pipe<M> {
    return sender === this.dialler ? this.forth : this.back;
  }

  /** The other direction of the same connection. */
  opposite(pipe: Pipe<M>): Pipe<M> {
    return pipe === this.forth ? this.back : this.forth;
  }
}
