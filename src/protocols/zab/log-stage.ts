import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { LentFact } from '../../node/facts.ts';
import type { NodeId, Ticket } from '../../node/ids.ts';
import type { TxnRecord } from './messages.ts';
import type { RoleHost } from './role.ts';

/**
 * The log's queue and thread: one batch is appended and synced at a time, what comes meanwhile waits in
 * memory, and each transaction of the batch is handed on when the batch is durable. Every so often the log is
 * rolled and a snapshot begun. Source: SyncRequestProcessor.
 */
export class LogStage {
  readonly #host: RoleHost;
  readonly #logged: (record: TxnRecord) => void;
  readonly #broken: () => void;
  /** Called when all is durable, while the role ends. */
  #drained: (() => void) | undefined;
  #waiting: TxnRecord[] = [];
  #batch: TxnRecord[] = [];
  /** The sync under way; 0 is none. */
  #ticket = 0;
  #dead = false;
  readonly #acked: LentFact<'txn-acked'>;
  #rollAt = 0;

  /**
   * @param logged a transaction is durable
   * @param broken the disk refused, and the role cannot go on
   */
  constructor(host: RoleHost, logged: (record: TxnRecord) => void, broken: () => void) {
    this.#host = host;
    this.#logged = logged;
    this.#broken = broken;
    const { self } = host.env;
    this.#acked = { kind: 'txn-acked', server: self, leader: self, zxid: ZERO_ZXID };
    this.#drawRoll();
  }

  log(record: TxnRecord): void {
    if (this.#dead) return;
    this.#waiting.push(record);
    if (this.#ticket === 0) this.#flush();
  }

  /** Testifies that this server acks what it has logged. */
  testify(leader: NodeId, zxid: Zxid): void {
    this.#acked.leader = leader;
    this.#acked.zxid = zxid;
    this.#host.env.report(this.#acked);
  }

  /** Whether the ticket was this stage's. */
  synced(ticket: Ticket): boolean {
    if (ticket !== this.#ticket) return false;
    this.#ticket = 0;
    const { log } = this.#host.database;
    log.confirm();
    if (log.sinceRoll > this.#rollAt) this.#roll();
    const batch = this.#batch;
    for (let i = 0; i < batch.length; i++) {
      const record = batch[i];
      if (record !== undefined) this.#logged(record);
    }
    while (batch.length > 0) batch.pop();
    if (this.#waiting.length > 0) this.#flush();
    else this.#drained?.();
    return true;
  }

  /**
   * The disk refused: nothing of this batch or after it is durable, and the server cannot go on in its role.
   */
  failed(ticket: Ticket): boolean {
    if (ticket !== this.#ticket) return false;
    this.#ticket = 0;
    this.#dead = true;
    this.#batch.length = 0;
    this.#waiting.length = 0;
    this.#host.discardUnsynced();
    this.#broken();
    this.#drained?.();
    return true;
  }

  /**
   * The role ends: what was queued is still logged (SyncRequestProcessor.shutdown), then `done` is called,
   * once.
   */
  drain(done: () => void): void {
    if (this.#ticket === 0) done();
    else this.#drained = done;
  }

  #flush(): void {
    const { log } = this.#host.database;
    // The record after which the log is rolled is the last of its batch: each file is synced by itself.
    const upToRoll = Math.max(1, this.#rollAt + 1 - log.sinceRoll);
    const maxBatchSize = Math.min(this.#host.config.settings.maxBatchSize, upToRoll);
    if (this.#waiting.length <= maxBatchSize) {
      const empty = this.#batch;
      this.#batch = this.#waiting;
      this.#waiting = empty;
    } else {
      this.#batch = this.#waiting.splice(0, maxBatchSize);
    }
    for (let i = 0; i < this.#batch.length; i++) {
      const record = this.#batch[i];
      if (record !== undefined) log.append(record);
    }
    this.#ticket = log.sync();
  }

  #roll(): void {
    this.#drawRoll();
    this.#host.database.log.roll();
    this.#host.database.startSnapshot();
  }

  /**
   * Half of snapCount, and a random part of the other half, so that servers do not all take snapshots at
   * once.
   */
  #drawRoll(): void {
    const half = Math.max(1, Math.floor(this.#host.config.settings.snapCount / 2));
    this.#rollAt = half + this.#host.env.draw(half);
  }
}
