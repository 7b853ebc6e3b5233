import { formatZxid } from '../../core/zxid.ts';
import { type LogEntry, NO_SESSION, type OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { codeOf } from './logged-code.ts';
import { makesEphemeral } from './op-kind.ts';
import type { Identity } from './request.ts';
import type { Verdicts } from './verdicts.ts';

const SESSIONEXPIRED = -112;
const SESSIONMOVED = -118;

/**
 * K14 and K6, with the log: who is told that a session is over is told so because it is, or is about to be; a
 * session is given the timeout that was negotiated, which is what its client asked for, within bounds; and a
 * write is refused since its session speaks through another server only if it ever went to one; nobody is let
 * in with a wrong password. K5: whoAmI
 * names who the client has proven to be. Linear. Source: SessionTrackerImpl, PrepRequestProcessor,
 * ZooKeeperServer.processConnectRequest.
 */
export function checkSessionAnswers(history: IndexedHistory, verdicts: Verdicts): void {
  // Of others nobody says when their local sessions end.
  const { localSessions, ownClients } = history.header;
  if (!localSessions || ownClients === true) checkSaidToBeOver(history, verdicts);
  checkTimeouts(history, verdicts);
  checkNegotiated(history, verdicts);
  checkPasswords(history, verdicts);
  checkIdentities(history, verdicts);
  checkMoved(history, verdicts);
}

function checkSaidToBeOver(history: IndexedHistory, verdicts: Verdicts): void {
  const ends = endsOf(history);
  const opened = new Map<string, number>();
  for (const { txn, session, zxid } of history.log)
    if (txn.type === 'createSession') opened.set(session, zxid);
  // Who has not heard of its beginning cannot know it: a leader that is replaced and does not know that yet.
  const lives = (session: string, atUs: number, zxid: number) =>
    atUs < (ends.get(session) ?? -1) && zxid >= (opened.get(session) ?? Infinity);
  const accuse = (session: string, ops: readonly number[], seen: string) =>
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a session was said to be over that nobody ended',
      ops,
      zxid: -1,
      expected: `${session} to live`,
      seen,
    });
  for (const { requested, outcome, server, returnedUs, serverZxid, forged } of history.connections.values()) {
    if (requested === NO_SESSION || forged === true) continue;
    verdicts.checked('K14');
    if (outcome === 'expired' && lives(requested, returnedUs, serverZxid))
      accuse(requested, [], `server ${server} answered that it has expired`);
  }
  for (const { error, session, id, returnedUs, zxid, request } of history.ops) {
    if (error !== SESSIONEXPIRED) continue;
    const isLocal = history.header.localSessions && zxid < (opened.get(session) ?? Infinity);
    // Of a local session that wants an ephemeral node the leader says in a multi that it knows no such one.
    if (isLocal && history.header.sessionUpgrades !== true && makesEphemeral(request)) continue;
    if (isLocal ? returnedUs < (ends.get(session) ?? Infinity) : lives(session, returnedUs, zxid))
      accuse(session, [id], `code ${SESSIONEXPIRED}`);
  }
}

/**
 * By session of the log, or a local one that ends: from when on it may be said to be over. Its end was then
 * asked for, or decided, also if that was never committed.
 */
function endsOf(history: IndexedHistory): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { txn, session } of history.log) if (txn.type === 'createSession') ends.set(session, Infinity);
  const end = (session: string, atUs: number) => {
    const known = ends.get(session) ?? (history.header.localSessions ? Infinity : undefined);
    if (known !== undefined) ends.set(session, Math.min(known, atUs));
  };
  for (const { session, preparedUs } of history.expiries) end(session, preparedUs);
  for (const { request, session, invokedUs } of history.ops)
    if (request.op === 'closeSession') end(session, invokedUs);
  // Nobody says since when that was on its way.
  for (const session of history.closedAt.keys()) if (ends.get(session) === Infinity) end(session, -1);
  return ends;
}

function checkTimeouts(history: IndexedHistory, verdicts: Verdicts): void {
  const negotiated = new Map<string, Set<number>>();
  for (const { outcome, session, timeoutUs } of history.connections.values()) {
    if (outcome !== 'accepted') continue;
    const known = negotiated.get(session);
    if (known === undefined) negotiated.set(session, new Set([timeoutUs]));
    else known.add(timeoutUs);
  }
  for (const { session, timeoutUs, server } of history.expiries) {
    const known = negotiated.get(session);
    if (known === undefined || known.has(timeoutUs)) continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a session was given another timeout than was negotiated',
      ops: [],
      zxid: -1,
      expected: [...known].map((one) => `${one} µs`).join(' or '),
      seen: `${timeoutUs} µs for ${session} on server ${server}`,
    });
  }
}

