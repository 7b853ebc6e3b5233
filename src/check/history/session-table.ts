import { formatZxid } from '../../core/zxid.ts';
import { type LogEntry, NO_SESSION } from './client-history.ts';
import { codeOf } from './logged-code.ts';
import type { LoggedTxn } from './logged-txn.ts';
import type { ModelTree } from './model/model-tree.ts';
import type { Accusation, Verdicts } from './verdicts.ts';

/**
 * K13: a session's transactions lie between its createSession and its closeSession, which takes exactly its
 * ephemerals along. Follows the log.
 */
export class SessionTable {
  readonly #verdicts: Verdicts;
  readonly #local: boolean;
  readonly #open = new Set<string>();
  readonly #closed = new Set<string>();

  /** `local`: sessions may write without being in the log. */
  constructor(verdicts: Verdicts, local: boolean) {
    this.#verdicts = verdicts;
    this.#local = local;
  }

  /** The next entry, in the state before it. */
  before(entry: LogEntry, tree: ModelTree): void {
    const { txn, session } = entry;
    if (session === NO_SESSION || codeOf(txn) !== 0) return;
    this.#verdicts.checked('K13');
    switch (txn.type) {
      case 'createSession':
        if (this.#open.has(session) || this.#closed.has(session))
          this.#accuse(entry, 'a session was opened twice', 'a session of its own', session);
        this.#open.add(session);
        return;
      case 'closeSession':
        this.#checkClose(entry, txn.paths, tree);
        return;
      default:
        if (this.#open.has(session)) return;
        if (this.#closed.has(session)) {
          const late = accusation(
            entry,
            'a session changed something after it was closed',
            'nothing',
            txn.type,
          );
          if (this.#local && !makesEphemeral(txn)) this.#verdicts.excuse('local-sessions', late);
          else this.#verdicts.accuse(late);
        } else if (!this.#local || makesEphemeral(txn)) {
          this.#accuse(entry, 'a session changed something before it was opened', 'nothing', txn.type);
        }
    }
  }

  /** The same entry, in the state after it. */
  after(entry: LogEntry, tree: ModelTree): void {
    if (entry.txn.type !== 'closeSession') return;
    this.#open.delete(entry.session);
    this.#closed.add(entry.session);
    const left = [...tree.ephemeralsOf(entry.session)];
    if (left.length === 0) return;
    this.#accuse(entry, 'an ephemeral outlived its session', 'none', left.join(', '));
  }

  #checkClose(entry: LogEntry, paths: readonly string[] | null, tree: ModelTree): void {
    const owned = tree.ephemeralsOf(entry.session);
    if (paths !== null && (paths.length !== owned.size || !paths.every((path) => owned.has(path)))) {
      const rule = 'a closed session took other znodes along than its ephemerals';
      this.#accuse(entry, rule, [...owned].join(', '), paths.join(', '));
    }
    if (this.#open.has(entry.session) || this.#closed.has(entry.session) || this.#local) return;
    this.#accuse(entry, 'a session was closed that was never opened', 'no such close', entry.session);
  }

  #accuse(entry: LogEntry, rule: string, expected: string, seen: string): void {
    this.#verdicts.accuse(accusation(entry, rule, expected, seen));
  }
}

function accusation({ zxid, session }: LogEntry, rule: string, expected: string, seen: string): Accusation {
  return {
    predicate: 'K13',
    rule,
    ops: [],
    zxid,
    expected,
    seen: `${seen} of ${session} at ${formatZxid(zxid)}`,
  };
}

function makesEphemeral(txn: LoggedTxn): boolean {
  if (txn.type === 'multi') return txn.parts.some(makesEphemeral);
  return txn.type === 'create' && txn.life === 'ephemeral';
}
