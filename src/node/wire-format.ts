import type { Port } from './env.ts';
import type { NodeId } from './ids.ts';

/** One direction of a connection as a conversation in bytes: what its ends remember of it. */
export interface Conversation<M> {
  /** The bytes of a message; none where its content goes with a later one. */
  write(message: M): Uint8Array;
  /** Takes the next bytes in, in whatever pieces. */
  push(piece: Uint8Array): void;
  /** The next message that is all there. */
  next(): M | undefined;
}

/** Both directions of a connection. */
export interface Exchange<M> {
  /** What the dialler says. */
  readonly forth: Conversation<M>;
  readonly back: Conversation<M>;
}

/** How messages become bytes, and bytes messages: a codec for each connection. */
export interface WireFormat<M> {
  /**
   * Begins a connection between two participants: the dialler's direction, and the other.
   *
   * @param dialler 0: the end that was dialled does not know yet
   * @param address where the dialler calls from, as the socket tells the end that was dialled; empty: it does
   *   not
   */
  converse(port: Port, dialler: NodeId | 0, acceptor: NodeId, address: string): Exchange<M>;
}
