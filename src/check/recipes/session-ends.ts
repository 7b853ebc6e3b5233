import type { IndexedHistory } from '../history/indexed-history.ts';

/**
 * When each session ended: as its close was first delivered anywhere, or if nobody delivered it, for it was
 * in the history that an epoch began with, as it was asked for. Empty without the white box.
 */
export function sessionEnds(history: IndexedHistory): ReadonlyMap<string, number> {
  const sessions = new Map<number, string>();
  for (const [session, zxid] of history.closedAt) sessions.set(zxid, session);
  const ends = new Map<string, number>();
  for (const { zxid, atUs } of history.applies) {
    const session = sessions.get(zxid);
    if (session !== undefined) ends.set(session, Math.min(atUs, ends.get(session) ?? atUs));
  }
  const askedUs = new Map(history.expiries.map(({ session, preparedUs }) => [session, preparedUs]));
  for (const session of history.closedAt.keys())
    if (!ends.has(session)) ends.set(session, askedUs.get(session) ?? 0);
  return ends;
}
