import { formatZxid } from '../../core/zxid.ts';
import type { LogEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { codeOf } from './logged-code.ts';
import { isWrite } from './op-kind.ts';
import type { Accusation, Verdicts } from './verdicts.ts';

/**
 * K1: a write's zxid is above everything that anyone had seen when it was sent, it has it alone, and the log
 * holds it there. Of a write without an answer the log holds at most one effect. O(n log n).
 */
export function checkLinearWrites(history: IndexedHistory, verdicts: Verdicts): void {
  const owner = new Map<number, OpEntry>();
  const effects = history.header.whiteBox ? effectsByOp(history) : undefined;
  for (const op of history.ops) {
    if (history.owns(op)) {
      verdicts.checked('K1');
      checkFresh(history, verdicts, op, op.zxid);
      const other = owner.get(op.zxid);
      if (other !== undefined) accuseDouble(verdicts, other, op);
      owner.set(op.zxid, op);
    } else if (op.outcome === 'unknown' && isWrite(op.request) && effects !== undefined) {
      verdicts.checked('K1');
      checkUnknown(history, verdicts, op, effects.get(op.id) ?? []);
    }
  }
  if (effects !== undefined) checkLogged(history, verdicts, owner);
}

function checkFresh(history: IndexedHistory, verdicts: Verdicts, op: OpEntry, zxid: number): void {
  const seen = history.observed.before(op.invokedUs);
  if (zxid > seen.zxid) return;
  verdicts.accuse({
    predicate: 'K1',
    rule: 'a write was ordered before what had been seen when it was sent',
    ops: [op.id, seen.op],
    zxid,
    expected: `a zxid above ${formatZxid(seen.zxid)}`,
    seen: formatZxid(zxid),
  });
}

function accuseDouble(verdicts: Verdicts, first: OpEntry, second: OpEntry): void {
  verdicts.accuse({
    predicate: 'K1',
    rule: 'two writes were answered with one zxid',
    ops: [first.id, second.id],
    zxid: second.zxid,
    expected: 'a zxid of its own',
    seen: `that of op ${first.id}`,
  });
}

/** By op: the entries of the log that changed something on its behalf. */
function effectsByOp(history: IndexedHistory): Map<number, LogEntry[]> {
  const effects = new Map<number, LogEntry[]>();
  for (const entry of history.log) {
    if (codeOf(entry.txn) !== 0) continue;
    const op = history.issued(entry.session, entry.cxid);
    if (op === undefined) continue;
    const found = effects.get(op.id);
    if (found === undefined) effects.set(op.id, [entry]);
    else found.push(entry);
  }
  return effects;
}

function checkUnknown(
  history: IndexedHistory,
  verdicts: Verdicts,
  op: OpEntry,
  effects: readonly LogEntry[],
): void {
  const [first, second] = effects;
  if (first === undefined) return;
  if (second !== undefined) {
    verdicts.accuse({
      predicate: 'K1',
      rule: 'a write without an answer took effect twice',
      ops: [op.id],
      zxid: second.zxid,
      expected: `once, at ${formatZxid(first.zxid)}`,
      seen: `again at ${formatZxid(second.zxid)}`,
    });
  }
  checkFresh(history, verdicts, op, first.zxid);
  const closed = history.closedAt.get(op.session);
  if (closed === undefined || first.zxid < closed) return;
  const late: Accusation = {
    predicate: 'K1',
    rule: 'a write took effect after its session was closed',
    ops: [op.id],
    zxid: first.zxid,
    expected: `a zxid below ${formatZxid(closed)}`,
    seen: formatZxid(first.zxid),
  };
  if (history.mayOutlive(op.session, first.zxid)) verdicts.excuse('local-sessions', late);
  else verdicts.accuse(late);
}

function checkLogged(history: IndexedHistory, verdicts: Verdicts, owner: ReadonlyMap<number, OpEntry>): void {
  for (const entry of history.log) {
    const op = owner.get(entry.zxid);
    if (op === undefined || (op.session === entry.session && op.cxid === entry.cxid)) continue;
    verdicts.accuse({
      predicate: 'K1',
      rule: 'the log holds something else at a write’s zxid',
      ops: [op.id],
      zxid: entry.zxid,
      expected: `${op.session} cxid ${op.cxid}`,
      seen: `${entry.session} cxid ${entry.cxid}`,
    });
  }
}
