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
  #queue: TxnRecord[] = [];
  #next = 0;

  constructor(env: ZabEnv, database: Database, frontend: Frontend) {
    this.#env = env;
    this.#database = database;
    this.#frontend = frontend;
  }

  /** The committed transactions that are not applied yet, oldest first: on a leader, its toBeApplied. */
  pending(): readonly TxnRecord[] {
    return this.#queue.slice(this.#next);
  }

  commit(record: TxnRecord): void {
    this.#queue.push(record);
    this.#env.wake('commit');
  }

  /** The `commit` stage's turn. */
  turn(): void {
    const queue = this.#queue;
    while (this.#next < queue.length) {
      const record = queue[this.#next++];
      if (record !== undefined) this.#apply(record);
    }
    queue.length = 0;
    this.#next = 0;
  }

  #apply(record: TxnRecord): void {
    const result = this.#database.deliver(record);
    this.#frontend.applied(record, result, record.position);
  }
}
