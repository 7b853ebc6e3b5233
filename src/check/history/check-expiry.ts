import { type ConnectionEntry, type ExpiryEntry, NO_SESSION, type OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K14: a session expires within a tick after its timeout since the last touch where it is tracked, and, as
 * its client sees it, not before the timeout since the last request that was answered, less what touches take
 * to reach the leader; nor does one that has ended where it is tracked. Linear.
 */
export function checkExpiry(history: IndexedHistory, verdicts: Verdicts): void {
  const { tickTimeUs, slackUs } = history.header;
  for (const expiry of history.expiries) {
    verdicts.checked('K14');
    const due = expiry.touchedUs + expiry.timeoutUs;
    const late = expiry.preparedUs > due + tickTimeUs + slackUs;
    if (!late && expiry.preparedUs >= due - slackUs) continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: late ? 'a session expired too late' : 'a session expired too early',
      ops: [],
      zxid: -1,
      expected: `between ${due} µs and ${due + tickTimeUs} µs`,
      seen: `${expiry.preparedUs} µs, ${expiry.session} on server ${expiry.server}`,
    });
  }
  checkEnded(history, verdicts);
  checkClientSide(history, verdicts);
  if (history.header.localSessions && history.header.whiteBox) checkLocal(history, verdicts);
}

/** Whoever has applied the end of a session watches over it no more (SessionTrackerImpl.removeSession). */
function checkEnded(history: IndexedHistory, verdicts: Verdicts): void {
  const { closedAt, expiries } = history;
  const closed = new Map<string, ExpiryEntry>();
  for (const expiry of expiries) {
    const zxid = closedAt.get(expiry.session);
    if (zxid !== undefined) closed.set(`${expiry.server} ${zxid}`, expiry);
  }
  if (closed.size === 0) return;
  for (const { server, zxid, atUs } of history.applies) {
    const expiry = closed.get(`${server} ${zxid}`);
    if (expiry === undefined || expiry.preparedUs <= atUs) continue;
    closed.delete(`${server} ${zxid}`);
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a session expired that had ended where it is tracked',
      ops: [],
      zxid,
      expected: `not after ${atUs} µs`,
      seen: `${expiry.preparedUs} µs, ${expiry.session} on server ${server}`,
    });
  }
}

/** A local session is tracked by the server that its client speaks to: each touch counts at once. */
function checkLocal(history: IndexedHistory, verdicts: Verdicts): void {
  const opened = new Set(
    history.log.filter(({ txn }) => txn.type === 'createSession').map(({ session }) => session),
  );
  const connections = [...history.connections.values()];
  for (const { server, session, preparedUs, timeoutUs } of history.expiries) {
    if (opened.has(session)) continue;
    verdicts.checked('K14');
    const last = connections
      .filter((conn) => conn.session === session && conn.server === server)
      .flatMap((conn) => history.sentOn.get(conn.id) ?? [])
      .filter((op) => op.outcome !== 'unknown' && op.returnedUs <= preparedUs)
      .reduce<OpEntry | undefined>(laterOf, undefined);
    if (last === undefined) continue;
    const due = last.invokedUs + timeoutUs - history.header.slackUs;
    if (preparedUs >= due) continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a local session expired although its client had been answered',
      ops: [last.id],
      zxid: -1,
      expected: `not before ${due} µs`,
      seen: `${preparedUs} µs, ${session} on server ${server}`,
    });
  }
}

function checkClientSide(history: IndexedHistory, verdicts: Verdicts): void {
  const { tickTimeUs, slackUs } = history.header;
  const endings = endingsOf(history);
  for (const [session, { last, shipped }] of touchesOf(history, endings)) {
    const ended = endings.get(session) ?? 0;
    const timeoutUs = connectionOf(history, last)?.timeoutUs ?? 0;
    if (timeoutUs === 0) continue;
    verdicts.checked('K14');
    const dueAfter = (touch: Touch) => {
      const roundTrip = touch.returnedUs - touch.invokedUs;
      return touch.invokedUs + timeoutUs - Math.ceil(tickTimeUs / 2) - roundTrip - slackUs;
    };
    if (ended >= dueAfter(last)) continue;
    const accusation = (touch: Touch) => ({
      predicate: 'K14' as const,
      rule: 'a session expired although its client had been answered',
      ops: touch.kind === 'op' ? [touch.id] : [],
      zxid: history.closedAt.get(session) ?? -1,
      expected: `not before ${dueAfter(touch)} µs`,
      seen: `${ended} µs, ${session}`,
    });
    const wasHeard = shipped !== undefined && ended < dueAfter(shipped);
    if (wasHeard) verdicts.accuse(accusation(shipped));
    else verdicts.excuse('unshipped-touches', accusation(last));
  }
}