function checkNegotiated({ connections, header }: IndexedHistory, verdicts: Verdicts): void {
  const { leastTimeoutMs, mostTimeoutMs } = header;
  if (leastTimeoutMs === undefined || mostTimeoutMs === undefined) return;
  for (const { outcome, session, server, askedUs, timeoutUs } of connections.values()) {
    if (outcome !== 'accepted' || askedUs === undefined) continue;
    verdicts.checked('K14');
    const dueMs = Math.min(mostTimeoutMs, Math.max(leastTimeoutMs, Math.floor(askedUs / 1000)));
    if (timeoutUs === dueMs * 1000) continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a session was not given the timeout that it asked for, within bounds',
      ops: [],
      zxid: -1,
      expected: `${dueMs * 1000} µs`,
      seen: `${timeoutUs} µs for ${session} on server ${server}`,
    });
  }
}

/** Who does not know a session's password is told that it is over (ZooKeeperServer.reopenSession). */
function checkPasswords({ connections }: IndexedHistory, verdicts: Verdicts): void {
  for (const { forged, outcome, server, session } of connections.values()) {
    if (forged !== true) continue;
    verdicts.checked('K14');
    if (outcome !== 'accepted') continue;
    verdicts.accuse({
      predicate: 'K14',
      rule: 'a client was let in with a wrong password',
      ops: [],
      zxid: -1,
      expected: 'to be told that its session is over',
      seen: `server ${server} lets ${session} in`,
    });
  }
}

/** What was proven behind the question may be in the answer: it counts as soon as it comes. */
function checkIdentities(history: IndexedHistory, verdicts: Verdicts): void {
  for (const op of history.ops) {
    const { identities } = op.result;
    if (op.request.op !== 'whoAmI' || op.outcome !== 'ok' || identities === undefined) continue;
    verdicts.checked('K5');
    const named = new Set(identities.map(nameOf));
    const proven = new Set(history.identitiesOf(op).filter(isOrdinary).map(nameOf));
    const possible = new Set(history.everProven(op.connection).map(nameOf));
    const missing = [...proven].find((name) => !named.has(name));
    const strange = identities
      .filter(isOrdinary)
      .map(nameOf)
      .find((name) => !possible.has(name));
    if (missing === undefined && strange === undefined) continue;
    verdicts.accuse({
      predicate: 'K5',
      rule: 'whoAmI named another than was asking',
      ops: [op.id],
      zxid: op.zxid,
      expected: [...proven].join(', '),
      seen: [...named].join(', '),
    });
  }
}

/** A superuser is one by its server's configuration. */
function isOrdinary({ scheme }: Identity): boolean {
  return scheme !== 'super';
}

/** As whoAmI calls it: of a digest the user alone. */
function nameOf({ scheme, id }: Identity): string {
  return `${scheme}:${scheme === 'digest' ? (id.split(':')[0] ?? '') : id}`;
}

function checkMoved(history: IndexedHistory, verdicts: Verdicts): void {
  for (const { error, result, id, zxid } of history.ops) {
    const told = error === SESSIONMOVED || result.parts?.some((part) => part.error === SESSIONMOVED) === true;
    if (!told) continue;
    const rule = 'a client was told that its session has moved, and its connection not closed';
    const seen = `code ${SESSIONMOVED}`;
    verdicts.accuse({ predicate: 'K6', rule, ops: [id], zxid, expected: 'no answer', seen });
  }
  const appliedUs = new Map<number, number>();
  for (const { zxid, atUs } of history.applies)
    appliedUs.set(zxid, Math.min(atUs, appliedUs.get(zxid) ?? atUs));
  for (const entry of history.log) {
    if (codeOf(entry.txn) !== SESSIONMOVED) continue;
    const op = history.issued(entry.session, entry.cxid);
    if (op === undefined || mayHaveMoved(history, op, appliedUs.get(entry.zxid) ?? Infinity)) continue;
    accuseUnmoved(verdicts, entry, op);
  }
}

/** Whether the session went elsewhere before then, or asked to, and was not answered, before it came here. */
function mayHaveMoved(history: IndexedHistory, op: OpEntry, untilUs: number): boolean {
  const here = history.connections.get(op.connection);
  return (history.connectionsOf.get(op.handle) ?? []).some(({ id, server, invokedUs, outcome }) => {
    if (here === undefined) return true;
    if (id > here.id) return invokedUs <= untilUs;
    return id < here.id && server !== here.server && outcome === 'lost';
  });
}

function accuseUnmoved(verdicts: Verdicts, { zxid }: LogEntry, { id, session }: OpEntry): void {
  verdicts.accuse({
    predicate: 'K6',
    rule: 'a write was refused since its session had moved, and it had not',
    ops: [id],
    zxid,
    expected: 'to be judged by the state before it',
    seen: `code ${SESSIONMOVED} for ${session} at ${formatZxid(zxid)}`,
  });
}
