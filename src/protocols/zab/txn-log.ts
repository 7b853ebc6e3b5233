import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { FileName } from '../../node/env.ts';
import type { Ticket } from '../../node/ids.ts';
import type { TxnRecord } from './messages.ts';
import { RecoveryError } from './recovery-error.ts';
import type { ZabRules } from './rules.ts';
import type { ZabEnv } from './zab-env.ts';

/** One file of the log, named after its first transaction. */
export interface LogFile {
  readonly name: FileName;
  readonly first: Zxid;
}

/**
 * The transaction log: files `log.<zxid of the first record>`. A process opens a new file at its first append
 * and after every roll. A torn record at the end of a file is no record; a record whose checksum fails ends
 * everything. Source: FileTxnLog.
 */
export class TxnLog {
  readonly #env: ZabEnv;
  readonly #rules: Pick<ZabRules, 'keptRecords'>;
  #current: FileName | undefined;
  /** Records of the current file known to be durable. */
  #durable = 0;
  #sinceRoll = 0;
  /** The last record of the log, by this process's view. */
  #last: Zxid = ZERO_ZXID;

  constructor(env: ZabEnv, rules: Pick<ZabRules, 'keptRecords'>) {
    this.#env = env;
    this.#rules = rules;
  }

  /** The zxid of the last record; 0 when there is none. */
  get last(): Zxid {
    return this.#last;
  }

  /** Records appended since the process started, or since the last roll. */
  get sinceRoll(): number {
    return this.#sinceRoll;
  }

  append(record: TxnRecord): void {
    if (this.#current === undefined) {
      this.#current = fileName(record.position);
      this.#durable = 0;
      // A file of this name holds nothing worth keeping: its first record never became durable.
      if (this.#env.read(this.#current).length > 0) this.#env.truncate(this.#current, 0);
    }
    this.#env.append(this.#current, record);
    this.#sinceRoll++;
    this.#last = record.position;
  }

  /** Makes all appended records durable. There is a current file. */
  sync(): Ticket {
    return this.#env.sync(this.#current ?? fileName(this.#last));
  }

  /** A sync that covered all records of the current file was confirmed, and nothing was appended since. */
  confirm(): void {
    if (this.#current !== undefined) this.#durable = this.#env.read(this.#current).length;
  }

  /** The next append opens a new file. */
  roll(): void {
    this.#sinceRoll = 0;
    this.#current = undefined;
  }

  /**
   * Cuts what the disk refused to make durable. Keeping it would let memory, or the next vote, claim what a
   * power cut takes away (ZOOKEEPER-4882, open upstream).
   *
   * @returns the ticket that makes the cut durable; undefined when the whole file went
   */
  discardUnsynced(): Ticket | undefined {
    const file = this.#current;
    this.#current = undefined;
    if (file === undefined) return undefined;
    if (this.#durable === 0) {
      this.#env.remove(file);
      return undefined;
    }
    this.#env.truncate(file, this.#durable);
    return this.#env.sync(file);
  }

  /**
   * After a start: what the last process wrote and did not sync is read back from the operating system's
   * memory, and would go with a power cut although this process builds on it. Upstream does not do this.
   */
  syncNewest(): Ticket | undefined {
    const newest = this.files().at(-1);
    return newest === undefined ? undefined : this.#env.sync(newest.name);
  }

  /** All files, oldest first. */
  files(): readonly LogFile[] {
    return this.#env
      .files()
      .filter((name) => name.startsWith('log.'))
      .map((name) => ({ name, first: Number.parseInt(name.slice(4), 16) as Zxid }))
      .sort((a, b) => a.first - b.first);
  }

  /**
   * Every record after `after`, oldest first. Files that end before it are not read.
   *
   * @throws RecoveryError when a record's checksum fails
   */
  *after(after: Zxid): Generator<TxnRecord> {
    const files = this.files();
    for (const [i, file] of files.entries()) {
      const next = files[i + 1];
      if (next !== undefined && next.first <= after) continue;
      for (const record of this.#records(file.name)) if (record.position > after) yield record;
    }
  }

  /**
   * Every record from the start of the file that may hold `zxid`, up to one that cannot be read, each zxid
   * once.
   */
  *fromFileOf(zxid: Zxid): Generator<TxnRecord> {
    const files = this.files();
    let last = ZERO_ZXID;
    for (const [i, file] of files.entries()) {
      const next = files[i + 1];
      if (next !== undefined && next.first <= zxid) continue;
      for (const record of this.#env.read(file.name)) {
        if (record.kind !== 'txn') break;
        if (record.position <= last) continue;
        yield record;
        last = record.position;
      }
    }
  }

  /** Takes note of what the log holds, after a start or a cut. */
  reopen(): void {
    this.#current = undefined;
    this.#last = ZERO_ZXID;
    const newest = this.files().at(-1);
    if (newest === undefined) return;
    for (const { position } of this.#records(newest.name)) if (position > this.#last) this.#last = position;
  }

  /**
   * Cuts every record after `zxid`. Later files go first, newest first, so that a crash in between leaves no
   * hole (upstream removes them oldest first). ZooKeeper keeps the next higher record when none equals
   * `zxid`; here it goes.
   *
   * @returns the ticket that makes the cut durable; undefined when only whole files went
   */
  truncate(zxid: Zxid): Ticket | undefined {
    this.#current = undefined;
    let ticket: Ticket | undefined;
    for (const file of [...this.files()].reverse()) {
      if (file.first > zxid) {
        this.#env.remove(file.name);
        continue;
      }
      const records = this.#env.read(file.name);
      const keep = this.#rules.keptRecords(records, zxid);
      if (keep < records.length) {
        this.#env.truncate(file.name, keep);
        ticket = this.#env.sync(file.name);
      }
      break;
    }
    this.reopen();
    return ticket;
  }

  /** Removes the files that hold nothing after `zxid`, but never the newest. */
  purge(zxid: Zxid): void {
    const files = this.files();
    for (const [i, file] of files.entries()) {
      const next = files[i + 1];
      if (next !== undefined && next.first <= zxid + 1 && file.name !== this.#current)
        this.#env.remove(file.name);
    }
  }

  /** Removes all of it: an installed snapshot took its place. */
  discard(): void {
    for (const file of [...this.files()].reverse()) this.#env.remove(file.name);
    this.reopen();
  }

  *#records(file: FileName): Generator<TxnRecord> {
    for (const record of this.#env.read(file)) {
      if (record.kind === 'damaged' && record.how === 'torn') return;
      if (record.kind !== 'txn') throw new RecoveryError(`the checksum of a record of ${file} is wrong`);
      yield record;
    }
  }
}

function fileName(first: Zxid): FileName {
  return `log.${first.toString(16)}`;
}
