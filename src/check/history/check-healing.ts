import { counterOf, formatZxid, type Zxid } from '../../core/zxid.ts';
import { type ConnectionEntry, type FinalEntry, NO_SESSION, type OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isWrite } from './op-kind.ts';
import type { Verdicts } from './verdicts.ts';

/** What was begun so shortly before the end of the time that is allowed shows nothing, µs. */
const TOO_LATE_US = 5_000_000;
/** What was begun before this part of that time, and lost, was lost to an election that still went on. */
const PATIENCE = 2;

/**
 * K17: within `withinUs` after the run healed a new session connects, an old one is let in again or told that
 * it is over, and a write commits, if anybody still tried when half of that time was over; at the end all
 * servers run, and if nothing went on they stand at one zxid with one tree. Nobody
 * waits for an answer in vain.
 */
export function checkHealing(history: IndexedHistory, withinUs: number, verdicts: Verdicts): void {
  const { final } = history;
  const why = whyNot(final, withinUs);
  if (final === undefined || why !== undefined) {
    verdicts.skip('K17', why ?? 'nothing says how the run ended');
    return;
  }
  const accuse: Accuse = (rule, expected, seen) =>
    verdicts.accuse({ predicate: 'K17', rule, ops: [], zxid: -1, expected, seen });
  const from = final.healedUs;
  const until = from + withinUs;
  const since = ({ invokedUs }: Attempt) => invokedUs >= from;
  const patient = ({ invokedUs }: Attempt) => invokedUs >= from + withinUs / PATIENCE;
  const isTooLate = ({ invokedUs }: Attempt) => invokedUs > until - TOO_LATE_US;
  const done = ({ returnedUs }: Attempt) => returnedUs >= from && returnedUs <= until;
  const demand = <A extends Attempt>(
    rule: string,
    all: readonly A[],
    met: (one: A) => boolean,
    what: string,
  ) => {
    const tried = all.filter(since);
    const attempts = tried.filter((one) => !isTooLate(one));
    if (attempts.some(patient) && !tried.some((one) => done(one) && met(one)))
      accuse(rule, 'one', `${attempts.length} ${what}`);
  };
  verdicts.checked('K17');
  const all = [...history.connections.values()];
  const misled = misledOf(all);
  const connections = all.filter(
    ({ handle, outcome, lastZxidSeen }) =>
      (outcome !== 'behind' || !misled.has(handle)) && !isAheadOfAll(lastZxidSeen, history),
  );
  const fresh = connections.filter(({ requested }) => requested === NO_SESSION);
  demand('no new session connected after healing', fresh, (conn) => conn.outcome === 'accepted', 'attempts');
  const returning = connections.filter(({ requested }) => requested !== NO_SESSION);
  demand('no session was let in again after healing', returning, () => true, 'attempts');
  const closes = closesOf(history);
  const writes = history.ops.filter((op) => isWrite(op.request) && !isForsaken(op, history, closes));
  demand('no write was answered after healing', writes, (op) => op.outcome !== 'unknown', 'writes');
  checkSilence(history, until, accuse);
  const first = final.servers.find(({ state }) => state >= 0) ?? final.servers[0];
  const running = new Set(final.servers.map(({ server }) => server));
  const missing = history.header.servers.filter((server) => !running.has(server));
  if (missing.length > 0) accuse('a server did not run at the end', 'all', missing.join(', '));
  if (!final.quiet || first === undefined) return;
  for (const { server, zxid, state } of final.servers) {
    const same = history.observed.normal(zxid) === history.observed.normal(first.zxid);
    if (same && (state < 0 || state === first.state)) continue;
    const rule = same ? 'two servers ended with different trees' : 'two servers ended at different zxids';
    accuse(rule, `${formatZxid(first.zxid)}, as server ${first.server}`, `${formatZxid(zxid)} on ${server}`);
  }
}

/** A client that has heard nothing for a third of its timeout pings, and waits for as long (ClientCnxn). */
const PART_OF_A_TIMEOUT = 3;

/**
 * Whose server is well hears of it: answers to pings stand behind those to what was asked for before, so that
 * one request that gets lost ends the connection (CommitProcessor). Not where an answer may be under way for
 * as long as a client waits.
 */
function checkSilence({ connections, header }: IndexedHistory, wellUs: number, accuse: Accuse): void {
  const { answerUs = 0 } = header;
  for (const { server, session, timeoutUs, lostUs } of connections.values()) {
    if (lostUs === undefined || lostUs - timeoutUs < wellUs) continue;
    if (answerUs >= timeoutUs / PART_OF_A_TIMEOUT) continue;
    accuse(
      'a client heard nothing of a server that was well',
      'an answer',
      `none of ${server} to ${session}`,
    );
    return;
  }
}

/**
 * Whether the client went to another server before anybody could have been expected to answer, or had asked
 * on the same connection to close the session before.
 */
function isForsaken(
  { connection, invokedUs, sent }: OpEntry,
  history: IndexedHistory,
  closes: ReadonlyMap<number, number>,
): boolean {
  const leftUs = history.connections.get(connection)?.leftUs;
  if (leftUs !== undefined && leftUs - invokedUs < TOO_LATE_US) return true;
  return (closes.get(connection) ?? sent) < sent;
}

/**
 * Whether what the client saw last is the beginning of an epoch after which nothing was committed: who led
 * then answered with that (Leader.startZkServer), perhaps only when it had no quorum any more. Others have
 * it, and let the client in, with the next transaction; a leader that serves no clients does not make up for
 * them.
 */
function isAheadOfAll(lastZxidSeen: number, { log }: IndexedHistory): boolean {
  return lastZxidSeen > (log.at(-1)?.zxid ?? 0) && counterOf(lastZxidSeen as Zxid) === 0;
}

/**
 * The clients that a server without a quorum has shown what it had logged. If that was never committed,
 * nobody lets them in any more.
 */
function misledOf(connections: readonly ConnectionEntry[]): ReadonlySet<number> {
  return new Set(connections.filter(({ role }) => role === 'read-only').map(({ handle }) => handle));
}

/** By connection: the place at which its session was asked to close first. */
function closesOf(history: IndexedHistory): ReadonlyMap<number, number> {
  const closes = new Map<number, number>();
  for (const { request, connection, sent } of history.ops) {
    if (request.op !== 'closeSession') continue;
    closes.set(connection, Math.min(sent, closes.get(connection) ?? sent));
  }
  return closes;
}

type Accuse = (rule: string, expected: string, seen: string) => void;

/** Something that a client began, and when it was answered, if it was. */
interface Attempt {
  readonly invokedUs: number;
  readonly returnedUs: number;
}

/** Why there is nothing to judge; undefined when there is. */
function whyNot(final: FinalEntry | undefined, withinUs: number): string | undefined {
  if (final === undefined) return 'nothing says how the run ended';
  if (final.healedUs < 0)
    return 'the run did not heal: a server did not run at the end, or was out of reach for others or clients';
  const missingUs = final.healedUs + withinUs - final.atUs;
  return missingUs > 0 ? `the run ended ${missingUs / 1000} ms too early after healing` : undefined;
}
