import { assert } from '../core/assert.ts';
import type { Decisions, Stream } from '../core/decisions.ts';
import type { Port } from '../node/env.ts';
import type { CloseReason } from '../node/events.ts';
import { type LinkId, type NodeId, nameOf } from '../node/ids.ts';
import type { Language } from '../node/protocol.ts';
import type { WireFormat } from '../node/wire-format.ts';
import { ByteStream, bytesInFlight } from './byte-stream.ts';
import { CONTROL } from './control.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { Endpoint, Link, Pipe } from './link.ts';
import type { Path } from './path.ts';
import type { Paths } from './paths.ts';
import type { NetworkProfile } from './profile.ts';
import type { Testimony } from './testimony.ts';
import { Transport } from './transport.ts';

/** How a process ended, as far as its connections can tell. */
export type ProcessEnd = 'crash' | 'stop' | 'power-cut' | 'exit';

/** What a process first meets of a connection, by its port. */
const OPENED = { election: 'opened election', quorum: 'opened quorum', client: 'opened client' } as const;

/**
 * Connections that behave like TCP's. Each direction is first in, first out, and loses nothing in its
 * middle: what cannot pass is repeated until it does, or until the sender's kernel gives the connection up.
 */
export class Network<M> {
  readonly #kernel: Kernel;
  readonly #testimony: Testimony;
  readonly #decisions: Decisions;
  readonly #language: Language<M>;
  readonly #transport: Transport<M>;
  /** What a dying participant's kernel still sends, by participant. */
  readonly #deaths: (Stream | undefined)[] = [];
  /** How messages become bytes; undefined: they go as they are. */
  readonly #wire: WireFormat<M> | undefined;
  /** Streams of splits by name: they go on over all connections. */
  readonly #pieces = new Map<string, Stream>();

  constructor(
    kernel: Kernel,
    testimony: Testimony,
    decisions: Decisions,
    language: Language<M>,
    paths: Paths,
    profile: NetworkProfile,
    wire: WireFormat<M> | undefined,
  ) {
    this.#kernel = kernel;
    this.#testimony = testimony;
    this.#decisions = decisions;
    this.#language = language;
    this.#transport = new Transport(kernel, testimony, paths, profile.bufferBytes);
    this.#wire = wire;
  }

