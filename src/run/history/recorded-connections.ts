import {
  type ConnectionEntry,
  type EventEntry,
  NO_SESSION,
  type OpEntry,
} from '../../check/history/client-history.ts';
import type { Request } from '../../check/history/request.ts';
import { CLOSED_BY_SERVER, type ClientFact, MOVED, NOTHING_HEARD } from '../../node/client-facts.ts';
import type { ServingRole } from '../../node/content.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import type { ClientRequest, Reply, ZnodeMessage } from '../../znode/client-messages.ts';
import type { Calm } from './calm.ts';
import { recordedRequest } from './recorded-request.ts';
import { recordedReply } from './recorded-result.ts';
import type { RecordedServers } from './recorded-servers.ts';
import { recordedSession } from './recorded-values.ts';

type Of<K extends ClientFact['kind']> = Extract<ClientFact, { kind: K }>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A connection as far as it is known, and who waits for an answer on it. */
interface Record {
  readonly entry: Mutable<ConnectionEntry>;
  /** `admitted` by a server that turned the client away: it closes the connection without a word. */
  turnedAway: 'behind' | 'refused' | undefined;
  sent: number;
  packets: number;
  /** In the order in which they were sent. */
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly xid: number;
  readonly operation: ClientRequest['operation'];
  /** Undefined for what a history has no word for. */
  readonly op: Mutable<OpEntry> | undefined;
}

const ROLES = {
  leading: 'leader',
  following: 'follower',
  observing: 'observer',
  'read-only': 'read-only',
} as const satisfies { readonly [R in ServingRole]: ConnectionEntry['role'] };

/** Connections, operations and watch events, from what clients and the servers' doors testify to. */
export class RecordedConnections {
  readonly #servers: Pick<RecordedServers, 'isExactAt'>;
  readonly #calm: Pick<Calm, 'sinceUs'>;
  readonly #entries: (ConnectionEntry | OpEntry | EventEntry)[] = [];
  readonly #byLink = new Map<LinkId, Record>();
  /** The handles that came up: of all clients together, from 1. */
  readonly #handles = new Map<string, number>();
  readonly #sessions = new Map<number, string>();
  /** By session: its password. */
  readonly #passwords = new Map<string, string>();
  /** By handle: its newest connection. */
  readonly #latest = new Map<number, ConnectionEntry>();
  /** By handle and cxid: when it was sent. */
  readonly #sentUs = new Map<string, number>();
  #ops = 0;

  constructor(servers: Pick<RecordedServers, 'isExactAt'>, calm: Pick<Calm, 'sinceUs'>) {
    this.#servers = servers;
    this.#calm = calm;
  }

  /** The number of a client's handle among those of all clients. */
  handleOf(client: NodeId, handle: number): number {
    const key = `${client} ${handle}`;
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    const next = this.#handles.size + 1;
    this.#handles.set(key, next);
    return next;
  }

  /** The session of a handle; `0x0` before it has one. */
  sessionOf(handle: number): string {
    return this.#sessions.get(handle) ?? NO_SESSION;
  }

  /** Whether the handle is served without a quorum: what it sees then may be old. */
  isReadOnly(handle: number): boolean {
    return this.#latest.get(handle)?.role === 'read-only';
  }

  /** When the handle sent that request. */
  sentUs(handle: number, cxid: number): number | undefined {
    return this.#sentUs.get(`${handle} ${cxid}`);
  }

  observe(fact: ClientFact, atUs: number): void {
    switch (fact.kind) {
      case 'client-connecting':
        this.#connecting(fact, atUs);
        return;
      case 'client-admitted':
        this.#admitted(fact);
        return;
      case 'client-connected':
        this.#connected(fact, atUs);
        return;
      case 'client-sent':
        this.#sent(fact, atUs);
        return;
      case 'client-received':
        this.#received(fact, atUs);
        return;
      case 'client-disconnected': {
        const entry = this.#byLink.get(fact.link)?.entry;
        if (entry !== undefined && fact.because === MOVED) entry.leftUs = atUs;
        if (entry !== undefined && fact.because === NOTHING_HEARD) this.#gaveUp(entry, atUs);
        if (entry !== undefined && fact.because === CLOSED_BY_SERVER) entry.closedUs = atUs;
        return;
      }
      default:
    }
  }

  /**
   * All that was recorded, in the order in which it began.
   *
   * @param stopped whether the server ceased to serve between the two, with which its connections end
   */
  entries(
    stopped: (server: number, fromUs: number, toUs: number) => boolean,
  ): readonly (ConnectionEntry | OpEntry | EventEntry)[] {
    for (const { entry, turnedAway } of this.#byLink.values()) {
      if (entry.outcome === 'lost' && turnedAway !== undefined) entry.outcome = turnedAway;
      const { server, invokedUs, closedUs } = entry;
      if (closedUs !== undefined && stopped(server, invokedUs, closedUs)) delete entry.closedUs;
    }
    return this.#entries;
  }

