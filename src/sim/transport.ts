import type { Port } from '../node/env.ts';
import type { LinkId } from '../node/ids.ts';
import { CONTROL } from './control.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import { type Endpoint, Link, type Pipe } from './link.ts';
import { Links } from './links.ts';
import type { Paths } from './paths.ts';
import { GIVE_UP_US, nextRetry, SYN_ATTEMPTS, synSentAfter } from './retries.ts';
import type { Testimony } from './testimony.ts';

/**
 * What the kernels of both ends do for a connection: put segments on their way, repeat those that did not
 * pass, count the bytes that are not acknowledged, give up after 15 minutes. Who gets to hear what is
 * decided by `Network`.
 */
export class Transport<M> {
  readonly #kernel: Kernel;
  readonly #testimony: Testimony;
  readonly #paths: Paths;
  /** Bytes that one direction takes before a sender is refused. */
  readonly #capacity: number;
  /** A connection is forgotten when neither end is left. */
  readonly #links = new Links<M>();

  constructor(kernel: Kernel, testimony: Testimony, paths: Paths, capacity: number) {
    this.#kernel = kernel;
    this.#testimony = testimony;
    this.#paths = paths;
    this.#capacity = capacity;
  }

  /** The connection with this number, while one of its ends is left. */
  linkOf(id: LinkId): Link<M> | undefined {
    return this.#links.get(id);
  }