/** When the sessions ended that nobody closed: as the leader decided, else as it was first delivered. */
function endingsOf(history: IndexedHistory): Map<string, number> {
  const closed = new Set(
    history.ops.filter((op) => op.request.op === 'closeSession').map((op) => op.session),
  );
  const endings = new Map<string, number>();
  const bySession = new Map<number, string>();
  for (const [session, zxid] of history.closedAt) if (!closed.has(session)) bySession.set(zxid, session);
  for (const { zxid, atUs } of history.applies) {
    const session = bySession.get(zxid);
    if (session !== undefined) endings.set(session, Math.min(atUs, endings.get(session) ?? atUs));
  }
  for (const { session, preparedUs } of history.expiries) {
    const known = endings.get(session);
    if (known !== undefined) endings.set(session, Math.min(known, preparedUs));
  }
  return endings;
}

/** What shows that a client lives: an op that was answered, or that it was let in again. */
type Touch = OpEntry | ConnectionEntry;

/** What a session's client did last, before the session ended. */
interface Touches {
  /** The last that was answered, by when it was sent. */
  readonly last: Touch;
  /** The last one of which the leader must have heard. */
  readonly shipped: Touch | undefined;
}

function connectionOf(history: IndexedHistory, touch: Touch): ConnectionEntry | undefined {
  return touch.kind === 'op' ? history.connections.get(touch.connection) : touch;
}

/**
 * Of each session: what its client was answered last. A learner passes touches on when it is pinged; it
 * serves for two syncLimits at most without a leader that hears it. So an answer over the same connection
 * after that time shows that the touch was passed on; else it may be lost, with the learner or on the way.
 * Who is let in again has been heard of by the leader, which was asked whether the session lives.
 */
function touchesOf(
  history: IndexedHistory,
  endings: ReadonlyMap<string, number>,
): ReadonlyMap<string, Touches> {
  const { tickTimeUs, syncLimit } = history.header;
  const shippedWithinUs = (2 * syncLimit + 1) * tickTimeUs;
  const answered = history.ops.filter(
    ({ session, outcome, returnedUs }) =>
      outcome !== 'unknown' && returnedUs <= (endings.get(session) ?? Number.NEGATIVE_INFINITY),
  );
  const servedUntil = new Map<number, number>();
  for (const { connection, returnedUs } of answered)
    servedUntil.set(connection, Math.max(returnedUs, servedUntil.get(connection) ?? 0));
  const touches = new Map<string, Touches>();
  for (const op of answered) {
    const before = touches.get(op.session);
    const isShipped = op.returnedUs + shippedWithinUs <= (servedUntil.get(op.connection) ?? 0);
    touches.set(op.session, {
      last: laterOf(before?.last, op),
      shipped: isShipped ? laterOf(before?.shipped, op) : before?.shipped,
    });
  }
  const ledSinceUs = new Map(history.expiries.map((expiry) => [expiry.session, expiry.ledSinceUs]));
  for (const conn of history.connections.values()) {
    const { requested, session, outcome, role, invokedUs, returnedUs } = conn;
    if (outcome !== 'accepted' || requested === NO_SESSION || role === 'read-only') continue;
    if (returnedUs > (endings.get(session) ?? Number.NEGATIVE_INFINITY)) continue;
    const before = touches.get(session);
    // One that is replaced, and does not know it yet, lets sessions in of which its successor hears nothing.
    const isShipped = invokedUs > (ledSinceUs.get(session) ?? Infinity) + shippedWithinUs;
    touches.set(session, {
      last: laterOf(before?.last, conn),
      shipped: isShipped ? laterOf(before?.shipped, conn) : before?.shipped,
    });
  }
  return touches;
}

function laterOf<T extends Touch>(one: T | undefined, other: T): T {
  return one === undefined || other.invokedUs > one.invokedUs ? other : one;
}
