import type { Ticket } from '../../node/ids.ts';
import type { Durability } from './durability.ts';
import type { EpochRecord } from './messages.ts';
import { RecoveryError } from './recovery-error.ts';
import type { ZabRules } from './rules.ts';
import type { ZabEnv } from './zab-env.ts';

/**
 * acceptedEpoch (the highest epoch promised, the paper's f.p) and currentEpoch (the epoch of the last
 * NEWLEADER accepted, f.a), each a file of its own that is replaced atomically. At any instant acceptedEpoch
 * ≥ currentEpoch ≥ the epoch of the last logged transaction, but for one window that `load` repairs. Source:
 * QuorumPeer.loadDataBase.
 */
export class EpochFiles {
  readonly #env: ZabEnv;
  readonly #durability: Durability;
  readonly #rules: Pick<ZabRules, 'epochAtStart'>;
  #accepted = 0;
  #current = 0;
  /** What was read is ahead of the file of currentEpoch, which has to follow. */
  #raises = false;

  constructor(env: ZabEnv, durability: Durability, rules: Pick<ZabRules, 'epochAtStart'>) {
    this.#env = env;
    this.#rules = rules;
    this.#durability = durability;
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
   * @returns the tickets that make both durable, whoever wrote them: the server must wait for them
   * @throws RecoveryError when acceptedEpoch is below currentEpoch, or a file holds no epoch
   */
  load(lastEpoch: number): readonly Ticket[] {
    const current = this.#read('currentEpoch');
    this.#current = this.#rules.epochAtStart(current, lastEpoch);
    this.#raises = current !== undefined && current < this.#current;
    if (current !== this.#current && !this.#raises) this.#put('currentEpoch', this.#current);
    const accepted = this.#read('acceptedEpoch');
    this.#accepted = accepted ?? lastEpoch;
    if (accepted === undefined) this.#put('acceptedEpoch', this.#accepted);
    if (this.#accepted < this.#current) {
      throw new RecoveryError(
        `the accepted epoch, ${this.#accepted}, is less than the current epoch, ${this.#current}`,
      );
    }
    return [this.#env.sync('currentEpoch'), this.#env.sync('acceptedEpoch')];
  }

  /**
   * The history that was read is durable: only now currentEpoch may follow it, if it was behind. With an
   * epoch beyond its history a server would outvote those that have it. Upstream does not wait.
   */
  raise(): Ticket | undefined {
    if (!this.#raises) return undefined;
    this.#raises = false;
    return this.#write('currentEpoch', this.#current);
  }

  /** Promises an epoch: in force once it is durable, then `done`; not at all when the disk refuses. */
  setAccepted(epoch: number, done: () => void, failed: () => void): void {
    const before = this.#accepted;
    this.#durability.when(
      this.#write('acceptedEpoch', epoch),
      () => {
        this.#accepted = epoch;
        done();
      },
      () => {
        this.#put('acceptedEpoch', before);
        failed();
      },
    );
  }

  /** Takes over an epoch, in the same way. */
  setCurrent(epoch: number, done: () => void, failed: () => void): void {
    const before = this.#current;
    this.#durability.when(
      this.#write('currentEpoch', epoch),
      () => {
        this.#current = epoch;
        done();
      },
      () => {
        this.#put('currentEpoch', before);
        failed();
      },
    );
  }

  #read(file: string): number | undefined {
    const [record] = this.#env.read(file);
    if (record === undefined) return undefined;
    if (record.kind !== 'epoch') throw new RecoveryError(`${file} holds no epoch`);
    return record.position;
  }

  #write(file: string, epoch: number): Ticket {
    this.#put(file, epoch);
    return this.#env.sync(file);
  }

  #put(file: string, epoch: number): void {
    const record: EpochRecord = { kind: 'epoch', position: epoch, digest: epoch };
    this.#env.replace(file, record);
  }
}
