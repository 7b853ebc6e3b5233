import type { CloseReason, NodeEvent } from '../../node/events.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import type { RaftConfig } from './config.ts';
import type { RaftEnv, RaftMessage } from './messages.ts';

/** The connection to a peer that this server dialled: what it asks goes out, and answers come back, on it. */
interface Line {
  readonly peer: NodeId;
  link: LinkId | undefined;
  open: boolean;
  /** The connection's buffer is full. */
  blocked: boolean;
  /** Something was asked, and nothing was heard since. */
  waiting: boolean;
}

/** A connection that a peer dialled. */
export interface Caller {
  readonly link: LinkId;
  /** Whoever dialled; 0 before it said so. */
  peer: NodeId;
  /** The number of the connection, from 1: the owner of what is asked on it. */
  readonly number: number;
}

/** What becomes of a server's own connections. */
export interface LineHost {
  /** The connection to the peer is there, or can take more again. */
  reachable(peer: NodeId): void;
  /** The connection ended; what was on its way may be lost. `told`: by its other end, or the network. */
  unreachable(peer: NodeId, told: boolean): void;
}

/**
 * The connections between servers. Each dials every other, and asks on its own connection; the other answers
 * on the same. A connection that ends is dialled again; one that is silent for too long after a question is
 * given up, since its other end may have lost its power.
 */
export class Peers {
  readonly #env: RaftEnv;
  readonly #config: RaftConfig;
  readonly #host: LineHost;
  readonly #lines = new Map<NodeId, Line>();
  readonly #byLink = new Map<LinkId, Line>();
  readonly #callers = new Map<LinkId, Caller>();
  #connections = 0;

  constructor(env: RaftEnv, config: RaftConfig, host: LineHost) {
    this.#env = env;
    this.#config = config;
    this.#host = host;
  }

  /** Opens the port, and dials all of them. */
  start(members: readonly NodeId[]): void {
    this.#env.listen('quorum');
    for (const peer of members) {
      if (peer === this.#env.self) continue;
      this.#lines.set(peer, { peer, link: undefined, open: false, blocked: false, waiting: false });
      this.#dial(peer);
    }
  }

  /** Whether the connection to the peer is there. */
  isOpen(peer: NodeId): boolean {
    return this.#lines.get(peer)?.open ?? false;
  }

  /** Asks a peer. `false`: there is no connection, or it takes nothing more now. */
  ask(peer: NodeId, message: RaftMessage, patienceUs?: number): boolean {
    const line = this.#lines.get(peer);
    if (line?.link === undefined || !line.open || line.blocked) return false;
    if (!this.#env.send(line.link, message)) {
      line.blocked = true;
      return false;
    }
    if (patienceUs !== undefined || !line.waiting) {
      const { syncLimit, tickTimeUs } = this.#config.settings;
      line.waiting = true;
      this.#env.setTimer('answer', patienceUs ?? syncLimit * tickTimeUs, peer);
    }
    return true;
  }

  /** Tells a peer what wants no answer. */
  tell(peer: NodeId, message: RaftMessage): boolean {
    const line = this.#lines.get(peer);
    if (line?.link === undefined || !line.open || line.blocked) return false;
    if (this.#env.send(line.link, message)) return true;
    line.blocked = true;
    return false;
  }

  /** Answers on the connection of whoever asked. What does not fit is lost: it will ask again. */
  answer(caller: Caller, message: RaftMessage): void {
    if (this.#callers.has(caller.link)) this.#env.send(caller.link, message);
  }

  /** The connection that a peer dialled last. */
  callerOf(link: LinkId): Caller | undefined {
    return this.#callers.get(link);
  }

  /** The peer that the server asked on this connection. */
  peerOf(link: LinkId): NodeId | undefined {
    return this.#byLink.get(link)?.peer;
  }

  opened({ link, peer }: Extract<NodeEvent<unknown>, { kind: 'opened' }>): void {
    const line = this.#byLink.get(link);
    if (line !== undefined) {
      line.open = true;
      this.#env.cancelTimer('dial', line.peer);
      this.#env.send(link, { kind: 'hello', sid: this.#env.self });
      this.#host.reachable(line.peer);
    } else if (peer === undefined) {
      this.#callers.set(link, { link, peer: 0 as NodeId, number: ++this.#connections });
    } else this.#env.close(link);
  }

  /** A peer said who it is: whatever it dialled before is dead. */
  greeted(caller: Caller, peer: NodeId): void {
    for (const other of [...this.#callers.values()]) {
      if (other.peer !== peer || other === caller) continue;
      this.#callers.delete(other.link);
      this.#env.close(other.link);
    }
    caller.peer = peer;
  }

  /** Something came from the peer. */
  heard(peer: NodeId): void {
    const line = this.#lines.get(peer);
    if (line === undefined || !line.waiting) return;
    line.waiting = false;
    this.#env.cancelTimer('answer', peer);
  }

  writable(link: LinkId): void {
    const line = this.#byLink.get(link);
    if (line === undefined || !line.blocked) return;
    line.blocked = false;
    this.#host.reachable(line.peer);
  }

  closed(link: LinkId, reason: CloseReason): void {
    this.#callers.delete(link);
    const line = this.#byLink.get(link);
    if (line !== undefined) this.#lost(line, reason !== 'refused');
  }

  /** A dial, or an answer, took too long; or it is time to dial again. */
  timer(timer: string, peer: NodeId): void {
    const line = this.#lines.get(peer);
    if (line === undefined) return;
    if (timer === 'redial') this.#dial(peer);
    else if (line.link !== undefined) {
      this.#env.close(line.link);
      this.#lost(line, false);
    }
  }

  #dial(peer: NodeId): void {
    const line = this.#lines.get(peer);
    if (line === undefined || line.link !== undefined) return;
    line.link = this.#env.connect(peer, 'quorum');
    this.#byLink.set(line.link, line);
    this.#env.setTimer('dial', this.#config.settings.cnxTimeoutUs, peer);
  }

  #lost(line: Line, told: boolean): void {
    const { link, open, peer } = line;
    if (link !== undefined) this.#byLink.delete(link);
    line.link = undefined;
    line.open = false;
    line.blocked = false;
    line.waiting = false;
    this.#env.cancelTimer('dial', peer);
    this.#env.cancelTimer('answer', peer);
    this.#env.setTimer('redial', this.#config.settings.redialUs, peer);
    if (open) this.#host.unreachable(peer, told);
  }
}
