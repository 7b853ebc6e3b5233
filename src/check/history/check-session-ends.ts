import { type ConnectionEntry, NO_SESSION, type OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K14, with the log: who has not been heard of for its timeout does not live on, whoever leads meanwhile, and
 * with a session its connection ends, but not before. Linear. Source: SessionTrackerImpl;
 * LeaderZooKeeperServer.createSessionTracker; FinalRequestProcessor (closeSession); NIOServerCnxn.close.
 */
export function checkSessionEnds(history: IndexedHistory, verdicts: Verdicts): void {
  checkForsaken(history, verdicts);
  checkConnections(history, verdicts);
  checkClosures(history, verdicts);
}

/**
 * A new leader counts anew for every session. How long a session was not heard of is counted from when all is
 * well: before, nobody may have been able to end it.
 */
function checkForsaken(history: IndexedHistory, verdicts: Verdicts): void {
  const { final, header } = history;
  if (final?.leaderSinceUs === undefined || final.healedUs < 0) return;
  const wellUs = Math.max(final.leaderSinceUs, final.healedUs);
  const heardUs = lastHeard(history);
  for (const { txn, session } of history.log) {
    if (txn.type !== 'createSession' || history.closedAt.has(session)) continue;
    const heard = heardUs.get(session);
    // Committed just now: nobody has it yet.
    if (heard === undefined && history.applies.length > 0) continue;
    verdicts.checked('K14');
    const { atUs, timeoutUs } = heard ?? { atUs: 0, timeoutUs: 0 };
    const fromUs = Math.max(wellUs, atUs);
    // A touch waits for the leader's ping, an end for a tick.
    const dueUs = fromUs + Math.max(timeoutUs, txn.timeoutMs * 1000) + 2 * header.tickTimeUs;
    if (final.atUs <= dueUs + 2 * header.slackUs) continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a session lived on that nobody was heard of',
      ops: [],
      zxid: -1,
      expected: `${session} to end by ${dueUs} µs`,
      seen: `nothing of its client after ${atUs} µs, and no end by ${final.atUs} µs`,
    });
  }
}

/** When a session's client last did or heard anything, and the longest timeout that it was given. */
interface Heard {
  atUs: number;
  timeoutUs: number;
}

function lastHeard(history: IndexedHistory): ReadonlyMap<string, Heard> {
  const all = new Map<string, Heard>();
  const hear = (session: string, atUs: number, timeoutUs = 0) => {
    const known = all.get(session);
    if (known === undefined) all.set(session, { atUs, timeoutUs });
    else {
      known.atUs = Math.max(known.atUs, atUs);
      known.timeoutUs = Math.max(known.timeoutUs, timeoutUs);
    }
  };
  for (const { session, requested, invokedUs, returnedUs, timeoutUs } of history.connections.values()) {
    const whose = session === NO_SESSION ? requested : session;
    if (whose !== NO_SESSION) hear(whose, Math.max(invokedUs, returnedUs), timeoutUs);
  }
  for (const { session, invokedUs, returnedUs } of history.ops)
    hear(session, Math.max(invokedUs, returnedUs));
  const began = new Map<number, string>();
  for (const { txn, session, zxid } of history.log)
    if (txn.type === 'createSession') began.set(zxid, session);
  for (const { zxid, atUs } of history.applies) {
    const session = began.get(zxid);
    if (session !== undefined) hear(session, atUs);
  }
  return all;
}

/** What was sent after a server had ended the session, it did not answer. */
function checkConnections(history: IndexedHistory, verdicts: Verdicts): void {
  const ended = new Map<number, string>([...history.closedAt].map(([session, zxid]) => [zxid, session]));
  const endedUs = new Map<string, number>();
  for (const { zxid, server, atUs } of history.applies) {
    const session = ended.get(zxid);
    if (session !== undefined && !endedUs.has(keyOf(server, session))) {
      endedUs.set(keyOf(server, session), atUs);
    }
  }
  for (const { id, session, server, outcome } of history.connections.values()) {
    const sinceUs = endedUs.get(keyOf(server, session));
    if (outcome !== 'accepted' || sinceUs === undefined) continue;
    verdicts.checked('K14');
    const op = history.sentOn.get(id)?.find((one) => one.invokedUs > sinceUs && one.outcome !== 'unknown');
    if (op === undefined) continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a connection went on after the end of its session',
      ops: [op.id],
      zxid: op.zxid,
      expected: `no answer to what was sent after ${sinceUs} µs`,
      seen: `one to what was sent at ${op.invokedUs} µs, ${session} on server ${server}`,
    });
  }
}

/**
 * A server that serves on closes a connection for a reason: an end, a move, silence, or what it cannot take.
 * To the leader a session has moved to the server that asked for it last, and that may be one that the
 * client did not wait for.
 */
function checkClosures(history: IndexedHistory, verdicts: Verdicts): void {
  const handles = new Map<string, Set<number>>();
  for (const { session, handle } of history.connections.values()) {
    const known = handles.get(session);
    if (known === undefined) handles.set(session, new Set([handle]));
    else known.add(handle);
  }
  for (const connections of history.connectionsOf.values()) {
    for (const [i, connection] of connections.entries()) {
      const { session, outcome, role, closedUs } = connection;
      if (closedUs === undefined || outcome !== 'accepted' || role === 'read-only') continue;
      const livedOn = connections
        .slice(i + 1)
        .some((next) => next.outcome === 'accepted' && next.session === session);
      const mayHaveMoved = connections
        .slice(0, i)
        .some((earlier) => earlier.outcome === 'lost' && earlier.requested === session);
      if (!livedOn || mayHaveMoved || handles.get(session)?.size !== 1) continue;
      verdicts.checked('K14');
      const sent = history.sentOn.get(connection.id) ?? [];
      if (!isCalm(sent, connection, closedUs, history.header.slackUs)) continue;
      verdicts.accuse({
        predicate: 'K14',
        rule: 'a server closed the connection of a session that lived on',
        ops: [],
        zxid: -1,
        expected: `${session} to stay connected to server ${connection.server}, which serves on`,
        seen: `closed at ${closedUs} µs`,
      });
    }
  }
}

/** A request may be so large that it is not read; characters, half of jute.maxbuffer. */
const LARGE = 500_000;

/**
 * Whether the client had said enough, and nothing that no server takes. Source: NIOServerCnxnFactory.
 */
function isCalm(
  sent: readonly OpEntry[],
  { returnedUs, timeoutUs }: ConnectionEntry,
  closedUs: number,
  slackUs: number,
): boolean {
  const saidUs = sent.at(-1)?.invokedUs ?? returnedUs;
  if (closedUs - saidUs + slackUs >= timeoutUs) return false;
  return !sent.some(
    ({ outcome, request }) => outcome === 'unknown' && JSON.stringify(request).length > LARGE,
  );
}

function keyOf(server: number, session: string): string {
  return `${server} ${session}`;
}
