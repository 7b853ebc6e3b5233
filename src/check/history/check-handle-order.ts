import { formatZxid } from '../../core/zxid.ts';
import type { ConnectionEntry, EventEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Accusation, Verdicts } from './verdicts.ts';

/** What a handle has seen: in a reply that counts, in an event at all, and in one of this connection. */
interface Sight {
  zxid: number;
  op: number;
  /** When the highest was seen. */
  atUs: number;
  eventZxid: number;
  eventHere: number;
}

/**
 * K4 and K4w: what a handle sees never goes back, across its connections; a server lets it in only if it has
 * seen as much itself. Pings and events do not count across connections. Linear.
 */
export function checkHandleOrder(history: IndexedHistory, verdicts: Verdicts): void {
  for (const connections of history.connectionsOf.values()) {
    const sight: Sight = { zxid: 0, op: -1, atUs: -1, eventZxid: 0, eventHere: 0 };
    for (const conn of connections) {
      checkAdmission(verdicts, conn, sight);
      sight.eventHere = 0;
      if (conn.role === 'read-only') continue;
      for (const packet of history.packetsOn.get(conn.id) ?? []) look(verdicts, sight, packet);
    }
  }
}

function look(verdicts: Verdicts, sight: Sight, packet: OpEntry | EventEntry): void {
  if (packet.kind === 'ev') {
    sight.eventHere = Math.max(sight.eventHere, packet.zxid);
    sight.eventZxid = Math.max(sight.eventZxid, packet.zxid);
    return;
  }
  if (packet.request.op === 'ping' || packet.request.op === 'auth' || packet.zxid < 0) return;
  if (packet.zxid === 0 && packet.error !== 0) return;
  verdicts.checked('K4');
  const accusation = (rule: string, bound: number): Accusation => ({
    predicate: 'K4',
    rule,
    ops: [packet.id, sight.op],
    zxid: packet.zxid,
    expected: `at least ${formatZxid(bound)}`,
    seen: formatZxid(packet.zxid),
  });
  if (packet.zxid < sight.zxid) {
    verdicts.accuse(accusation('a client was answered from an older state than it had seen', sight.zxid));
  } else if (packet.zxid < sight.eventHere) {
    verdicts.accuse(accusation('a reply is older than an event before it', sight.eventHere));
  } else if (packet.zxid < sight.eventZxid) {
    verdicts.excuse(
      'event-only',
      accusation('a reply is older than an event of an earlier connection', sight.eventZxid),
    );
  }
  if (packet.zxid < sight.zxid) return;
  if (packet.zxid > sight.zxid) sight.atUs = packet.returnedUs;
  sight.zxid = packet.zxid;
  sight.op = packet.id;
}

function checkAdmission(verdicts: Verdicts, conn: ConnectionEntry, sight: Sight): void {
  if (conn.lastZxidSeen < sight.zxid && sight.atUs < conn.invokedUs) {
    verdicts.accuse({
      predicate: 'K4w',
      rule: 'a client told less than it had seen',
      ops: [sight.op],
      zxid: sight.zxid,
      expected: formatZxid(sight.zxid),
      seen: `${formatZxid(conn.lastZxidSeen)} on connection ${conn.id}`,
    });
  }
  if (conn.serverZxid < 0 || (conn.outcome !== 'accepted' && conn.outcome !== 'behind')) return;
  verdicts.checked('K4w');
  const caughtUp = conn.serverZxid >= conn.lastZxidSeen;
  if (caughtUp === (conn.outcome === 'accepted')) return;
  verdicts.accuse({
    predicate: 'K4w',
    rule: caughtUp
      ? 'a server refused a client that has seen no more than it'
      : 'a server let in a client that has seen more than it',
    ops: [],
    zxid: conn.lastZxidSeen,
    expected: `${caughtUp ? 'accepted' : 'refused'} with ${formatZxid(conn.lastZxidSeen)}`,
    seen: `connection ${conn.id}: server at ${formatZxid(conn.serverZxid)}`,
  });
}
