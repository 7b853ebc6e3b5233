import type { Port } from '../node/env.ts';
import type { CloseReason, NodeEvent } from '../node/events.ts';
import type { LinkId, NodeId, Ticket } from '../node/ids.ts';
import type { SyncResult } from './disk.ts';

/** An event with the fields of all kinds. */
interface AnyEvent<M> {
  kind: NodeEvent<M>['kind'];
  timer: string;
  subject: number;
  stage: string;
  link: LinkId;
  port: Port;
  peer: NodeId | undefined;
  message: M;
  reason: CloseReason;
  ticket: Ticket;
  error: 'io' | 'full';
  from: NodeId;
}

/**
 * The event that one participant is lent: one object, rewritten for every event. It has the fields of all kinds, so
 * that the engine sees one shape wherever an event is looked at; nobody may look at a field that is not of its kind.
 */
export class LentEvents<M> {
  readonly #event: AnyEvent<M> = {
    kind: 'started',
    timer: '',
    subject: 0,
    stage: '',
    link: 0 as LinkId,
    port: 'quorum',
    peer: undefined,
    message: undefined as M,
    reason: 'closed',
    ticket: 0 as Ticket,
    error: 'io',
    from: 0 as NodeId,
  };

  started(): NodeEvent<M> {
    return this.#as('started');
  }

  timer(timer: string, subject: number): NodeEvent<M> {
    this.#event.timer = timer;
    this.#event.subject = subject;
    return this.#as('timer');
  }

  turn(stage: string): NodeEvent<M> {
    this.#event.stage = stage;
    return this.#as('turn');
  }

  opened(link: LinkId, port: Port, peer: NodeId | undefined): NodeEvent<M> {
    this.#event.link = link;
    this.#event.port = port;
    this.#event.peer = peer;
    return this.#as('opened');
  }

  received(link: LinkId, message: M): NodeEvent<M> {
    this.#event.link = link;
    this.#event.message = message;
    return this.#as('received');
  }

  writable(link: LinkId): NodeEvent<M> {
    this.#event.link = link;
    return this.#as('writable');
  }

  closed(link: LinkId, reason: CloseReason): NodeEvent<M> {
    this.#event.link = link;
    this.#event.reason = reason;
    return this.#as('closed');
  }

  posted(from: NodeId, message: M): NodeEvent<M> {
    this.#event.from = from;
    this.#event.message = message;
    return this.#as('posted');
  }

  /** How a sync came out. */
  ofSync(ticket: Ticket, result: SyncResult): NodeEvent<M> {
    this.#event.ticket = ticket;
    if (result === 'synced') return this.#as('synced');
    this.#event.error = result;
    return this.#as('failed');
  }

  #as(kind: NodeEvent<M>['kind']): NodeEvent<M> {
    this.#event.kind = kind;
    return this.#event as NodeEvent<M>;
  }
}
