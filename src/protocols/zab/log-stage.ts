import type { Ticket } from '../../node/ids.ts';
import type { ZabConfig } from './config.ts';
import type { Database } from './database.ts';
import type { TxnRecord } from './messages.ts';
import type { ZabEnv } from './zab-env.ts';

/**
 * The log's queue and thread: one batch is appended and synced at a time, what comes meanwhile waits in memory, and
 * each transaction of the batch is handed on when the batch is durable. Every so often the log is rolled and a snapshot
 * begun. Source: SyncRequestProcessor.
 */
export class LogStage {
  readonly #env: ZabEnv;
  readonly #config: ZabConfig;
  readonly #database: Database;
  readonly #logged: (record: TxnRecord) => void;
  readonly #broken: () => void;
  /** Called when all is durable, while the role ends. */
  #drained: (() => void) | undefined;
  #waiting: TxnRecord[] = [];
  #batch: TxnRecord[] = [];
  /** The sync under way; 0 is none. */
  #ticket = 0;
  #dead = false;
  #rollAt = 0;

  constructor(
    env: ZabEnv,
    config: ZabConfig,
    database: Database,
    logged: (record: TxnRecord) => void,
    broken: () => void,
  ) {
    this.#env = env;
    this.#config = config;
    this.#database = database;
    this.#logged = logged;
    this.#broken = broken;
    this.#drawRoll();
  }

  log(record: TxnRecord): void {
    if (this.#dead) return;
    this.#waiting.push(record);
    if (this.#ticket === 0) this.#flush();
  }

  /** Whether the ticket was this stage's. */
  synced(ticket: Ticket): boolean {
    if (ticket !== this.#ticket) return false;
    this.#ticket = 0;
    this.#database.log.confirm();
    if (this.#database.log.sinceRoll > this.#rollAt) this.#roll();
    const batch = this.#batch;
    for (let i = 0; i < batch.length; i++) {
      const record = batch[i];
      if (record !== undefined) this.#logged(record);
    }
    batch.length = 0;
    if (this.#waiting.length > 0) this.#flush();
    else this.#drained?.();
    return true;
  }

  /** The disk refused: nothing of this batch or after it is durable, and the server cannot go on in its role. */
  failed(ticket: Ticket): boolean {
    if (ticket !== this.#ticket) return false;
    this.#ticket = 0;
    this.#dead = true;
    this.#batch.length = 0;
    this.#waiting.length = 0;
    this.#database.log.discardUnsynced();
    this.#database.clear();
    this.#broken();
    this.#drained?.();
    return true;
  }

  /** The role ends: what was queued is still logged (SyncRequestProcessor.shutdown), then `done` is called, once. */
  drain(done: () => void): void {
    if (this.#ticket === 0) done();
    else this.#drained = done;
  }

  #flush(): void {
    const { maxBatchSize } = this.#config.settings;
    if (this.#waiting.length <= maxBatchSize) {
      const empty = this.#batch;
      this.#batch = this.#waiting;
      this.#waiting = empty;
    } else {
      this.#batch = this.#waiting.splice(0, maxBatchSize);
    }
    const { log } = this.#database;
    for (let i = 0; i < this.#batch.length; i++) {
      const record = this.#batch[i];
      if (record !== undefined) log.append(record);
    }
    this.#ticket = log.sync();
  }

  #roll(): void {
    this.#drawRoll();
    this.#database.log.roll();
    this.#database.startSnapshot();
  }

  /** Half of snapCount, and a random part of the other half, so that servers do not all take snapshots at once. */
  #drawRoll(): void {
    const half = Math.max(1, Math.floor(this.#config.settings.snapCount / 2));
    this.#rollAt = half + this.#env.draw(half);
  }
}
