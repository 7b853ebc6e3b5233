import type { Port } from '../node/env.ts';
import type { NodeEvent } from '../node/events.ts';
import type { LinkId, NodeId, Ticket } from '../node/ids.ts';
import type { SyncResult } from './disk.ts';

type EventOf<M, K extends NodeEvent<M>['kind']> = {
  -readonly [P in keyof Extract<NodeEvent<M>, { kind: K }>]: Extract<NodeEvent<M>, { kind: K }>[P];
};

const NO_LINK = 0 as LinkId;
const NOBODY = 0 as NodeId;
const NO_TICKET = 0 as Ticket;

/** The events that one participant is lent: one object of each kind, rewritten for every event. */
export class LentEvents<M> {
  readonly timer: EventOf<M, 'timer'> = { kind: 'timer', timer: '', subject: 0 };
  readonly turn: EventOf<M, 'turn'> = { kind: 'turn', stage: '' };
  readonly opened: EventOf<M, 'opened'> = { kind: 'opened', link: NO_LINK, port: 'quorum', peer: undefined };
  readonly received: EventOf<M, 'received'> = { kind: 'received', link: NO_LINK, message: undefined as M };
  readonly writable: EventOf<M, 'writable'> = { kind: 'writable', link: NO_LINK };
  readonly closed: EventOf<M, 'closed'> = { kind: 'closed', link: NO_LINK, reason: 'closed' };
  readonly synced: EventOf<M, 'synced'> = { kind: 'synced', ticket: NO_TICKET };
  readonly failed: EventOf<M, 'failed'> = { kind: 'failed', ticket: NO_TICKET, error: 'io' };
  readonly posted: EventOf<M, 'posted'> = { kind: 'posted', from: NOBODY, message: undefined as M };

  /** A connection is open; `peer`: to whom this one dialled. */
  ofOpening(link: LinkId, port: Port, peer: NodeId | undefined): NodeEvent<M> {
    this.opened.link = link;
    this.opened.port = port;
    this.opened.peer = peer;
    return this.opened;
  }

  /** How a sync came out. */
  ofSync(ticket: Ticket, result: SyncResult): NodeEvent<M> {
    if (result === 'synced') {
      this.synced.ticket = ticket;
      return this.synced;
    }
    this.failed.ticket = ticket;
    this.failed.error = result;
    return this.failed;
  }
}
