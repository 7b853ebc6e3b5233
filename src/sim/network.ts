import { assert } from '../core/assert.ts';
import type { Decisions, Stream } from '../core/decisions.ts';
import type { Port } from '../node/env.ts';
import type { CloseReason } from '../node/events.ts';
import { type LinkId, type NodeId, nameOf } from '../node/ids.ts';
import type { Language } from '../node/protocol.ts';
import { CONTROL } from './control.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import { type Endpoint, Link, type Pipe } from './link.ts';
import type { Path } from './path.ts';
import type { Paths } from './paths.ts';
import type { NetworkProfile } from './profile.ts';
import { GIVE_UP_US, nextRetry, SYN_ATTEMPTS, synSentAfter } from './retries.ts';
import type { Testimony } from './testimony.ts';

/** How a process ended, as far as its connections can tell. */
export type ProcessEnd = 'crash' | 'stop' | 'power-cut' | 'exit';

/**
 * Connections that behave like TCP's. Each direction is first in, first out, and loses nothing in its middle: what
 * cannot pass is repeated until it does, or until the sender's kernel gives the connection up.
 */
export class Network<M> {
  readonly #kernel: Kernel;
  readonly #testimony: Testimony;
  readonly #decisions: Decisions;
  readonly #language: Language<M>;
  readonly #paths: Paths;
  readonly #capacity: number;
  /** By id. */
  readonly #links: (Link<M> | undefined)[] = [undefined];
  /** What a dying participant's kernel still sends, by participant. */
  readonly #deaths: (Stream | undefined)[] = [];

  constructor(
    kernel: Kernel,
    testimony: Testimony,
    decisions: Decisions,
    language: Language<M>,
    paths: Paths,
    profile: NetworkProfile,
  ) {
    this.#kernel = kernel;
    this.#testimony = testimony;
    this.#decisions = decisions;
    this.#language = language;
    this.#paths = paths;
    this.#capacity = profile.bufferBytes;
  }

  /** A process dials. */
  connect(dialler: Endpoint<M>, acceptor: Endpoint<M>, port: Port): LinkId {
    assert(dialler !== acceptor, 'a participant does not dial itself');
    const id = this.#links.length as LinkId;
    const forth = this.#paths.way(dialler.id, acceptor.id, port);
    const back = this.#paths.way(acceptor.id, dialler.id, port);
    const link = new Link(this.#kernel, id, port, dialler, acceptor, forth, back);
    this.#links.push(link);
    dialler.links.push(link);
    acceptor.links.push(link);
    this.#send(link.forth, CONTROL.syn, undefined);
    return id;
  }

  /** A process sends. False: no room. What is sent into a connection that has ended vanishes, as into a closed socket. */
  send(sender: Endpoint<M>, id: LinkId, message: M): boolean {
    const link = this.#links[id];
    if (link === undefined) return true;
    const pipe = link.pipeFrom(sender);
    if (pipe.ended || !link.opposite(pipe).receiving) return true;
    assert(link.connected || sender !== link.dialler, 'nothing is sent before the connection is open');
    const size = this.#language.sizeOf(message);
    if (pipe.refusing || (pipe.bytes > 0 && pipe.bytes + size > this.#capacity)) {
      pipe.refusing = true;
      return false;
    }
    if (this.#testimony.sent) {
      const text = this.#language.describe(message);
      this.#testimony.tell({ kind: 'sent', link: id, from: sender.id, to: pipe.to.id, message: text });
    }
    this.#send(pipe, size, message);
    return true;
  }

  /** A process closes its end. */
  close(closer: Endpoint<M>, id: LinkId): void {
    const link = this.#links[id];
    if (link === undefined) return;
    const out = link.pipeFrom(closer);
    const incoming = link.opposite(out);
    if (!incoming.receiving) return;
    this.#shut(incoming, 'closed');
    if (!out.receiving) this.#release(link);
    else this.#lastWord(out, CONTROL.fin);
  }

  /** The process of a participant ended: its connections end in the way that fits. */
  processEnded(gone: Endpoint<M>, how: ProcessEnd): void {
    for (const link of gone.links.slice()) {
      const out = link.pipeFrom(gone);
      const incoming = link.opposite(out);
      const open = incoming.receiving;
      if (!open && how !== 'power-cut') continue;
      if (open) this.#shut(incoming, how);
      if (!out.receiving) this.#release(link);
      else if (how === 'stop') this.#lastWord(out, CONTROL.fin);
      else {
        this.#loseTail(out);
        if (how !== 'power-cut') this.#lastWord(out, CONTROL.died);
      }
    }
  }

  /** A machine has power again: it answers what is repeated to it. */
  powerReturned(machine: Endpoint<M>): void {
    for (const link of machine.links.slice()) {
      const pipe = link.opposite(link.pipeFrom(machine));
      if (pipe.stalled && pipe.path.cuts === 0) this.#resume(pipe);
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
      if (pipe.stalled && (pipe.receiving || pipe.to.powered)) this.#resume(pipe);
      this.#acknowledged(link.opposite(pipe));
    }
  }

  /** Breaks all connections between two participants; both ends see a reset. Returns how many there were. */
  reset(a: Endpoint<M>, b: Endpoint<M>): number {
    let count = 0;
    for (const link of a.links.slice()) {
      if (link.pipeFrom(a).to !== b) continue;
      count++;
      this.#breakEnd(link.forth, CONTROL.broken);
      this.#breakEnd(link.back, CONTROL.broken);
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
    if (to.paused) {
      to.hold(pipe.slot);
      return;
    }
    const message = pipe.headMessage;
    const { id } = pipe.link;
    this.#take(pipe);
    this.#drain(pipe, size);
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
    this.#giveUp(pipe);
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
      this.#repeatSyn(pipe);
      return;
    }
    if (to.accepts(link.port)) {
      // The kernel answers; the process hears of it when it runs.
      pipe.receiving = true;
      this.#send(link.back, CONTROL.connected, undefined);
      pipe.become(CONTROL.accepted);
      this.#open(pipe, undefined);
      return;
    }
    this.#kernel.begin(SOURCE.pipe, to.id);
    this.#take(pipe);
    this.#lastWord(link.back, CONTROL.refused);
  }

  #open(pipe: Pipe<M>, peer: NodeId | undefined): void {
    const { to, link } = pipe;
    if (to.paused) {
      to.hold(pipe.slot);
      return;
    }
    this.#take(pipe);
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
    if (to.paused) {
      to.hold(pipe.slot);
      return;
    }
    this.#take(pipe);
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
      this.#take(pipe);
      return;
    }
    if (to.paused) {
      to.hold(pipe.slot);
      return;
    }
    this.#kernel.begin(SOURCE.pipe, to.id);
    this.#kernel.digest.word(link.id);
    this.#shut(pipe, reason);
    const out = link.opposite(pipe);
    if (out.receiving) this.#empty(out);
    else this.#release(link);
    to.closed(link.id, reason);
  }

