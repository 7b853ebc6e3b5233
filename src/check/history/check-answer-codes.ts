import type { ConnectionEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { hasNoTxn, isWrite, makesEphemeral } from './op-kind.ts';
import type { Predicate } from './predicate.ts';
import type { Request } from './request.ts';
import type { Verdicts } from './verdicts.ts';

const SESSIONEXPIRED = -112;
const SESSIONMOVED = -118;
const NOTREADONLY = -119;
const EPHEMERALONLOCALSESSION = -120;
const NOWATCHER = -121;

/**
 * Codes that our servers answer nobody: CONNECTIONLOSS and REQUESTTIMEOUT, which clients make up, what
 * settings stand behind that we do not have, and MARSHALLINGERROR, since our clients send no garbage.
 */
const NEVER: ReadonlySet<number> = new Set([-4, -5, -122, -124, -127]);
/** What becomes of a session, or who serves it: with these anything may fail. */
const OF_THE_SESSION: readonly number[] = [SESSIONEXPIRED, SESSIONMOVED, NOTREADONLY];

/** How requests may fail that look at no znode. */
const WITHOUT_TREE: { readonly [O in Request['op']]?: ReadonlySet<number> } = {
  ping: new Set(OF_THE_SESSION),
  whoAmI: new Set(OF_THE_SESSION),
  sync: new Set(OF_THE_SESSION),
  closeSession: new Set(OF_THE_SESSION),
  setWatches: new Set(OF_THE_SESSION),
  addWatch: new Set(OF_THE_SESSION),
  checkWatches: new Set([...OF_THE_SESSION, NOWATCHER]),
  removeWatches: new Set([...OF_THE_SESSION, NOWATCHER]),
};

/**
 * K5, K6 and K15, with the log: codes that do not come from the tree. A server without a quorum, and no
 * other, refuses writes and syncs as that, and nothing else; a local session that may not become a global
 * one, and no other, is told that it cannot own an ephemeral node. In our own runs nothing fails with a code
 * for which there is no cause. Linear. Source: ReadOnlyRequestProcessor,
 * QuorumZooKeeperServer.checkUpgradeSession, PrepRequestProcessor.validateCreateRequest.
 */
export function checkAnswerCodes(history: IndexedHistory, verdicts: Verdicts): void {
  const opened = new Map<string, number>();
  for (const { txn, session, zxid } of history.log)
    if (txn.type === 'createSession' && !opened.has(session)) opened.set(session, zxid);
  for (const op of history.ops) {
    if (op.outcome === 'unknown') continue;
    const accuse: Accuse = (rule, expected) =>
      verdicts.accuse({
        predicate: predicateOf(op.request),
        rule,
        ops: [op.id],
        zxid: op.zxid,
        expected,
        seen: `code ${op.error} to ${op.request.op}`,
      });
    if (history.header.ownClients === true) checkCause(op, accuse);
    const conn = history.connections.get(op.connection);
    if (conn !== undefined && conn.role !== 'unknown') checkQuorum(op, conn, accuse);
    checkLocal(history, op, (opened.get(op.session) ?? Infinity) <= op.zxid, conn, accuse);
  }
}

type Accuse = (rule: string, expected: string) => void;

function checkCause({ error, request }: OpEntry, accuse: Accuse): void {
  if (error === 0) return;
  const known = WITHOUT_TREE[request.op];
  if (NEVER.has(error) || known?.has(error) === false)
    accuse('a request failed with a code for which there is no cause', 'another code, or none');
}

function checkQuorum({ error, request }: OpEntry, { role, server }: ConnectionEntry, accuse: Accuse): void {
  // A global session ends elsewhere, a local one here; nobody may ask for a bare check.
  if (request.op === 'closeSession' || request.op === 'check') return;
  const needsQuorum = isWrite(request) || request.op === 'sync';
  const refused = error === NOTREADONLY;
  if (role === 'read-only' && needsQuorum) {
    if (!refused && !hasNoTxn(error))
      accuse('what needs a quorum was not refused where there is none', `code ${NOTREADONLY}`);
  } else if (refused) {
    accuse('a server refused what it can do as if it had no quorum', `another code of server ${server}`);
  }
}

/** @param global whether the session was a global one by then */
function checkLocal(
  { header: { localSessions, sessionUpgrades } }: IndexedHistory,
  { error, request, result }: OpEntry,
  global: boolean,
  conn: ConnectionEntry | undefined,
  accuse: Accuse,
): void {
  const isLocal = localSessions && sessionUpgrades !== true && !global;
  if (error === EPHEMERALONLOCALSESSION && !(isLocal && makesEphemeral(request)))
    accuse('a write was refused to a local session that is none, or makes no ephemeral', 'another code');
  if (!isLocal || sessionUpgrades === undefined || !makesEphemeral(request)) return;
  if (conn === undefined || conn.role === 'read-only' || hasNoTxn(error)) return;
  const rule = 'a local session was not refused an ephemeral node';
  if (request.op !== 'multi') {
    if (error !== EPHEMERALONLOCALSESSION) accuse(rule, `code ${EPHEMERALONLOCALSESSION}`);
    return;
  }
  const first = request.parts.findIndex(makesEphemeral);
  const culprit = result.parts?.findIndex((part) => part.error !== 0) ?? -1;
  if (error === 0 || culprit < 0 || culprit < first) return;
  // A leader that does not know the session takes it for one that is over.
  if (culprit > first || (error !== EPHEMERALONLOCALSESSION && error !== SESSIONEXPIRED))
    accuse(rule, `code ${EPHEMERALONLOCALSESSION} or ${SESSIONEXPIRED} of part ${first}`);
}

function predicateOf(request: Request): Predicate {
  if (isWrite(request) || request.op === 'closeSession') return 'K6';
  return request.op === 'sync' ? 'K15' : 'K5';
}
