import { formatZxid } from '../../core/zxid.ts';
import type { OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { codeOf } from './logged-code.ts';
import { isWrite, ownsTxn } from './op-kind.ts';
import type { Accusation, Verdicts } from './verdicts.ts';

interface Effect {
  readonly zxid: number;
  readonly session: string;
  readonly cxid: number;
  readonly op: OpEntry | undefined;
}

interface SessionState {
  cxid: number;
  /** The newest connection with a write that was acknowledged, and that write. */
  sealed: number;
  sealer: OpEntry | undefined;
}

/**
 * K2 and K16 in one pass over the log: a session's effects come in the order of its cxids, and once a write
 * on a newer connection succeeded no write of an older one follows. Without the log, over what was
 * acknowledged.
 */
export function checkSessionWrites(history: IndexedHistory, verdicts: Verdicts): void {
  const sessions = new Map<string, SessionState>();
  for (const effect of effectsOf(history)) {
    let state = sessions.get(effect.session);
    if (state === undefined) {
      state = { cxid: 0, sealed: -1, sealer: undefined };
      sessions.set(effect.session, state);
    }
    checkOrder(history, verdicts, state, effect);
    checkSealed(history, verdicts, state, effect);
  }
}

function effectsOf(history: IndexedHistory): Effect[] {
  if (!history.header.whiteBox) {
    return history.ops
      .filter((op) => ownsTxn(op) && op.outcome === 'ok' && op.cxid > 0)
      .map((op) => ({ zxid: op.zxid, session: op.session, cxid: op.cxid, op }))
      .sort((a, b) => a.zxid - b.zxid);
  }
  return history.log
    .filter(({ txn, cxid }) => codeOf(txn) === 0 && txn.type !== 'createSession' && cxid > 0)
    .map(({ zxid, session, cxid }) => ({ zxid, session, cxid, op: history.issued(session, cxid) }));
}

function checkOrder(history: IndexedHistory, verdicts: Verdicts, state: SessionState, effect: Effect): void {
  verdicts.checked('K2');
  if (effect.cxid > state.cxid) {
    state.cxid = effect.cxid;
    return;
  }
  charge(history, verdicts, effect, {
    predicate: 'K2',
    rule: 'a session’s write was committed after a later one of it',
    ops: effect.op === undefined ? [] : [effect.op.id],
    zxid: effect.zxid,
    expected: `a cxid above ${state.cxid}`,
    seen: `cxid ${effect.cxid} of ${effect.session}`,
  });
}

function checkSealed(
  history: IndexedHistory,
  verdicts: Verdicts,
  state: SessionState,
  { zxid, op, ...rest }: Effect,
): void {
  if (op === undefined || !isWrite(op.request)) return;
  verdicts.checked('K16');
  if (op.connection >= state.sealed) {
    if (op.outcome !== 'ok') return;
    state.sealed = op.connection;
    state.sealer = op;
    return;
  }
  charge(
    history,
    verdicts,
    { zxid, op, ...rest },
    {
      predicate: 'K16',
      rule: 'a write of an older connection came after one of a newer connection',
      ops: [op.id, state.sealer?.id ?? -1],
      zxid,
      expected: `nothing of connection ${op.connection} after ${formatZxid(state.sealer?.zxid ?? -1)}`,
      seen: formatZxid(zxid),
    },
  );
}

/**
 * It is excused when the session came back to the server that the late write was sent to, or was closed
 * before.
 */
function charge(history: IndexedHistory, verdicts: Verdicts, effect: Effect, accusation: Accusation): void {
  const { op, session, zxid } = effect;
  const sentTo = op === undefined ? undefined : history.connections.get(op.connection);
  const after = (history.connectionsOf.get(op?.handle ?? -1) ?? []).filter(
    (conn) => sentTo !== undefined && conn.id > sentTo.id && conn.outcome === 'accepted',
  );
  const away = after.findIndex((conn) => conn.server !== sentTo?.server);
  const returned = away >= 0 && after.slice(away).some((conn) => conn.server === sentTo?.server);
  if (history.mayOutlive(session, zxid)) verdicts.excuse('local-sessions', accusation);
  else if (returned) verdicts.excuse('server-return', accusation);
  else verdicts.accuse(accusation);
}
