import { formatZxid } from '../../core/zxid.ts';
import type { EventEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isRead } from './op-kind.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K3 and K10: on one connection replies come in the order of the requests, their zxids never fall, a write's
 * is above all before it, and an event comes before any reply that has seen its transaction. Linear.
 */
export function checkConnectionOrder(history: IndexedHistory, verdicts: Verdicts): void {
  for (const [connection, packets] of history.packetsOn) {
    checkPackets(history, packets, verdicts);
    checkGaps(history.sentOn.get(connection) ?? [], verdicts);
  }
}

function checkPackets(
  history: IndexedHistory,
  packets: readonly (OpEntry | EventEntry)[],
  verdicts: Verdicts,
): void {
  let last: OpEntry | undefined;
  let lastSent: OpEntry | undefined;
  let lastEvent: EventEntry | undefined;
  for (const packet of packets) {
    if (packet.kind === 'ev') {
      if (packet.zxid <= 0) continue;
      verdicts.checked('K10');
      if (last !== undefined && last.zxid >= packet.zxid) accuseLate(verdicts, packet, last);
      if (lastEvent !== undefined && lastEvent.zxid > packet.zxid)
        accuseDisorder(verdicts, packet, lastEvent);
      lastEvent = packet;
      continue;
    }
    // An auth is answered at once, by another thread.
    if (packet.request.op === 'auth') continue;
    verdicts.checked('K3');
    if (lastSent !== undefined && packet.sent < lastSent.sent) accuseOvertaken(verdicts, packet, lastSent);
    else lastSent = packet;
    if (packet.zxid <= 0 && packet.error !== 0) continue;
    if (last !== undefined) checkPair(history, verdicts, last, packet);
    if (last === undefined || packet.zxid >= last.zxid) last = packet;
  }
}

/** No request stays without an answer when a later one got it. */
function checkGaps(sent: readonly OpEntry[], verdicts: Verdicts): void {
  let waiting: OpEntry | undefined;
  for (const op of sent) {
    if (op.request.op === 'auth') continue;
    if (op.outcome === 'unknown') {
      waiting ??= op;
    } else if (waiting !== undefined) {
      verdicts.accuse({
        predicate: 'K3',
        rule: 'a request was passed over',
        ops: [waiting.id, op.id],
        zxid: op.zxid,
        expected: `the answer to request ${waiting.sent} before that to ${op.sent}`,
        seen: `packet ${op.position} of connection ${op.connection}`,
      });
      return;
    }
  }
}

function checkPair(history: IndexedHistory, verdicts: Verdicts, before: OpEntry, after: OpEntry): void {
  if (after.zxid > before.zxid) return;
  const own = history.owns(after);
  if (after.zxid === before.zxid && !own) return;
  verdicts.accuse({
    predicate: 'K3',
    rule: own
      ? 'a write is not after what its connection had been answered before'
      : history.owns(before) && isRead(after.request)
        ? 'a read does not see the write that its connection sent before'
        : 'a reply is older than the one before it',
    ops: [before.id, after.id],
    zxid: after.zxid,
    expected: `${own ? 'above' : 'at least'} ${formatZxid(before.zxid)}`,
    seen: formatZxid(after.zxid),
  });
}

function accuseOvertaken(verdicts: Verdicts, op: OpEntry, before: OpEntry): void {
  verdicts.accuse({
    predicate: 'K3',
    rule: 'a request was answered after a later one',
    ops: [op.id, before.id],
    zxid: op.zxid,
    expected: `the answer to request ${op.sent} before that to ${before.sent}`,
    seen: `packet ${op.position} after ${before.position}`,
  });
}

function accuseLate(verdicts: Verdicts, event: EventEntry, reply: OpEntry): void {
  verdicts.accuse({
    predicate: 'K10',
    rule: 'an event came after a reply that had seen its transaction',
    ops: [reply.id],
    zxid: event.zxid,
    expected: `${event.type} ${event.path} before packet ${reply.position}`,
    seen: `packet ${event.position}`,
  });
}

function accuseDisorder(verdicts: Verdicts, event: EventEntry, before: EventEntry): void {
  verdicts.accuse({
    predicate: 'K10',
    rule: 'an event came after that of a later transaction',
    ops: [],
    zxid: event.zxid,
    expected: `at least ${formatZxid(before.zxid)}`,
    seen: `${formatZxid(event.zxid)} ${event.type} ${event.path} on connection ${event.connection}`,
  });
}
