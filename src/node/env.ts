import type { LinkId, NodeId, Ticket } from './ids.ts';
import type { Work } from './work.ts';

/**
 * Everything a node may do. No call re-enters the node: effects happen after `handle` has returned. The same
 * node runs on the simulated world and on real sockets, so nothing here tells which of the two it is.
 */
export type Env<M, R, F> = { readonly self: NodeId } & Clock &
  Timers<string> &
  Stages<string> &
  Labour &
  Links<M> &
  Disk<R> &
  Chance &
  Process &
  Reports<F>;

/** What a connection is for. A server listens on each port by itself; clients dial the client port. */
export type Port = 'election' | 'quorum' | 'client';

/** The local clock of a server: offset and rate are the world's affair. */
export interface Clock {
  /** Monotonic local time in µs. It may run at another rate than the world's, and never jumps. */
  now(): number;
  /** Wall-clock time in ms. It may jump, back too. */
  wallMs(): number;
}

/** Deadlines on the local clock. */
export interface Timers<T extends string> {
  /**
   * Asks for one `timer` event after `afterUs` of local time. `subject` is the peer that the timer is about,
   * 0 if none; setting a timer that is already set moves it. Costs no queue traffic: a timer is a deadline.
   */
  setTimer(timer: T, afterUs: number, subject?: number): void;
  cancelTimer(timer: T, subject?: number): void;
}

/** Work of the node itself that happens later, in a turn of its own. */
export interface Stages<S extends string> {
  /**
   * Asks for a later `turn` of a stage: a ZooKeeper queue and the thread that drains it. At most one turn is
   * pending; a stage that has more to do wakes itself again.
   */
  wake(stage: S): void;
}

/** Work that takes the time of the whole server. */
export interface Labour {
  /**
   * Does a piece of work, or `pieces` of a kind. True: it takes a while, in which nothing is handed to this
   * node, and a `turn` of that name follows when it is done. False: it is done already.
   */
  work(work: Work, pieces?: number): boolean;
}

/** FIFO connections to other participants. */
export interface Links<M> {
  /** Opens a port. Connecting to a port that is not open is refused. */
  listen(port: Port): void;
  unlisten(port: Port): void;
  /** Dials. `opened` or `closed` follows; nobody gives up on a dial but the dialler, with `close`. */
  connect(peer: NodeId, port: Port): LinkId;
  /**
   * Ends a connection: what was sent still arrives, then the peer sees `closed`. This end hears nothing more.
   */
  close(link: LinkId): void;
  /**
   * Sends in order. `false`: the buffer is full, the message was not taken, and a `writable` event will
   * follow.
   */
  send(link: LinkId, message: M): boolean;
}

/** For protocols whose papers assume messages and not connections. */
export interface Datagrams<M> {
  /** A message that may vanish, double or overtake others. */
  post(to: NodeId, message: M): void;
}

/** The name of one file on the disk of a server. */
export type FileName = string;

/**
 * What every stored record says of itself, for the world's testimony: a zxid or an epoch, and a digest of its
 * content.
 */
export interface Stored {
  readonly kind: string;
  readonly position: number;
  readonly digest: number;
}

/**
 * A record that did not survive: `torn` when a power cut left only a part of it (its end marker is missing),
 * `flipped` when bits changed under an intact frame (its checksum is wrong).
 */
export interface Damaged {
  readonly kind: 'damaged';
  readonly how: 'torn' | 'flipped';
  readonly position: number;
  readonly digest: number;
  /** What was damaged, and a drawn number that says where, in a world whose files are bytes. */
  readonly hit?: { readonly record: Stored; readonly at: number };
}

/** Files of records. What is appended is volatile until it is synced. */
export interface Disk<R> {
  /** The names of the files, ascending by UTF-16 units. */
  files(): readonly FileName[];
  /**
   * What this process would read now, unsynced records included; empty when there is no such file. Lent: copy
   * to keep.
   */
  read(file: FileName): readonly (R | Damaged)[];
  /** Adds a record, creating the file. Volatile until synced: a power cut may lose it. */
  append(file: FileName, record: R): void;
  remove(file: FileName): void;
  /** Keeps the first `keep` records. Durable only with the next sync of the file. */
  truncate(file: FileName, keep: number): void;
  /**
   * Replaces the whole file by one record, atomically: a power cut before the sync leaves the old or the new.
   */
  replace(file: FileName, record: R): void;
  /** Makes durable all that was done to the file before; `synced` or `failed` follows with this ticket. */
  sync(file: FileName): Ticket;
}

/** The chance that ZooKeeper itself takes: roll sizes, delays. */
export interface Chance {
  /** A choice that ZooKeeper itself makes at random (roll sizes, an observer's delay): `0..bound−1`. */
  draw(bound: number): number;
}

/** The operating system's view of the node. */
export interface Process {
  /**
   * Ends the process where ZooKeeper's ends itself: a failed TRUNC, a fatal recovery. Nothing is handled any
   * more.
   */
  exit(reason: string): void;
}

/** Where a node testifies. */
export interface Reports<F> {
  /**
   * Testifies to a decision of this node. The fact is lent: whoever is told of it keeps a copy, if anything,
   * and the node may write the next into the same object.
   */
  report(fact: F): void;
}
