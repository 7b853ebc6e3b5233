import { Fifo } from '../../core/fifo.ts';
import type { Frontend } from '../../node/service.ts';
import type { Database } from './database.ts';
import type { TxnRecord } from './messages.ts';
import type { ZabRules } from './rules.ts';
import type { ZabEnv } from './zab-env.ts';

interface Barrier {
  readonly kind: 'barrier';
}

const BARRIER: Barrier = { kind: 'barrier' };

/**
 * The queue of committed transactions and the thread that applies them, in order, one after the other: the
 * state first, then the last zxid, then the recent transactions, then the client that waits. Source:
 * CommitProcessor, FinalRequestProcessor.
 */
export class CommitStage {
  readonly #env: ZabEnv;
  readonly #database: Database;
  readonly #frontend: Frontend;
  readonly #raisesZxidFirst: boolean;
  readonly #queue = new Fifo<TxnRecord | Barrier>();

  constructor(env: ZabEnv, database: Database, frontend: Frontend, rules: Pick<ZabRules, 'raisesZxidFirst'>) {
    this.#raisesZxidFirst = rules.raisesZxidFirst;
    this.#env = env;
    this.#database = database;
    this.#frontend = frontend;
  }

  /** The committed transactions that are not applied yet, oldest first: on a leader, its toBeApplied. */
  pending(): readonly TxnRecord[] {
    return this.#queue.toArray().filter((entry) => entry.kind === 'txn');
  }

  commit(record: TxnRecord): void {
    this.#queue.push(record);
    this.#env.wake('commit');
  }

  /** A barrier is reached once all before it is applied. */
  barrier(): void {
    this.#queue.push(BARRIER);
    this.#env.wake('commit');
  }

  /** The `commit` stage's turn. */
  turn(): void {
    if (this.#raisesZxidFirst && this.#raiseZxid()) return;
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      if (entry.kind === 'txn') this.#apply(entry);
      else this.#frontend.synced();
    }
  }

  /** Whether the first transaction's zxid was raised now: the transaction itself waits for the next turn. */
  #raiseZxid(): boolean {
    const first = this.#queue.first();
    if (first?.kind !== 'txn' || first.position <= this.#database.lastProcessed) return false;
    this.#database.moveTo(first.position);
    this.#env.wake('commit');
    return true;
  }

  #apply(record: TxnRecord): void {
    const result = this.#database.deliver(record);
    this.#frontend.applied(record, result, record.position);
  }
}
