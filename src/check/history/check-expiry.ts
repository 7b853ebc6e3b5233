import type { OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K14: a session expires within a tick after its timeout since the leader's last touch, and, as its client
 * sees it, not before the timeout since the last request that was answered, less what touches take to reach
 * the leader. Linear.
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
  checkClientSide(history, verdicts);
}

function checkClientSide(history: IndexedHistory, verdicts: Verdicts): void {
  const { tickTimeUs, syncLimit, slackUs } = history.header;
  const endings = endingsOf(history);
  const last = lastAnswered(history, endings);
  for (const [session, ended] of endings) {
    const touch = last.get(session);
    const timeoutUs = touch === undefined ? 0 : (history.connections.get(touch.connection)?.timeoutUs ?? 0);
    if (touch === undefined || timeoutUs === 0) continue;
    verdicts.checked('K14');
    const roundTrip = touch.returnedUs - touch.invokedUs;
    const due = touch.invokedUs + timeoutUs - Math.ceil(tickTimeUs / 2) - roundTrip - slackUs;
    if (ended >= due) continue;
    const accusation = {
      predicate: 'K14',
      rule: 'a session expired although its client had been answered',
      ops: [touch.id],
      zxid: history.closedAt.get(session) ?? -1,
      expected: `not before ${due} µs`,
      seen: `${ended} µs, ${session}`,
    } as const;
    if (ended >= due - syncLimit * tickTimeUs) verdicts.excuse('unshipped-touches', accusation);
    else verdicts.accuse(accusation);
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

/** Of each session: the last op, by when it was sent, that was answered before the session ended. */
function lastAnswered(history: IndexedHistory, endings: ReadonlyMap<string, number>): Map<string, OpEntry> {
  const last = new Map<string, OpEntry>();
  for (const op of history.ops) {
    const ended = endings.get(op.session);
    if (ended === undefined || op.outcome === 'unknown' || op.returnedUs > ended) continue;
    const before = last.get(op.session);
    if (before === undefined || op.invokedUs > before.invokedUs) last.set(op.session, op);
  }
  return last;
}
