import type { ConnectionEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isWrite } from './op-kind.ts';
import { countBelow } from './sorted-search.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K17, with the log: while nothing goes wrong, or once the run has healed and its last leader leads, a
 * server does not answer writes and syncs of others that were sent later, and leave a client without an
 * answer until it gives the connection up. What was sent or stuck before that shows nothing, nor does a
 * session that ends. O(n log n). Source:
 * CommitProcessor; Leader.processSync.
 */
export function checkStarved(history: IndexedHistory, verdicts: Verdicts): void {
  const { final, header } = history;
  const hasHealed = final?.leaderSinceUs !== undefined && final.healedUs >= 0;
  const healedUs = hasHealed ? Math.max(final.leaderSinceUs ?? 0, final.healedUs) : Infinity;
  const marginUs = header.tickTimeUs + header.slackUs;
  const ended = endsOf(history);
  let served: ReadonlyMap<number, Served> | undefined;
  for (const conn of history.connections.values()) {
    const { lostUs, session, server } = conn;
    const wellUs = Math.min(healedUs, conn.calmUs ?? Infinity) + marginUs;
    if (lostUs === undefined || lostUs < wellUs || conn.role === 'read-only') continue;
    const first = history.sentOn.get(conn.id)?.find(({ outcome }) => outcome === 'unknown');
    if (first === undefined || first.invokedUs < wellUs || heardUs(history, conn) < wellUs) continue;
    if ((ended.get(session) ?? Infinity) <= lostUs) continue;
    verdicts.checked('K17');
    served ??= servedBy(history);
    const later = served.get(server)?.since(first.invokedUs + header.slackUs);
    if (later === undefined || later.returnedUs > lostUs) continue;
    verdicts.accuse({
      predicate: 'K17',
      rule: 'a server that was well answered others, and not a client that had asked before',
      ops: [first.id, later.id],
      zxid: -1,
      expected: `an answer to what was sent at ${first.invokedUs} µs`,
      seen: `none of server ${server} to ${session} by ${lostUs} µs`,
    });
  }
}

/** When a client last heard of its server. */
function heardUs(history: IndexedHistory, { id, returnedUs }: ConnectionEntry): number {
  const last = history.packetsOn.get(id)?.at(-1);
  if (last === undefined) return returnedUs;
  return last.kind === 'ev' ? last.deliveredUs : last.returnedUs;
}

/** By session: when its end was asked for, or decided, first. */
function endsOf(history: IndexedHistory): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  const end = (session: string, atUs: number) => ends.set(session, Math.min(atUs, ends.get(session) ?? atUs));
  for (const { session, preparedUs } of history.expiries) end(session, preparedUs);
  for (const { request, session, invokedUs } of history.ops)
    if (request.op === 'closeSession') end(session, invokedUs);
  return ends;
}

/** The writes and syncs that one server answered. */
class Served {
  /** When they were sent, ascending. */
  readonly #sentUs: readonly number[];
  /** Of each place: what was answered first of all that were sent then or later. */
  readonly #first: OpEntry[] = [];

  constructor(ops: readonly OpEntry[]) {
    const sorted = [...ops].sort((a, b) => a.invokedUs - b.invokedUs);
    this.#sentUs = sorted.map(({ invokedUs }) => invokedUs);
    let first: OpEntry | undefined;
    for (const op of sorted.reverse()) {
      if (first === undefined || op.returnedUs < first.returnedUs) first = op;
      this.#first.push(first);
    }
    this.#first.reverse();
  }

  /** What was answered first of those that were sent then or later; undefined: none was. */
  since(atUs: number): OpEntry | undefined {
    return this.#first[countBelow(this.#sentUs, atUs)];
  }
}

function servedBy(history: IndexedHistory): ReadonlyMap<number, Served> {
  const ops = new Map<number, OpEntry[]>();
  for (const op of history.ops) {
    if (op.outcome === 'unknown' || !(isWrite(op.request) || op.request.op === 'sync')) continue;
    const server = history.connections.get(op.connection)?.server;
    if (server === undefined) continue;
    const known = ops.get(server);
    if (known === undefined) ops.set(server, [op]);
    else known.push(op);
  }
  return new Map([...ops].map(([server, all]) => [server, new Served(all)]));
}