  /** Something arrives where no process has the connection. */
  #stray(pipe: Pipe<M>, size: number): void {
    if (!pipe.to.powered) {
      this.#stall(pipe);
      return;
    }
    this.#take(pipe);
    this.#drain(pipe, size);
    const answer = pipe.link.opposite(pipe);
    if (!answer.ended) this.#lastWord(answer, CONTROL.stray);
  }

  /** What is first in the direction cannot pass now, if true; then it has been seen to. */
  #hindered(pipe: Pipe<M>): boolean {
    const { path } = pipe;
    if (pipe.headSeq <= pipe.arrivedSeq) return false;
    if (path.cuts === 0 && !path.loses()) return false;
    const size = pipe.headSize;
    if (size === CONTROL.syn) {
      this.#repeatSyn(pipe);
    } else if (size === CONTROL.stray) {
      this.#take(pipe);
      pipe.ended = false;
    } else {
      this.#stall(pipe);
    }
    return true;
  }

  #repeatSyn(pipe: Pipe<M>): void {
    const { link } = pipe;
    link.attempts++;
    const sentAt = link.dialledAt + synSentAfter(link.attempts);
    if (link.attempts < SYN_ATTEMPTS) {
      pipe.postpone(sentAt + pipe.path.latency.sample(pipe.stream));
      this.#arm(pipe);
      return;
    }
    this.#empty(pipe);
    link.back.push(sentAt, this.#kernel.nextSeq(), CONTROL.gaveUp, undefined);
    this.#arm(link.back);
  }

  /** The first item did not pass: it goes again when TCP repeats it, or when a heal lets it. */
  #stall(pipe: Pipe<M>): void {
    const { now } = this.#kernel;
    if (pipe.stalledAt < 0) pipe.stalledAt = now;
    if (pipe.path.cuts > 0 || !pipe.to.powered) {
      pipe.stalled = true;
      this.#armAbort(pipe, pipe.stalledAt);
    } else if (now - pipe.stalledAt >= GIVE_UP_US) {
      this.#giveUp(pipe);
    } else {
      pipe.postpone(nextRetry(pipe.stalledAt, now));
      this.#arm(pipe);
    }
  }

  #resume(pipe: Pipe<M>): void {
    pipe.stalled = false;
    if (pipe.count === 0) return;
    pipe.postpone(nextRetry(pipe.stalledAt, this.#kernel.now));
    this.#arm(pipe);
  }

  #armAbort(pipe: Pipe<M>, sinceUs: number): void {
    if (pipe.abortSlot < 0) pipe.abortSlot = this.#kernel.open(SOURCE.abort, pipe);
    pipe.abortSlot = this.#kernel.arm(pipe.abortSlot, sinceUs + GIVE_UP_US, this.#kernel.nextSeq());
  }

  /** The sender's kernel gives the connection up. The receiver hears nothing of it. */
  #giveUp(pipe: Pipe<M>): void {
    this.#empty(pipe);
    const incoming = pipe.link.opposite(pipe);
    if (incoming.receiving) this.#breakEnd(incoming, CONTROL.gaveUp);
    else this.#release(pipe.link);
  }

  #breakEnd(pipe: Pipe<M>, control: number): void {
    this.#empty(pipe);
    if (!pipe.receiving) return;
    pipe.push(this.#kernel.now + 1, this.#kernel.nextSeq(), control, undefined);
    this.#arm(pipe);
  }

  /** The process has taken `size` bytes out of the direction. */
  #drain(pipe: Pipe<M>, size: number): void {
    pipe.stalledAt = -1;
    if (pipe.path.impaired && (pipe.path.reverse?.cuts ?? 0) > 0) {
      pipe.unacked += size;
      if (pipe.unackedAt < 0) {
        pipe.unackedAt = this.#kernel.now;
        this.#armAbort(pipe, pipe.unackedAt);
      }
      return;
    }
    pipe.bytes -= size;
    if (pipe.refusing) this.#offerRoom(pipe);
  }

  /** The way back is open again: what arrived meanwhile is acknowledged. */
  #acknowledged(pipe: Pipe<M>): void {
    if (pipe.unackedAt < 0) return;
    pipe.bytes -= pipe.unacked;
    pipe.unacked = 0;
    pipe.unackedAt = -1;
    if (pipe.refusing) this.#offerRoom(pipe);
  }

  #offerRoom(pipe: Pipe<M>): void {
    if (pipe.roomSent || pipe.bytes * 2 >= this.#capacity) return;
    const answer = pipe.link.opposite(pipe);
    if (answer.ended) return;
    pipe.roomSent = true;
    this.#send(answer, CONTROL.room, undefined);
  }

  /** The process at the receiving end of the direction has the connection no more. */
  #shut(pipe: Pipe<M>, reason: string): void {
    pipe.receiving = false;
    this.#empty(pipe);
    if (!this.#testimony.linkClosed) return;
    this.#testimony.tell({ kind: 'link-closed', link: pipe.link.id, server: pipe.to.id, reason });
  }

  #lastWord(pipe: Pipe<M>, control: number): void {
    if (pipe.ended) return;
    pipe.ended = true;
    this.#send(pipe, control, undefined);
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

  #empty(pipe: Pipe<M>): void {
    pipe.clear();
    pipe.lastDue = this.#kernel.now;
    pipe.stalled = false;
    pipe.stalledAt = -1;
    pipe.unacked = 0;
    pipe.unackedAt = -1;
    pipe.bytes = 0;
    this.#kernel.disarm(pipe.slot);
  }

  #release(link: Link<M>): void {
    this.#links[link.id] = undefined;
    for (const pipe of [link.forth, link.back]) {
      this.#kernel.close(pipe.slot);
      if (pipe.abortSlot >= 0) this.#kernel.close(pipe.abortSlot);
    }
    forget(link.dialler.links, link);
    forget(link.acceptor.links, link);
  }

  /** Puts something on its way. */
  #send(pipe: Pipe<M>, size: number, message: M | undefined): void {
    const { path } = pipe;
    const { now } = this.#kernel;
    const leaves = path.bytesPerSecond === 0 || size < 0 ? now : path.departure(now, size);
    let due = leaves + path.latency.sample(pipe.stream);
    if (due <= pipe.lastDue) due = pipe.lastDue + 1;
    const seq = this.#kernel.nextSeq();
    pipe.push(due, seq, size, message);
    if (pipe.count === 1) pipe.slot = this.#kernel.arm(pipe.slot, due, seq);
  }

  #take(pipe: Pipe<M>): void {
    pipe.shift();
    if (pipe.count > 0) this.#arm(pipe);
  }

  #arm(pipe: Pipe<M>): void {
    pipe.slot = this.#kernel.arm(pipe.slot, pipe.headDue, pipe.headSeq);
  }
}

function forget<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
