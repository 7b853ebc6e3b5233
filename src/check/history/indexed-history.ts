import type * as H from './client-history.ts';
import { distinct, Observed } from './observed.ts';
import { ownsTxn } from './op-kind.ts';
import type { RecipeEntry } from './recipe-entry.ts';
import type { Identity } from './request.ts';

/** A history, sorted in the ways that its checkers need. Built in O(n log n). */
export class IndexedHistory {
  readonly header: H.HistoryHeader;
  readonly ops: readonly H.OpEntry[];
  /** The canonical log by zxid; empty without the white box. */
  readonly log: readonly H.LogEntry[];
  readonly connections: ReadonlyMap<number, H.ConnectionEntry>;
  /** Of each connection its ops, in the order in which they were sent. */
  readonly sentOn: ReadonlyMap<number, readonly H.OpEntry[]>;
  /** Of each connection the replies and events, in the order in which they came. */
  readonly packetsOn: ReadonlyMap<number, readonly (H.OpEntry | H.EventEntry)[]>;
  /** Of each handle its connections, in their order. */
  readonly connectionsOf: ReadonlyMap<number, readonly H.ConnectionEntry[]>;
  readonly applies: readonly H.ApplyEntry[];
  /** Deliveries and cuts, those of one server in the order in which they happened. */
  readonly deliveries: readonly (H.ApplyEntry | H.CutEntry)[];
  readonly expiries: readonly H.ExpiryEntry[];
  readonly final: H.FinalEntry | undefined;
  readonly recipes: readonly RecipeEntry[];
  readonly words: readonly H.WordEntry[];
  readonly observed: Observed;
  /** Of each closed session: the zxid of its first closeSession in the log. */
  readonly closedAt: ReadonlyMap<string, number>;
  readonly #byIssue = new Map<string, H.OpEntry>();
  readonly #auths = new Map<number, { readonly sent: number; readonly who: Identity }[]>();

  constructor(history: H.ClientHistory) {
    const all = history.entries;
    const pick = <K extends H.HistoryEntry['kind']>(kind: K) =>
      all.filter((entry): entry is Extract<H.HistoryEntry, { readonly kind: K }> => entry.kind === kind);
    this.header = history.header;
    this.ops = pick('op');
    this.log = pick('log').sort((a, b) => a.zxid - b.zxid);
    this.applies = pick('apply');
    this.deliveries = all.filter((entry) => entry.kind === 'apply' || entry.kind === 'cut');
    this.expiries = pick('expiry');
    this.final = pick('final')[0];
    this.recipes = pick('recipe');
    this.words = pick('word');
    const connections = pick('conn');
    this.connections = new Map(connections.map((conn) => [conn.id, conn]));
    this.connectionsOf = grouped(
      connections,
      (conn) => conn.handle,
      (conn) => conn.id,
    );
    this.sentOn = grouped(
      this.ops,
      (op) => op.connection,
      (op) => op.sent,
    );
    const packets: (H.OpEntry | H.EventEntry)[] = this.ops.filter((op) => op.outcome !== 'unknown');
    this.packetsOn = grouped(
      packets.concat(pick('ev')),
      (p) => p.connection,
      (p) => p.position,
    );
    for (const op of this.ops) {
      if (op.cxid > 0) this.#byIssue.set(issueKey(op.session, op.cxid), op);
      if (op.request.op === 'auth' && op.outcome !== 'failed') this.#addAuth(op, op.request);
    }
    const closedAt = new Map<string, number>();
    for (const { txn, session, zxid } of this.log) {
      if (txn.type === 'closeSession' && !closedAt.has(session)) closedAt.set(session, zxid);
    }
    this.closedAt = closedAt;
    const zxids = history.header.whiteBox
      ? this.log.map((entry) => entry.zxid)
      : this.ops.filter((op) => this.owns(op)).map((op) => op.zxid);
    const seen = this.ops.filter((op) => op.outcome !== 'unknown' && op.zxid >= 0 && this.isCommitted(op));
    this.observed = new Observed(distinct(zxids), seen);
  }

  /** Whether a transaction of its own stands behind the op: the end of a local session has none. */
  owns(op: H.OpEntry): boolean {
    if (!ownsTxn(op)) return false;
    if (op.request.op !== 'closeSession' || !this.header.localSessions) return true;
    return this.closedAt.get(op.session) === op.zxid;
  }

  /**
   * Whether a leader may have made the session's transaction although it had closed it before: with local
   * sessions it takes one that it does not know for one of another server. Source:
   * LeaderSessionTracker.checkSession.
   */
  mayOutlive(session: string, zxid: number): boolean {
    return this.header.localSessions && (this.closedAt.get(session) ?? zxid) < zxid;
  }

  /** The op of this session and cxid. */
  issued(session: string, cxid: number): H.OpEntry | undefined {
    return cxid <= 0 ? undefined : this.#byIssue.get(issueKey(session, cxid));
  }

  /** Whether the op's server answers only from what is committed: a read-only one may not. */
  isCommitted(op: H.OpEntry): boolean {
    return this.connections.get(op.connection)?.role !== 'read-only';
  }

  /**
   * Whether the op's server, though without a quorum, answers from the state of the log at the reply's zxid:
   * where its history ends, that of all goes on.
   */
  isExact(op: H.OpEntry): boolean {
    const conn = this.connections.get(op.connection);
    if (conn?.role !== 'read-only' || conn.exact !== true || conn.serverZxid !== op.zxid) return false;
    return op.zxid > 0 && this.observed.normal(op.zxid) === op.zxid;
  }

  /** Who the client was, to the server, when it connected; with the power of `super` where no ACL counts. */
  identitiesAt(connection: number): readonly Identity[] {
    const own = this.connections.get(connection)?.identities ?? [];
    return this.header.skipAcl === true ? [...own, SUPER] : own;
  }

  /** Who the client was, to the server, when it sent the op. */
  identitiesOf(op: H.OpEntry): readonly Identity[] {
    const own = this.identitiesAt(op.connection);
    const added = this.#auths.get(op.connection);
    if (added === undefined) return own;
    return own.concat(added.filter((auth) => auth.sent < op.sent).map((auth) => auth.who));
  }

  /** Who the client was, to the server, at any time of the connection. */
  everProven(connection: number): readonly Identity[] {
    const added = this.#auths.get(connection) ?? [];
    return this.identitiesAt(connection).concat(added.map(({ who }) => who));
  }

  #addAuth(op: H.OpEntry, who: Identity): void {
    const added = this.#auths.get(op.connection) ?? [];
    this.#auths.set(op.connection, added);
    added.push({ sent: op.sent, who: { scheme: who.scheme, id: who.id } });
  }
}

const SUPER: Identity = { scheme: 'super', id: '' };

function issueKey(session: string, cxid: number): string {
  return `${session} ${cxid}`;
}

/** The items by key, each group ascending by `order`. */
function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => number,
  order: (item: T) => number,
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  for (const group of groups.values()) group.sort((a, b) => order(a) - order(b));
  return groups;
}
