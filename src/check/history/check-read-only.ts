import { NO_SESSION } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K9: who did not ask for it is not served without a quorum, and who did is: a new session, where sessions
 * may be local. The client is told which of both it is; and a server that is asked whether it has a quorum
 * says so if it has one, and only then. Linear. Source: ReadOnlyZooKeeperServer, IsroCommand,
 * ZooKeeperServer.processConnectRequest.
 */
export function checkReadOnly({ connections, header, words }: IndexedHistory, verdicts: Verdicts): void {
  const accuse = (rule: string, expected: string, seen: string) =>
    verdicts.accuse({ predicate: 'K9', rule, ops: [], zxid: -1, expected, seen });
  const { readOnlyClients, localSessions } = header;
  for (const { role, outcome, server, session, requested, toldReadOnly } of connections.values()) {
    if (outcome === 'accepted' && toldReadOnly !== undefined && role !== 'unknown') {
      verdicts.checked('K9');
      const told = toldReadOnly ? 'that it may only read' : 'that it may write';
      if (toldReadOnly !== (role === 'read-only'))
        accuse('a client was told otherwise than it is served', role, `${told}, by server ${server}`);
    }
    if (role !== 'read-only') continue;
    if (readOnlyClients === false && outcome === 'accepted') {
      const rule = 'a client is served without a quorum that did not ask for it';
      accuse(rule, 'to be turned away', `server ${server} lets ${session} in, read-only`);
    }
    if (readOnlyClients !== true || outcome !== 'refused') continue;
    if (localSessions && requested === NO_SESSION)
      accuse('a client that only reads was turned away', 'a local session', `none from server ${server}`);
  }
  for (const { server, text, had, answeredUs } of words) {
    verdicts.checked('K9');
    if (had !== 'unknown' && (had === 'quorum') !== (text === 'rw'))
      accuse(
        'a server spoke untruly of its quorum',
        had,
        `${text} from server ${server} at ${answeredUs} µs`,
      );
  }
}
