/** What is in flight beside messages. Stored in the size column, as negative numbers. */
export const CONTROL = {
  /** Asks for a connection. */
  syn: -1,
  /** The acceptor's process is to be told of the connection. */
  accepted: -2,
  /** The dialler learns that it is connected. */
  connected: -3,
  /** The dialler learns that nobody listens. */
  refused: -4,
  /** The sender closed in order. */
  fin: -5,
  /** The sender's process died: like `fin`, but its peer sees a reset. */
  died: -6,
  /** An answer to a segment for which there is no connection; nobody repeats it when it gets lost. */
  stray: -7,
  /** The receiver's own kernel breaks the connection. */
  broken: -8,
  /** The receiver's own kernel gives the connection up. */
  gaveUp: -9,
  /** There is room again in the buffer of the opposite direction. */
  room: -10,
} as const;
