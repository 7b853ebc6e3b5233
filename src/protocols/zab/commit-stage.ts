import { Fifo } from '../../core/fifo.ts';
import type { Frontend } from '../../node/service.ts';
import type { Database } from './database.ts';
import type { TxnRecord } from './messages.ts';
import type { ZabEnv } from './zab-env.ts';

/**
 * The queue of committed transactions and the thread that applies them, in order, one after the other: the
 * state first, then the last zxid, then the recent transactions, then the client that waits. Source:
 * CommitProcessor, FinalRequestProcessor.
 */
export class CommitStage {
  readonly #env: ZabEnv;
  readonly #database: Database;
  readonly #frontend: Frontend;
  readonly #queue = new Fifo<TxnRecord>();

  constructor(env: ZabEnv, database: Database, frontend: Frontend) {
    this.#env = env;
    this.#database = database;
    this.#frontend = frontend;
  }

  /** The committed transactions that are not applied yet, oldest first: on a leader, its toBeApplied. */
  pending(): readonly TxnRecord[] {
    return this.#queue.toArray();
  }

  commit(record: TxnRecord): void {
    this.#queue.push(record);
    this.#env.wake('commit');
  }

  /** The `commit` stage's turn. */
  turn(): void {
    for (let record = this.#queue.shift(); record !== undefined; record = this.#queue.shift()) {
      this.#apply(record);
    }
  }

  #apply(record: TxnRecord): void {
    const result = this.#database.deliver(record);
    this.#frontend.applied(record, result, record.position);
  }
}
