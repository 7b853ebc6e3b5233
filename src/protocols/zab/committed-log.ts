import { Fifo } from '../../core/fifo.ts';
import type { Zxid } from '../../core/zxid.ts';
import type { TxnRecord } from './messages.ts';

/**
 * The last committed transactions, in memory, from which a learner is brought up to date. Source:
 * ZKDatabase.committedLog.
 */
export class CommittedLog {
  readonly #limit: number;
  readonly #records = new Fifo<TxnRecord>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The first and last zxid; undefined when it is empty. */
  get min(): Zxid | undefined {
    return this.#records.first()?.position;
  }

  get max(): Zxid | undefined {
    return this.#records.last()?.position;
  }

  /** Takes the next one in; what is not newer than the last is there already. */
  add(record: TxnRecord): void {
    const last = this.#records.last();
    if (last !== undefined && record.position <= last.position) return;
    this.#records.push(record);
    if (this.#records.size > this.#limit) this.#records.shift();
  }

  clear(): void {
    this.#records.clear();
  }

  /** The entries, oldest first. */
  entries(): readonly TxnRecord[] {
    return this.#records.toArray();
  }
}