  #gaveUp(entry: Mutable<ConnectionEntry>, atUs: number): void {
    entry.lostUs = atUs;
    const calmUs = this.#calm.sinceUs;
    if (calmUs !== undefined) entry.calmUs = calmUs;
  }

  #connecting(
    {
      server,
      handle,
      link,
      via,
      session,
      lastZxidSeen,
      timeoutMs,
      address,
      password,
    }: Of<'client-connecting'>,
    atUs: number,
  ) {
    const entry: Mutable<ConnectionEntry> = {
      kind: 'conn',
      id: this.#byLink.size + 1,
      handle: this.handleOf(server, handle),
      requested: recordedSession(session),
      session: NO_SESSION,
      server: via,
      lastZxidSeen,
      invokedUs: atUs,
      returnedUs: -1,
      outcome: 'lost',
      timeoutUs: 0,
      askedUs: timeoutMs * 1000,
      identities: [{ scheme: 'ip', id: address }],
      role: 'unknown',
      serverZxid: -1,
    };
    if ((this.#passwords.get(session) ?? password) !== password) entry.forged = true;
    this.#latest.set(entry.handle, entry);
    this.#byLink.set(link, { entry, turnedAway: undefined, sent: 0, packets: 0, waiting: [] });
    this.#entries.push(entry);
  }

  #admitted({ server, link, zxid, role, outcome }: Of<'client-admitted'>): void {
    const record = this.#byLink.get(link);
    if (record === undefined) return;
    record.entry.role = ROLES[role];
    record.entry.serverZxid = zxid;
    if (role === 'read-only' && this.#servers.isExactAt(server, zxid)) record.entry.exact = true;
    if (outcome === 'behind' || outcome === 'refused') record.turnedAway = outcome;
  }

  #connected(
    { link, session, timeoutMs, outcome, readOnly, password }: Of<'client-connected'>,
    atUs: number,
  ): void {
    const entry = this.#byLink.get(link)?.entry;
    if (entry === undefined) return;
    entry.outcome = outcome;
    entry.returnedUs = atUs;
    if (outcome !== 'accepted') return;
    entry.toldReadOnly = readOnly;
    if (!this.#passwords.has(session)) this.#passwords.set(session, password);
    entry.session = recordedSession(session);
    entry.timeoutUs = timeoutMs * 1000;
    this.#sessions.set(entry.handle, entry.session);
  }

  #sent({ link, xid, operation }: Of<'client-sent'>, atUs: number): void {
    const record = this.#byLink.get(link);
    if (record === undefined) return;
    const asked = operation as ClientRequest['operation'];
    const { entry } = record;
    const request = recordedRequest(asked, entry.identities[0]?.id ?? '');
    if (xid > 0) this.#sentUs.set(`${entry.handle} ${xid}`, atUs);
    const op = request === undefined ? undefined : this.#opened(record, xid, request, atUs);
    record.sent++;
    record.waiting.push({ xid, operation: asked, op });
  }

  #opened({ entry, sent }: Record, cxid: number, request: Request, invokedUs: number): Mutable<OpEntry> {
    const op: Mutable<OpEntry> = {
      kind: 'op',
      id: ++this.#ops,
      handle: entry.handle,
      // What is sent before the answer to `connect` is of the session that was asked for.
      session: entry.session === NO_SESSION ? entry.requested : entry.session,
      connection: entry.id,
      cxid,
      sent,
      invokedUs,
      request,
      outcome: 'unknown',
      error: 0,
      position: -1,
      returnedUs: -1,
      zxid: -1,
      result: {},
    };
    this.#entries.push(op);
    return op;
  }

  #received({ link, message }: Of<'client-received'>, atUs: number): void {
    const record = this.#byLink.get(link);
    if (record === undefined) return;
    const packet = message as ZnodeMessage;
    if (packet.kind === 'event') {
      const { type, path, zxid } = packet;
      const position = record.packets++;
      this.#entries.push({
        kind: 'ev',
        connection: record.entry.id,
        position,
        deliveredUs: atUs,
        type,
        path,
        zxid,
      });
    } else if (packet.kind === 'reply') {
      this.#answered(record, packet, record.packets++, atUs);
    }
  }

  #answered({ waiting }: Record, reply: Reply, position: number, atUs: number): void {
    const at = waiting.findIndex(({ xid }) => xid === reply.xid);
    if (at < 0) return;
    const [{ operation, op }] = waiting.splice(at, 1) as [Waiting];
    if (op === undefined) return;
    const { error, result } = recordedReply(operation, reply);
    op.outcome = error === 0 ? 'ok' : 'failed';
    op.error = error;
    op.position = position;
    op.returnedUs = atUs;
    op.zxid = reply.zxid;
    op.result = result;
  }
}