  /** Begins to dial. */
  dial(dialler: Endpoint<M>, acceptor: Endpoint<M>, port: Port): LinkId {
    const id = this.#links.nextId();
    const forth = this.#paths.way(dialler.id, acceptor.id, port);
    const back = this.#paths.way(acceptor.id, dialler.id, port);
    const link = new Link(this.#kernel, id, port, dialler, acceptor, forth, back);
    this.#links.add(link);
    dialler.links.push(link);
    acceptor.links.push(link);
    this.send(link.forth, CONTROL.syn, undefined);
    return id;
  }

  /** Whether there is room for `size` more bytes; a sender that was refused waits until it is told. */
  hasRoom(pipe: Pipe<M>, size: number): boolean {
    return !pipe.refusing && (pipe.bytes === 0 || pipe.bytes + size <= this.#capacity);
  }

  /** Puts something on its way. */
  send(pipe: Pipe<M>, size: number, message: M | undefined, lateUs = 0): void {
    const { path } = pipe;
    const { now } = this.#kernel;
    const leaves = path.bytesPerSecond === 0 || size < 0 ? now : path.departure(now, size);
    let due = leaves + lateUs + path.latency.sample(pipe.stream) + (pipe.site?.lateUs(now) ?? 0);
    if (due <= pipe.lastDue) due = pipe.lastDue + 1;
    const seq = this.#kernel.nextSeq();
    pipe.push(due, seq, size, message);
    if (pipe.count === 1) pipe.slot = this.#kernel.arm(pipe.slot, due, seq);
  }

  /** Takes out what is first. */
  take(pipe: Pipe<M>): void {
    pipe.stalledAt = -1;
    pipe.shift();
    if (pipe.count > 0) this.#arm(pipe);
  }

  /** The sender's last word goes on its way `lateUs` from now, if it has not said one. */
  lastWord(pipe: Pipe<M>, control: number, lateUs = 0): void {
    if (pipe.ended) return;
    pipe.ended = true;
    this.send(pipe, control, undefined, lateUs);
  }

  /** The process has taken `size` bytes out of the direction. */
  drain(pipe: Pipe<M>, size: number): void {
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
  acknowledged(pipe: Pipe<M>): void {
    if (pipe.unackedAt < 0) return;
    pipe.bytes -= pipe.unacked;
    pipe.unacked = 0;
    pipe.unackedAt = -1;
    if (pipe.refusing) this.#offerRoom(pipe);
  }

  /** A SYN got no answer: it goes again, until the dial times out. */
  repeatSyn(pipe: Pipe<M>): void {
    const { link } = pipe;
    link.attempts++;
    const sentAt = link.dialledAt + synSentAfter(link.attempts);
    if (link.attempts < SYN_ATTEMPTS) {
      pipe.postpone(sentAt + pipe.path.latency.sample(pipe.stream));
      this.#arm(pipe);
      return;
    }
    this.empty(pipe);
    link.back.push(sentAt, this.#kernel.nextSeq(), CONTROL.gaveUp, undefined);
    this.#arm(link.back);
  }

  /** The first item did not pass: it goes again when TCP repeats it, or when a heal lets it. */
  stall(pipe: Pipe<M>): void {
    const { now } = this.#kernel;
    if (!pipe.from.powered) {
      // Nobody is there to repeat it.
      this.empty(pipe);
      pipe.ended = false;
      return;
    }
    if (pipe.stalledAt < 0) pipe.stalledAt = now;
    if (pipe.path.cuts > 0 || !pipe.to.powered) {
      pipe.stalled = true;
      this.#armAbort(pipe, pipe.stalledAt);
    } else if (now - pipe.stalledAt >= GIVE_UP_US) {
      this.giveUp(pipe);
    } else {
      pipe.postpone(nextRetry(pipe.stalledAt, now));
      this.#arm(pipe);
    }
  }

  /** The way is open again, or the power is back: the next retry will pass. */
  resume(pipe: Pipe<M>): void {
    pipe.stalled = false;
    if (pipe.count === 0) return;
    pipe.postpone(nextRetry(pipe.stalledAt, this.#kernel.now));
    this.#arm(pipe);
  }

  /**
   * What slowed the path or made it narrow is gone: the queue in which segments waited has passed them on,
   * or TCP sends them again. All that is under way comes one delay after that, unless it comes sooner. What
   * waits for a retry waits for it still.
   */
  hasten(pipe: Pipe<M>): void {
    const { now } = this.#kernel;
    if (pipe.count === 0 || pipe.lastDue <= now) return;
    const { link, path } = pipe;
    const synAt = pipe.headSize === CONTROL.syn ? link.dialledAt + synSentAfter(link.attempts) : now;
    const by = Math.max(path.clearAt(now), synAt) + path.latency.sample(pipe.stream);
    const retryAt = pipe.stalledAt < 0 ? now : nextRetry(pipe.stalledAt, now);
    if (pipe.hasten(now, Math.max(by, retryAt))) this.#arm(pipe);
  }

  /** The sender's kernel gives the connection up. The receiver hears nothing of it. */
  giveUp(pipe: Pipe<M>): void {
    this.abandon(pipe);
    const incoming = pipe.link.opposite(pipe);
    if (incoming.receiving) this.breakEnd(incoming, CONTROL.gaveUp);
    else this.release(pipe.link);
  }

  /** The receiver's own kernel ends its part of the connection at once. */
  breakEnd(pipe: Pipe<M>, control: number): void {
    this.empty(pipe);
    if (!pipe.receiving) return;
    pipe.push(this.#kernel.now + 1, this.#kernel.nextSeq(), control, undefined);
    this.#arm(pipe);
  }

  /** The process at the receiving end of the direction has the connection no more. */
  shut(pipe: Pipe<M>, reason: string): void {
    pipe.receiving = false;
    this.empty(pipe);
    if (!this.#testimony.linkClosed) return;
    this.#testimony.tell({ kind: 'link-closed', link: pipe.link.id, server: pipe.to.id, reason });
  }

  /** The sender repeats nothing any more. What the receiver's own kernel has to say stays. */
  abandon(pipe: Pipe<M>): void {
    if (pipe.count === 0 || !pipe.headIsLocal()) this.empty(pipe);
  }

  /** Nothing is in flight any more. */
  empty(pipe: Pipe<M>): void {
    pipe.clear();
    pipe.lastDue = this.#kernel.now;
    pipe.stalled = false;
    pipe.stalledAt = -1;
    pipe.unacked = 0;
    pipe.unackedAt = -1;
    pipe.bytes = 0;
    this.#kernel.disarm(pipe.slot);
  }

  /** Neither end is left. */
  release(link: Link<M>): void {
    this.#links.remove(link);
    for (const pipe of [link.forth, link.back]) {
      this.#kernel.close(pipe.slot);
      if (pipe.abortSlot >= 0) this.#kernel.close(pipe.abortSlot);
    }
    forget(link.dialler.links, link);
    forget(link.acceptor.links, link);
  }

  #offerRoom(pipe: Pipe<M>): void {
    if (pipe.roomSent || pipe.bytes * 2 >= this.#capacity) return;
    const answer = pipe.link.opposite(pipe);
    if (answer.ended) return;
    pipe.roomSent = true;
    this.send(answer, CONTROL.room, undefined);
  }

  #armAbort(pipe: Pipe<M>, sinceUs: number): void {
    if (pipe.abortSlot < 0) pipe.abortSlot = this.#kernel.open(SOURCE.abort, pipe);
    pipe.abortSlot = this.#kernel.arm(pipe.abortSlot, sinceUs + GIVE_UP_US, this.#kernel.nextSeq());
  }

  #arm(pipe: Pipe<M>): void {
    pipe.slot = this.#kernel.arm(pipe.slot, pipe.headDue, pipe.headSeq);
  }
}

function forget<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
