import { epochOf, formatZxid, type Zxid } from '../../core/zxid.ts';
import type { ConnectionEntry, OpEntry } from './client-history.ts';
import { Commits } from './commits.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isOfTheTree, isRead } from './op-kind.ts';
import type { Waiver } from './predicate.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K15: a sync, and the read after it on its connection, have seen what anybody had seen when the sync was
 * sent; with the log, also what their leader had committed by then. Returned: the numbers of the syncs that
 * were excused, so that nobody takes them for barriers.
 * O(n log n).
 */
export function checkSync(history: IndexedHistory, verdicts: Verdicts): Set<number> {
  const excused = new Set<number>();
  const commits = new Commits(history.log);
  for (const [id, ops] of history.sentOn) {
    const conn = history.connections.get(id);
    let sync: OpEntry | undefined;
    for (const op of ops) {
      if (!isOfTheTree(op)) continue;
      if (op.request.op === 'sync' && op.outcome === 'ok') {
        checkCommitted(commits, verdicts, conn, op);
        sync = checkBarrier(history, verdicts, conn, op, op, excused) ? op : undefined;
      } else if (sync !== undefined && isRead(op.request)) {
        checkBarrier(history, verdicts, conn, sync, op, excused);
        sync = undefined;
      }
    }
  }
  return excused;
}

/**
 * What a leader commits it sends out before it answers a sync that comes later. Source: Leader.processSync,
 * FollowerZooKeeperServer.sync.
 */
function checkCommitted(
  commits: Commits,
  verdicts: Verdicts,
  conn: ConnectionEntry | undefined,
  sync: OpEntry,
): void {
  const bound = commits.before(epochOf(sync.zxid as Zxid), sync.invokedUs);
  if (bound <= sync.zxid) return;
  const accusation = {
    predicate: 'K15',
    rule: 'a sync was answered before what its leader had committed when it was sent',
    ops: [sync.id],
    zxid: sync.zxid,
    expected: `at least ${formatZxid(bound)}`,
    seen: formatZxid(sync.zxid),
  } as const;
  if (conn?.role === 'leader') verdicts.excuse('leader-sync', accusation);
  else verdicts.accuse(accusation);
}

/** Whether it held. */
function checkBarrier(
  history: IndexedHistory,
  verdicts: Verdicts,
  conn: ConnectionEntry | undefined,
  sync: OpEntry,
  reply: OpEntry,
  excused: Set<number>,
): boolean {
  verdicts.checked('K15');
  const seen = history.observed.before(sync.invokedUs);
  if (history.observed.normal(reply.zxid) >= seen.zxid) return true;
  const accusation = {
    predicate: 'K15',
    rule: 'after sync somebody saw less than had been seen before it',
    ops: sync === reply ? [sync.id, seen.op] : [sync.id, reply.id, seen.op],
    zxid: reply.zxid,
    expected: `at least ${formatZxid(seen.zxid)}`,
    seen: formatZxid(reply.zxid),
  } as const;
  const waiver = waiverFor(conn, reply.zxid, seen.zxid);
  if (waiver === undefined) verdicts.accuse(accusation);
  else if (verdicts.excuse(waiver, accusation)) excused.add(sync.id);
  return false;
}

function waiverFor(conn: ConnectionEntry | undefined, zxid: number, seen: number): Waiver | undefined {
  // A later leader has committed something: this server's leader is deposed.
  if (epochOf(zxid as Zxid) < epochOf(seen as Zxid)) return 'two-leaders';
  return conn?.role === 'leader' ? 'leader-sync' : undefined;
}
