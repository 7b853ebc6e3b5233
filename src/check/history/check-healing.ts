import { formatZxid } from '../../core/zxid.ts';
import { type FinalEntry, NO_SESSION } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isWrite } from './op-kind.ts';
import type { Verdicts } from './verdicts.ts';

/** What was begun so shortly before the end of the time that is allowed shows nothing, µs. */
const TOO_LATE_US = 5_000_000;

/**
 * K17: within `withinUs` after the run healed a new session connects, an old one is let in again or told that
 * it is over, and a write commits, if anybody tried; at the end all servers run, and if nothing went on they
 * stand at one zxid with one tree.
 */
export function checkHealing(history: IndexedHistory, withinUs: number, verdicts: Verdicts): void {
  const { final } = history;
  const why = whyNot(final, withinUs);
  if (final === undefined || why !== undefined) {
    verdicts.skip('K17', why ?? 'nothing says how the run ended');
    return;
  }
  const accuse = (rule: string, expected: string, seen: string) =>
    verdicts.accuse({ predicate: 'K17', rule, ops: [], zxid: -1, expected, seen });
  const from = final.healedUs;
  const until = from + withinUs;
  const soon = (invokedUs: number) => invokedUs >= from && invokedUs <= until - TOO_LATE_US;
  const done = (returnedUs: number) => returnedUs >= from && returnedUs <= until;
  const attempts = [...history.connections.values()].filter(
    (conn) => conn.requested === NO_SESSION && soon(conn.invokedUs),
  );
  verdicts.checked('K17');
  if (attempts.length > 0 && !attempts.some((conn) => conn.outcome === 'accepted' && done(conn.returnedUs)))
    accuse('no new session connected after healing', 'one', `${attempts.length} attempts`);
  const returning = [...history.connections.values()].filter(
    (conn) => conn.requested !== NO_SESSION && soon(conn.invokedUs),
  );
  if (returning.length > 0 && !returning.some((conn) => done(conn.returnedUs)))
    accuse('no session was let in again after healing', 'one', `${returning.length} attempts`);
  const writes = history.ops.filter((op) => isWrite(op.request) && soon(op.invokedUs));
  if (writes.length > 0 && !writes.some((op) => op.outcome !== 'unknown' && done(op.returnedUs)))
    accuse('no write was answered after healing', 'one', `${writes.length} writes`);
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

/** Why there is nothing to judge; undefined when there is. */
function whyNot(final: FinalEntry | undefined, withinUs: number): string | undefined {
  if (final === undefined) return 'nothing says how the run ended';
  if (final.healedUs < 0)
    return 'the run did not heal: not all servers ran and reached each other at the end';
  const missingUs = final.healedUs + withinUs - final.atUs;
  return missingUs > 0 ? `the run ended ${missingUs / 1000} ms too early after healing` : undefined;
}
