import { counterOf, epochOf, ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import { isConfig } from '../../node/content.ts';
import type { FileName } from '../../node/env.ts';
import type { Ticket } from '../../node/ids.ts';
import type { Members } from './members.ts';
import type { RaftEnv, TxnRecord } from './messages.ts';
import { RecoveryError } from './recovery-error.ts';

/** A file of the log: the index of its first entry, and how many there are. */
interface Segment {
  readonly name: FileName;
  readonly first: number;
  count: number;
}

/**
 * The log: in memory what follows a snapshot, on disk in files `log.<position of the first entry>`, each
 * entry in one of them. A new file is opened after a snapshot, when all before it is durable. One sync runs
 * at a time and covers all that was appended before it.
 */
export class RaftLog {
  readonly #env: RaftEnv;
  readonly #members: Members;
  /** The position before the first entry in memory. */
  #base: Zxid = ZERO_ZXID;
  #entries: TxnRecord[] = [];
  #segments: Segment[] = [];
  /** The file that is appended to. */
  #current: Segment | undefined;
  #durable = 0;
  /** The sync under way, and the index that it covers; 0 is none. */
  #ticket = 0;
  #covers = 0;

  constructor(env: RaftEnv, members: Members) {
    this.#env = env;
    this.#members = members;
  }

  /** The position of the last entry, or of the snapshot when there is none. */
  get last(): Zxid {
    return this.#entries.at(-1)?.position ?? this.#base;
  }

  get lastIndex(): number {
    return counterOf(this.#base) + this.#entries.length;
  }

  /** The position before the first entry that is held. */
  get base(): Zxid {
    return this.#base;
  }

  /** The index up to which a power cut cannot take anything. */
  get durable(): number {
    return this.#durable;
  }

  /** The entry's position; undefined beyond the end and before the base. */
  positionAt(index: number): Zxid | undefined {
    const place = index - counterOf(this.#base);
    return place === 0 ? this.#base : this.#entries[place - 1]?.position;
  }

  /** The term of the entry; −1 where none is known. */
  termAt(index: number): number {
    const position = this.positionAt(index);
    return position === undefined ? -1 : epochOf(position);
  }

  entry(index: number): TxnRecord | undefined {
    return this.#entries[index - counterOf(this.#base) - 1];
  }

  /** Up to `count` entries from `index` on. */
  slice(index: number, count: number): readonly TxnRecord[] {
    const place = index - counterOf(this.#base) - 1;
    return this.#entries.slice(place, place + count);
  }

  /** The first index of the run of entries of the term that the entry at `index` is of. */
  firstOfTerm(index: number): number {
    const term = this.termAt(index);
    const base = counterOf(this.#base);
    let first = index;
    while (first - 1 > base && this.termAt(first - 1) === term) first--;
    return first;
  }

  /** The last index with this term, or −1. Terms rise with the index. */
  lastOfTerm(term: number): number {
    const base = counterOf(this.#base);
    let index = this.lastIndex;
    while (index >= base && this.termAt(index) > term) index--;
    return index >= base && this.termAt(index) === term ? index : -1;
  }

  append(record: TxnRecord): void {
    const current = this.#current ?? this.#open(record.position);
    this.#env.append(current.name, record);
    current.count++;
    this.#entries.push(record);
    if (isConfig(record.txn)) this.#members.append(record.position, record.txn);
  }

  #open(first: Zxid): Segment {
    const segment: Segment = { name: `log.${first.toString(16)}`, first: counterOf(first), count: 0 };
    // A file of this name holds nothing that is part of the log.
    if (this.#env.read(segment.name).length > 0) this.#env.truncate(segment.name, 0);
    this.#segments.push(segment);
    this.#current = segment;
    return segment;
  }

  /** Begins to make durable what is not, unless a sync is under way. */
  flush(): void {
    if (this.#ticket !== 0 || this.#current === undefined || this.#durable >= this.lastIndex) return;
    this.#covers = this.lastIndex;
    this.#ticket = this.#env.sync(this.#current.name);
  }

  /** Whether the ticket was the log's own; what was appended meanwhile is synced next. */
  synced(ticket: Ticket): boolean {
    if (ticket !== this.#ticket) return false;
    this.#ticket = 0;
    // A cut while the sync was under way took some of it.
    this.#durable = Math.max(this.#durable, Math.min(this.#covers, this.lastIndex));
    this.flush();
    return true;
  }

  /**
   * Removes every entry after `keep`. Whole files go first, newest first, so that a crash in between leaves
   * no hole. The next append goes on in the file that was cut: the sync that covers it covers the cut.
   */
  cut(keep: number): void {
    this.#entries.length = Math.max(0, keep - counterOf(this.#base));
    this.#durable = Math.min(this.#durable, keep);
    this.#covers = Math.min(this.#covers, keep);
    let last = this.#segments.at(-1);
    while (last !== undefined && last.first > keep) {
      this.#env.remove(last.name);
      this.#segments.pop();
      last = this.#segments.at(-1);
    }
    this.#current = last;
    this.#members.cut(keep);
    if (last === undefined || last.first + last.count - 1 <= keep) return;
    last.count = keep - last.first + 1;
    this.#env.truncate(last.name, last.count);
  }

  /** Empties the log: an installed snapshot took its place. */
  reset(base: Zxid): void {
    for (const segment of [...this.#segments].reverse()) this.#env.remove(segment.name);
    this.#segments = [];
    this.#current = undefined;
    this.#entries = [];
    this.#base = base;
    this.#durable = counterOf(base);
    this.#covers = this.#durable;
  }

  /**
   * What is kept of the log begins after `index`, which a durable snapshot covers: files that hold nothing
   * after it go, and the next append opens a new one. What remains in memory is what remains on disk.
   */
  compact(index: number): void {
    if (this.#durable === this.lastIndex && this.#ticket === 0) this.#current = undefined;
    let first = this.#segments[0];
    while (first !== undefined && first !== this.#current && first.first + first.count - 1 <= index) {
      this.#env.remove(first.name);
      this.#segments.shift();
      this.#trim(first.first + first.count - 1);
      first = this.#segments[0];
    }
  }

  #trim(index: number): void {
    const position = this.positionAt(index);
    if (position === undefined) return;
    this.#entries.splice(0, index - counterOf(this.#base));
    this.#base = position;
  }

  /**
   * Reads the files against the snapshot that memory begins with. Entries that do not lead on from it belong
   * to a history that it replaced, and go.
   *
   * @returns the tickets that make durable what the last process may have left unsynced
   * @throws RecoveryError when a checksum fails, or an entry is missing
   */
  load(snapshot: Zxid): readonly Ticket[] {
    this.#base = snapshot;
    const names = this.#env.files().filter((name) => name.startsWith('log.'));
    const found = names
      .map((name) => ({ name, position: Number.parseInt(name.slice(4), 16) as Zxid }))
      .sort((a, b) => a.position - b.position);
    const records: TxnRecord[] = [];
    for (const { name, position } of found) {
      const whole = this.#records(name);
      this.#env.truncate(name, whole.length);
      this.#segments.push({ name, first: counterOf(position), count: whole.length });
      records.push(...whole);
    }
    checkHoles(records, snapshot);
    const at = counterOf(snapshot);
    const [first] = records;
    const joins =
      first === undefined ||
      counterOf(first.position) === at + 1 ||
      records.some((record) => record.position === snapshot);
    if (!joins) {
      this.reset(snapshot);
      return [];
    }
    this.#entries = records.filter((record) => counterOf(record.position) > at);
    for (const { position, txn } of this.#entries) if (isConfig(txn)) this.#members.append(position, txn);
    this.#current = this.#segments.at(-1);
    this.#durable = this.lastIndex;
    this.#covers = this.#durable;
    return this.#segments.map((segment) => this.#env.sync(segment.name));
  }

  #records(file: FileName): TxnRecord[] {
    const records: TxnRecord[] = [];
    for (const record of this.#env.read(file)) {
      // A torn record at the end of a file is no record.
      if (record.kind === 'damaged' && record.how === 'torn') break;
      if (record.kind !== 'txn') throw new RecoveryError(`the checksum of a record of ${file} is wrong`);
      records.push(record);
    }
    return records;
  }
}

function checkHoles(records: readonly TxnRecord[], snapshot: Zxid): void {
  let before = records[0] === undefined ? 0 : counterOf(records[0].position) - 1;
  if (before > counterOf(snapshot)) throw new RecoveryError('the log begins behind the snapshot');
  for (const { position } of records) {
    if (counterOf(position) !== before + 1) {
      throw new RecoveryError(`the log has a hole before ${position.toString(16)}`);
    }
    before = counterOf(position);
  }
}
