import type { Zxid } from '../../core/zxid.ts';
import type { TxnRecord } from './messages.ts';

/**
 * The last committed transactions, in memory, from which a learner is brought up to date. Source:
 * ZKDatabase.committedLog.
 */
export class CommittedLog {
  readonly #limit: number;
  /**
   * A window of this array, `#start` on: shifting 500 entries for every transaction would cost more than the
   * rest.
   */
  #records: TxnRecord[] = [];
  #start = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#records.length - this.#start;
  }

  /** The first and last zxid; undefined when it is empty. */
  get min(): Zxid | undefined {
    return this.#records[this.#start]?.position;
  }

  get max(): Zxid | undefined {
    return this.size === 0 ? undefined : this.#records[this.#records.length - 1]?.position;
  }

  /** Takes the next one in; what is not newer than the last is there already. */
  add(record: TxnRecord): void {
    const { max } = this;
    if (max !== undefined && record.position <= max) return;
    this.#records.push(record);
    if (this.size > this.#limit) this.#start++;
    if (this.#start > this.#limit && this.#start > 64) {
      this.#records = this.#records.slice(this.#start);
      this.#start = 0;
    }
  }

  clear(): void {
    this.#records = [];
    this.#start = 0;
  }

  /** The entries, oldest first. */
  entries(): readonly TxnRecord[] {
    return this.#records.slice(this.#start);
  }
}