  /** A process dials. */
  connect(dialler: Endpoint<M>, acceptor: Endpoint<M>, port: Port): LinkId {
    assert(dialler !== acceptor, 'a participant does not dial itself');
    const id = this.#transport.dial(dialler, acceptor, port);
    if (this.#wire !== undefined) this.#converse(this.#wire, id);
    return id;
  }

  #converse(wire: WireFormat<M>, id: LinkId): void {
    const link = this.#transport.linkOf(id) as Link<M>;
    const { forth, back } = wire.converse(link.port, link.dialler.id, link.acceptor.id, '');
    link.forth.wire = new ByteStream(forth, this.#splits(link.forth));
    link.back.wire = new ByteStream(back, this.#splits(link.back));
  }

  /** Where the bytes of a direction part. */
  #splits({ from, to, link }: Pipe<M>): Stream {
    const name = `pieces ${nameOf(from.id)}>${nameOf(to.id)} ${link.port}`;
    const stream = this.#pieces.get(name) ?? this.#decisions.stream(name);
    this.#pieces.set(name, stream);
    return stream;
  }

  /**
   * A process sends. False: no room. What is sent into a connection that has ended vanishes, as into a
   * closed socket.
   */
  send(sender: Endpoint<M>, id: LinkId, message: M): boolean {
    const link = this.#transport.linkOf(id);
    if (link === undefined) return true;
    const pipe = link.pipeFrom(sender);
    if (pipe.ended || !link.opposite(pipe).receiving) return true;
    assert(link.connected || sender !== link.dialler, 'nothing is sent before the connection is open');
    const size = this.#language.sizeOf(message);
    if (!this.#transport.hasRoom(pipe, size)) {
      pipe.refusing = true;
      return false;
    }
    if (this.#testimony.sent) {
      const text = this.#language.describe(message);
      this.#testimony.tell({ kind: 'sent', link: id, from: sender.id, to: pipe.to.id, message: text });
    }
    this.#transport.send(pipe, size, pipe.wire === undefined ? message : (pipe.wire.write(message) as M));
    return true;
  }

  /** A process closes its end. */
  close(closer: Endpoint<M>, id: LinkId): void {
    const link = this.#transport.linkOf(id);
    if (link === undefined) return;
    const out = link.pipeFrom(closer);
    const incoming = link.opposite(out);
    if (!incoming.receiving) return;
    this.#transport.shut(incoming, 'closed');
    if (!out.receiving) this.#transport.release(link);
    else this.#transport.lastWord(out, CONTROL.fin);
  }

  /**
   * The process of a participant ended: its connections end in the way that fits, those of a killed one
   * when it is gone, `lateUs` from now.
   */
  processEnded(gone: Endpoint<M>, how: ProcessEnd, lateUs = 0): void {
    for (const link of gone.links.slice()) {
      const out = link.pipeFrom(gone);
      const incoming = link.opposite(out);
      const open = incoming.receiving;
      if (!open && how !== 'power-cut') continue;
      if (open) this.#transport.shut(incoming, how);
      if (!out.receiving) this.#transport.release(link);
      else if (how === 'stop') this.#transport.lastWord(out, CONTROL.fin);
      else {
        this.#loseTail(out);
        if (how !== 'power-cut') this.#transport.lastWord(out, CONTROL.died, lateUs);
      }
    }
  }

  /** A machine has power again: it answers what is repeated to it. */
  powerReturned(machine: Endpoint<M>): void {
    for (const link of machine.links.slice()) {
      const pipe = link.opposite(link.pipeFrom(machine));
      if (pipe.stalled && pipe.path.cuts === 0) this.#transport.resume(pipe);
    }
  }

  /** A path was cut or healed just now. */
  pathChanged(path: Path, from: Endpoint<M>): void {
    for (const link of from.links.slice()) {
      const pipe = link.pipeFrom(from);
      if (pipe.path !== path) continue;
      if (path.cuts > 0) {
        if (pipe.to.paused) pipe.noteArrived(this.#kernel.now);
        continue;
      }
      if (pipe.stalled && (pipe.receiving || pipe.to.powered)) this.#transport.resume(pipe);
      this.#transport.acknowledged(link.opposite(pipe));
    }
  }

  /** What slowed a path or made it narrow is gone. */
  pathRelieved(path: Path, from: Endpoint<M>): void {
    for (const link of from.links) {
      const pipe = link.pipeFrom(from);
      if (pipe.path === path) this.#transport.hasten(pipe);
    }
  }

  /**
   * Breaks all connections between two participants; both ends see a reset. Returns how many there were.
   */
  reset(a: Endpoint<M>, b: Endpoint<M>): number {
    let count = 0;
    for (const link of a.links.slice()) {
      if (link.pipeFrom(a).to !== b) continue;
      count++;
      this.#transport.breakEnd(link.forth, CONTROL.broken);
      this.#transport.breakEnd(link.back, CONTROL.broken);
      link.forth.ended = true;
      link.back.ended = true;
    }
    return count;
  }

  /** What is first in a direction is due. */
  arrive(pipe: Pipe<M>): void {
    if (pipe.path.impaired && !pipe.headIsLocal() && this.#hindered(pipe)) return;
    const size = pipe.headSize;
    if (size < 0) {
      this.#control(pipe, size);
      return;
    }
    if (!pipe.receiving) {
      this.#stray(pipe, size);
      return;
    }
    const to = pipe.to;
    const message = pipe.headMessage;
    if (to.detainsMessage(pipe.slot, message)) return;
    const next = pipe.secondMessage;
    this.#transport.take(pipe);
    this.#transport.drain(pipe, size);
    if (pipe.wire === undefined) this.#deliver(pipe, message);
    else this.#decode(pipe, pipe.wire, message, next);
  }

  /** The last byte of what is first in a direction has come. */
  #decode(pipe: Pipe<M>, wire: ByteStream<M>, head: M, next: M | undefined): void {
    const behind = next === undefined ? undefined : bytesInFlight(next);
    for (const message of wire.arrive(bytesInFlight(head), behind)) {
      if (!pipe.receiving) return;
      this.#deliver(pipe, message);
    }
  }

  #deliver(pipe: Pipe<M>, message: M): void {
    const { to } = pipe;
    const { id } = pipe.link;
    const { digest } = this.#kernel;
    this.#kernel.begin(SOURCE.pipe, to.id);
    digest.word(id);
    this.#language.fold(message, digest);
    if (this.#testimony.delivered) {
      const text = this.#language.describe(message);
      this.#testimony.tell({ kind: 'delivered', link: id, from: pipe.from.id, to: to.id, message: text });
    }
    to.received(id, message);
  }

  /** A direction has been stalled for as long as its sender's kernel tries. */
  abort(pipe: Pipe<M>): void {
    if (!pipe.stalled && pipe.unacked === 0) return;
    this.#kernel.begin(SOURCE.abort, pipe.from.id);
    this.#transport.giveUp(pipe);
  }

  #control(pipe: Pipe<M>, control: number): void {
    switch (control) {
      case CONTROL.syn:
        this.#syn(pipe);
        return;
      case CONTROL.accepted:
        this.#open(pipe, undefined);
        return;
      case CONTROL.connected:
        this.#open(pipe, pipe.from.id);
        return;
      case CONTROL.room:
        this.#room(pipe);
        return;
      case CONTROL.refused:
        this.#end(pipe, 'refused');
        return;
      case CONTROL.fin:
        this.#end(pipe, 'closed');
        return;
      case CONTROL.gaveUp:
        this.#end(pipe, 'timeout');
        return;
      default:
        this.#end(pipe, 'reset');
    }
  }

