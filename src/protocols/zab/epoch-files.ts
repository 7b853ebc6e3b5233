import type { Ticket } from '../../node/ids.ts';
import type { EpochRecord } from './messages.ts';
import { RecoveryError } from './recovery-error.ts';
import type { ZabEnv } from './zab-env.ts';

/**
 * acceptedEpoch (the highest epoch promised, the paper's f.p) and currentEpoch (the epoch of the last NEWLEADER
 * accepted, f.a), each a file of its own that is replaced atomically. At any instant acceptedEpoch ≥ currentEpoch ≥ the
 * epoch of the last logged transaction, but for one window that `load` repairs. Source: QuorumPeer.loadDataBase.
 */
export class EpochFiles {
  readonly #env: ZabEnv;
  #accepted = 0;
  #current = 0;

  constructor(env: ZabEnv) {
    this.#env = env;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get current(): number {
    return this.#current;
  }

  /**
   * Reads both files against the epoch of the last logged transaction.
   *
   * A transaction of a newer epoch than currentEpoch means a crash between the sync of a joiner's log or snapshot and
   * the write of its epoch file. ZooKeeper refuses to start then (ZOOKEEPER-1653, -2354, still open); but the log is a
   * prefix of that epoch's history and holds all of its initial history, so taking the epoch over is safe.
   *
   * @returns the tickets of what had to be written: the server must wait for them
   * @throws RecoveryError when acceptedEpoch is below currentEpoch, or a file holds no epoch
   */
  load(lastEpoch: number): readonly Ticket[] {
    const tickets: Ticket[] = [];
    const current = this.#read('currentEpoch');
    this.#current = current ?? lastEpoch;
    if (current === undefined || current < lastEpoch) {
      this.#current = lastEpoch;
      tickets.push(this.#write('currentEpoch', lastEpoch));
    }
    const accepted = this.#read('acceptedEpoch');
    this.#accepted = accepted ?? lastEpoch;
    if (accepted === undefined) tickets.push(this.#write('acceptedEpoch', lastEpoch));
    if (this.#accepted < this.#current) {
      throw new RecoveryError(
        `the accepted epoch, ${this.#accepted}, is less than the current epoch, ${this.#current}`,
      );
    }
    return tickets;
  }

  /** In force at once, durable with the ticket. */
  setAccepted(epoch: number): Ticket {
    this.#accepted = epoch;
    return this.#write('acceptedEpoch', epoch);
  }

  setCurrent(epoch: number): Ticket {
    this.#current = epoch;
    return this.#write('currentEpoch', epoch);
  }

  #read(file: string): number | undefined {
    const [record] = this.#env.read(file);
    if (record === undefined) return undefined;
    if (record.kind !== 'epoch') throw new RecoveryError(`${file} holds no epoch`);
    return record.position;
  }

  #write(file: string, epoch: number): Ticket {
    const record: EpochRecord = { kind: 'epoch', position: epoch, digest: epoch };
    this.#env.replace(file, record);
    return this.#env.sync(file);
  }
}
