import { byUnits } from '../core/order.ts';
import { parentOf } from './path.ts';
import { noteGone, noteParent, type Preparation } from './preparation.ts';
import type { CreateSession } from './requests.ts';
import type { CloseSessionTxn, CreateSessionTxn } from './txns.ts';

/** Prepares a new session. The leader counts it as one before it is committed. Opcode −10. */
export function prepareCreateSession(at: Preparation, { timeoutMs }: CreateSession): CreateSessionTxn {
  at.sessions.create(at.caller.session, at.caller.owner);
  return { kind: 'createSession', timeoutMs };
}

/**
 * Prepares the end of a session, whoever asks for it, and with it that of the nodes that the session owns or
 * is about to own. Opcode −11.
 */
export function prepareCloseSession(at: Preparation): CloseSessionTxn {
  const { session } = at.caller;
  const owned = new Set(at.tree.ownedBy(session));
  for (const { path, stat } of at.pending.all()) {
    if (stat === null) owned.delete(path);
    else if (stat.owner === session) owned.add(path);
  }
  const paths = [...owned].sort(byUnits);
  for (const path of paths) {
    const parent = at.pending.find(parentOf(path) ?? '');
    if (parent !== undefined) noteParent(at, parent, at.options.rules.closeLowersChildCounts ? -1 : 0);
    noteGone(at, path);
  }
  at.sessions.close(session);
  return { kind: 'closeSession', paths: at.options.closeSessionTxn ? paths : null };
}