  #syn(pipe: Pipe<M>): void {
    const { to, link } = pipe;
    if (!to.powered) {
      this.#transport.repeatSyn(pipe);
      return;
    }
    if (to.accepts(link.port)) {
      // The kernel answers; the process hears of it when it runs.
      pipe.receiving = true;
      this.#transport.send(link.back, CONTROL.connected, undefined);
      pipe.become(CONTROL.accepted);
      this.#open(pipe, undefined);
      return;
    }
    this.#kernel.begin(SOURCE.pipe, to.id);
    this.#transport.take(pipe);
    this.#transport.lastWord(link.back, CONTROL.refused);
  }

  #open(pipe: Pipe<M>, peer: NodeId | undefined): void {
    const { to, link } = pipe;
    if (to.detains(pipe.slot, OPENED[link.port])) return;
    this.#transport.take(pipe);
    this.#kernel.begin(SOURCE.pipe, to.id);
    this.#kernel.digest.word(link.id);
    if (peer !== undefined) link.connected = true;
    else if (this.#testimony.linkOpened) {
      const { id, dialler, acceptor, port } = link;
      this.#testimony.tell({ kind: 'link-opened', link: id, from: dialler.id, to: acceptor.id, port });
    }
    to.opened(link.id, link.port, peer);
  }

  #room(pipe: Pipe<M>): void {
    const { to, link } = pipe;
    if (to.detains(pipe.slot, 'room')) return;
    this.#transport.take(pipe);
    const out = link.opposite(pipe);
    out.refusing = false;
    out.roomSent = false;
    if (!pipe.receiving || out.ended) return;
    this.#kernel.begin(SOURCE.pipe, to.id);
    this.#kernel.digest.word(link.id);
    to.writable(link.id);
  }

  /** The receiving process learns that the connection is over. */
  #end(pipe: Pipe<M>, reason: CloseReason): void {
    const { to, link } = pipe;
    if (!pipe.receiving) {
      this.#transport.take(pipe);
      return;
    }
    if (to.detains(pipe.slot, reason)) return;
    this.#kernel.begin(SOURCE.pipe, to.id);
    this.#kernel.digest.word(link.id);
    this.#transport.shut(pipe, reason);
    const out = link.opposite(pipe);
    if (out.receiving) this.#transport.abandon(out);
    else this.#transport.release(link);
    to.closed(link.id, reason);
  }

  /** Something arrives where no process has the connection. */
  #stray(pipe: Pipe<M>, size: number): void {
    if (!pipe.to.powered) {
      this.#transport.stall(pipe);
      return;
    }
    this.#transport.take(pipe);
    this.#transport.drain(pipe, size);
    const answer = pipe.link.opposite(pipe);
    this.#transport.lastWord(answer, CONTROL.stray);
  }

  /** What is first in the direction cannot pass now, if true; then it has been seen to. */
  #hindered(pipe: Pipe<M>): boolean {
    const { path } = pipe;
    if (pipe.headSeq <= pipe.arrivedSeq) return false;
    if (path.cuts === 0 && !path.loses()) return false;
    const size = pipe.headSize;
    if (size === CONTROL.syn) {
      this.#transport.repeatSyn(pipe);
    } else if (size === CONTROL.stray) {
      this.#transport.take(pipe);
      pipe.ended = false;
    } else {
      this.#transport.stall(pipe);
    }
    return true;
  }

  /** The sender died: its kernel sends only a drawn part of what it had taken. */
  #loseTail(pipe: Pipe<M>): void {
    const loose = pipe.loose();
    if (loose === 0) return;
    const { id } = pipe.from;
    const stream = this.#deaths[id] ?? this.#decisions.stream(`death ${nameOf(id)}`);
    this.#deaths[id] = stream;
    for (let lost = stream.draw(loose + 1); lost > 0; lost--) {
      const size = pipe.drop();
      if (size === CONTROL.fin || size === CONTROL.died) pipe.ended = false;
    }
    if (pipe.count === 0) this.#kernel.disarm(pipe.slot);
  }
}
