import { randomInt } from 'node:crypto';
import type { Env, FileName, Port, Stored } from '../node/env.ts';
import type { NodeEvent } from '../node/events.ts';
import type { Fact } from '../node/facts.ts';
import type { LinkId, NodeId, Ticket } from '../node/ids.ts';
import type { NodeView, Participant } from '../node/protocol.ts';
import type { WireFormat } from '../node/wire-format.ts';
import { type Address, Connections } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import { FileDisk, type FileDiskSetup } from './file-disk.ts';

/** What a process with one node is made from. */
export interface HostSetup<M, R extends Stored> {
  readonly self: NodeId;
  readonly wire: WireFormat<M>;
  readonly disk: Omit<FileDiskSetup<R>, 'hand'>;
  /** Where this server listens. */
  readonly own: Readonly<Record<Port, Address>>;
  /** Where another server listens; undefined: nobody knows. */
  addressOf(peer: NodeId, port: Port): Address | undefined;
  createNode(env: Env<M, R, Fact>): Participant<M>;
  /** What the process answers by itself, before its node hears of it; the connection ends with it. */
  answer(message: M, view: NodeView): M | undefined;
  /** Hears what the node testifies to. A fact is lent. */
  witness(fact: Fact): void;
  /** Hears of what other processes do that makes no sense. */
  warn(text: string): void;
}

/** A process with one node, running on sockets, files and the machine's clock. */
export interface Host {
  inspect(): NodeView;
  /**
   * The process ended: why, as its node or the machine says; empty: it was stopped. Rejects with a defect of
   * the node.
   */
  readonly ended: Promise<string>;
  /** Ends it as a killed process ends: nothing is said to anybody. */
  stop(): void;
}

/** Starts a node on real sockets and files: the same code, event by event, that a simulated world runs. */
export function hostNode<M, R extends Stored>(setup: HostSetup<M, R>): Host {
  return new TcpHost(setup).start();
}

/** What a process says of itself that is not there yet. */
const BEFORE: NodeView = {
  state: 'looking',
  acceptedEpoch: 0,
  currentEpoch: 0,
  lastZxid: 0,
  lastCommitted: 0,
};

class TcpHost<M, R extends Stored> implements Env<M, R, Fact>, Host {
  readonly self: NodeId;
  readonly ended: Promise<string>;
  readonly #setup: HostSetup<M, R>;
  readonly #timers: Deadlines;
  readonly #connections: Connections<M>;
  readonly #disk: FileDisk<R>;
  readonly #awake = new Set<string>();
  /** Whether what the node asks for is done. */
  #live = true;
  #node: Participant<M> | undefined;
  #resolve: (reason: string) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(setup: HostSetup<M, R>) {
    const hand = (event: NodeEvent<M>) => this.#hand(event);
    this.#setup = setup;
    this.self = setup.self;
    this.#timers = new Deadlines(
      () => this.now(),
      (timer, subject) => hand({ kind: 'timer', timer, subject }),
    );
    const { self, wire, own } = setup;
    this.#connections = new Connections<M>({
      self,
      wire,
      own,
      addressOf: (peer, port) => setup.addressOf(peer, port),
      answer: (message) => setup.answer(message, this.inspect()),
      hand,
      trouble: (text, fatal) => (fatal ? this.#end(text) : setup.warn(text)),
    });
    this.#disk = new FileDisk<R>({ ...setup.disk, hand });
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  start(): this {
    this.#node = this.#setup.createNode(this);
    this.#hand({ kind: 'started' });
    return this;
  }

  inspect(): NodeView {
    return this.#node?.inspect() ?? BEFORE;
  }

  stop(): void {
    this.#end('');
  }

  // --- The node's calls (Env) ---

  /** Since the machine started, and not the process: the ids of sessions begin with it. */
  now(): number {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
  }

  wallMs(): number {
    return Date.now();
  }

  setTimer(timer: string, afterUs: number, subject = 0): void {
    if (this.#live) this.#timers.set(timer, afterUs, subject);
  }

  cancelTimer(timer: string, subject = 0): void {
    this.#timers.cancel(timer, subject);
  }

  wake(stage: string): void {
    if (!this.#live || this.#awake.has(stage)) return;
    this.#awake.add(stage);
    setImmediate(() => {
      this.#awake.delete(stage);
      this.#hand({ kind: 'turn', stage });
    });
  }

  /** What work costs, the machine itself shows. */
  work(): boolean {
    return false;
  }

  listen(port: Port): void {
    if (this.#live) this.#connections.listen(port);
  }

  unlisten(port: Port): void {
    this.#connections.unlisten(port);
  }

  connect(peer: NodeId, port: Port): LinkId {
    return this.#live ? this.#connections.connect(peer, port) : (0 as LinkId);
  }

  close(link: LinkId): void {
    this.#connections.close(link);
  }

  send(link: LinkId, message: M): boolean {
    return this.#connections.send(link, message);
  }

  files() {
    return this.#disk.files();
  }

  read(file: FileName) {
    return this.#disk.read(file);
  }

  append(file: FileName, record: R): void {
    if (this.#live) this.#disk.append(file, record);
  }

  remove(file: FileName): void {
    if (this.#live) this.#disk.remove(file);
  }

  truncate(file: FileName, keep: number): void {
    if (this.#live) this.#disk.truncate(file, keep);
  }

  replace(file: FileName, record: R): void {
    if (this.#live) this.#disk.replace(file, record);
  }

  sync(file: FileName) {
    return this.#live ? this.#disk.sync(file) : (0 as Ticket);
  }

  draw(bound: number): number {
    return randomInt(bound);
  }

  exit(reason: string): void {
    this.#end(reason);
  }

  report(fact: Fact): void {
    this.#setup.witness(fact);
  }

  // --- The machine ---

  #hand(event: NodeEvent<M>): void {
    if (!this.#live) return;
    try {
      this.#node?.handle(event);
    } catch (error) {
      this.#close();
      this.#reject(error);
    }
  }

  #end(reason: string): void {
    if (!this.#live) return;
    this.#close();
    this.#resolve(reason);
  }

  #close(): void {
    this.#live = false;
    this.#timers.stop();
    this.#connections.stop();
    this.#disk.stop();
  }
}
