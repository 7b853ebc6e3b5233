import type { Decisions, Stream } from '../core/decisions.ts';
import type { Distribution } from '../core/distribution.ts';
import { sortedNames } from '../core/order.ts';
import type { Zxid } from '../core/zxid.ts';
import type { DiskFormat } from '../node/disk-format.ts';
import type { Damaged, FileName, Stored } from '../node/env.ts';
import { type NodeId, nameOf, type Ticket } from '../node/ids.ts';
import type { WorldEvent } from '../node/world-events.ts';
import type { Site } from './buggify.ts';
import { drawnPieces } from './drawn-pieces.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import { Overrides } from './overrides.ts';
import type { DiskProfile } from './profile.ts';
import { StoredFile } from './stored-file.ts';
import { FREQUENT_EVENTS, type Testimony } from './testimony.ts';

/** How a sync came out. */
export type SyncResult = 'synced' | 'io' | 'full';

interface PendingSync<R extends Stored> {
  readonly file: StoredFile<R>;
  readonly ticket: Ticket;
  readonly mark: number;
}

type Mutable<K extends WorldEvent['kind']> = {
  -readonly [P in keyof Extract<WorldEvent, { kind: K }>]: Extract<WorldEvent, { kind: K }>[P];
};

/** A record that was written, put in the place of another, or found. */
type Written = Omit<Mutable<'appended'>, 'kind'> & { kind: 'appended' | 'replaced' | 'found' };

/** How many syncs are still to fail for one fault. */
interface Refusal {
  left: number;
}

const isLeft = ({ left }: Refusal): boolean => left > 0;

const NOTHING: readonly never[] = [];

/**
 * The disk of one participant: files of records, durable up to a mark. One sync runs at a time. A removal,
 * like the rename of a replaced file under a journalling file system, is ordered: it is durable when it is
 * issued.
 */
export class VirtualDisk<O, R extends Stored> {
  readonly owner: O;
  /** How many faults leave no room for new data. */
  fillings = 0;
  readonly #kernel: Kernel;
  readonly #testimony: Testimony;
  readonly #self: NodeId;
  readonly #sync: Distribution;
  readonly #site: Site | undefined;
  /** How long a sync takes instead of its usual time. */
  readonly slowdowns = new Overrides<Distribution>();
  /** How many of the next syncs fail. */
  readonly refusals = new Overrides<Refusal>();
  /** Durations of syncs. */
  readonly #durations: Stream;
  /** What a power cut leaves. */
  readonly #losses: Stream;
  readonly #files = new Map<FileName, StoredFile<R>>();
  /** How files lie in bytes; undefined: they are records only. */
  readonly #format: DiskFormat<R> | undefined;
  /** Where the bytes of files part when they are read. */
  readonly #splits: Stream;
  /** Where damage hits. */
  readonly #hits: Stream;
  /** What the process has read of files out of their bytes, until it changes them. */
  readonly #views = new Map<FileName, readonly (R | Damaged)[]>();
  #names: readonly FileName[] | undefined;
  readonly #pending: PendingSync<R>[] = [];
  /** Lent to witnesses: one object for each kind of event that comes with every transaction. */
  readonly #written: Written;
  readonly #synced: Mutable<'synced'>;
  readonly #logged: Mutable<'txn-logged'>;
  /** The file that was written last: the next write is to it for the most part. */
  #last: StoredFile<R> | undefined;
  #tickets = 0;
  #lastDue = -1;
  #slot: number;

  constructor(
    kernel: Kernel,
    testimony: Testimony,
    decisions: Decisions,
    profile: DiskProfile,
    owner: O,
    self: NodeId,
    format?: DiskFormat<R>,
  ) {
    this.owner = owner;
    this.#format = format;
    this.#splits = decisions.stream(`pages ${nameOf(self)}`);
    this.#hits = decisions.stream(`hits ${nameOf(self)}`);
    this.#kernel = kernel;
    this.#testimony = testimony;
    this.#self = self;
    this.#written = { kind: 'appended', server: self, file: '', record: '', position: 0, digest: 0 };
    this.#synced = { kind: 'synced', server: self, file: '', count: 0 };
    this.#logged = { kind: 'txn-logged', server: self, zxid: 0 as Zxid };
    this.#sync = profile.sync;
    this.#durations = decisions.stream(`disk ${nameOf(self)}`);
    this.#losses = decisions.stream(`power ${nameOf(self)}`);
    this.#site = kernel.buggify.site('disk', nameOf(self));
    this.#slot = kernel.open(SOURCE.disk, this);
  }

  /** Puts in what is there before the first start. */
  preload(files: ReadonlyMap<FileName, readonly (R | Damaged)[]>): void {
    for (const name of sortedNames(files)) {
      const records = files.get(name) ?? NOTHING;
      this.#create(name).preload(records);
      for (const [index, record] of records.entries()) this.#tellFound(name, index, record);
    }
    if (!this.#testimony.synced) return;
    for (const name of sortedNames(files)) {
      const count = files.get(name)?.length ?? 0;
      this.#testimony.tell({ kind: 'synced', server: this.#self, file: name, count });
    }
  }

  /** A torn end is what a power cut leaves; any other damage is what a disk fault does. */
  #tellFound(file: FileName, index: number, record: R | Damaged): void {
    const { position } = record;
    if (record.kind !== 'damaged') {
      if (this.#testimony.found) this.#testimony.tell(this.#note('found', file, record as R));
    } else if ((record as Damaged).how === 'flipped') {
      if (!this.#testimony.corrupted) return;
      this.#testimony.tell({ kind: 'corrupted', server: this.#self, file, index, how: 'flipped', position });
    } else if (this.#testimony.lost) {
      const last = this.#files.get(file)?.records[index - 1]?.position ?? 0;
      this.#testimony.tell({
        kind: 'lost',
        server: this.#self,
        file,
        count: index,
        position: last,
        torn: true,
      });
    }
  }

  files(): readonly FileName[] {
    this.#names ??= sortedNames(this.#files);
    return this.#names;
  }

  read(file: FileName): readonly (R | Damaged)[] {
    if (this.#format !== undefined) {
      const view = this.#views.get(file);
      if (view !== undefined) return view;
    }
    return this.#files.get(file)?.records ?? NOTHING;
  }

  /** A process starts: what it reads of files comes out of their bytes, where they have any. */
  processStarts(): void {
    const format = this.#format;
    if (format === undefined) return;
    for (const name of this.files()) {
      const { records } = this.#files.get(name) as StoredFile<R>;
      if (records.length === 0) continue;
      const bytes = format.write(name, records);
      this.#views.set(name, format.read(name, drawnPieces(bytes, this.#splits)));
    }
  }

  append(name: FileName, record: R): void {
    const file = this.#fileOf(name);
    file.append(this.#format === undefined ? record : this.#stored(this.#format, name, record));
    if (this.#testimony.appended) {
      this.#testimony.tellFrequent(FREQUENT_EVENTS.appended, this.#note('appended', name, record));
    }
  }

  #stored(format: DiskFormat<R>, name: FileName, record: R): R {
    this.#views.delete(name);
    return format.again(name, record);
  }

  remove(name: FileName): void {
    if (!this.#files.delete(name)) return;
    this.#last = undefined;
    this.#views.delete(name);
    this.#names = undefined;
    if (this.#testimony.removed) this.#testimony.tell({ kind: 'removed', server: this.#self, file: name });
  }

  truncate(name: FileName, keep: number): void {
    const file = this.#files.get(name);
    if (file === undefined || keep >= file.records.length) return;
    file.truncate(keep);
    this.#views.delete(name);
    if (this.#testimony.truncated) {
      this.#testimony.tell({ kind: 'truncated', server: this.#self, file: name, count: keep });
    }
  }

  replace(name: FileName, record: R): void {
    const file = this.#fileOf(name);
    file.replace(this.#format === undefined ? record : this.#stored(this.#format, name, record));
    if (this.#testimony.replaced) this.#testimony.tell(this.#note('replaced', name, record));
  }

  sync(name: FileName): Ticket {
    const file = this.#fileOf(name);
    const ticket = ++this.#tickets as Ticket;
    this.#pending.push({ file, ticket, mark: file.mark });
    if (this.#pending.length === 1) this.#begin();
    return ticket;
  }

  /**
   * The sync that came up has ended. Returns what is to be told to the process; `finished` is its ticket.
   */
  finish(): SyncResult {
    const sync = this.#pending.shift() as PendingSync<R>;
    this.finished = sync.ticket;
    if (this.#pending.length > 0) this.#begin();
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      refusal.left--;
      return 'io';
    }
    if (this.fillings > 0 && sync.file.writesUpTo(sync.mark)) return 'full';
    this.#settle(sync.file, sync.mark);
    return 'synced';
  }

  /** The ticket of the sync that ended last. */
  finished = 0 as Ticket;

  /**
   * The process ended: nobody waits for a sync any more. What was written stays, unless the power went too.
   */
  processEnded(powerCut: boolean): void {
    this.#pending.length = 0;
    this.#views.clear();
    this.#kernel.disarm(this.#slot);
    if (powerCut) this.loseUnsynced();
  }

  /** The power went: every file keeps what is durable and a drawn prefix of the rest. */
  loseUnsynced(): void {
    for (const name of this.files()) {
      const file = this.#files.get(name) as StoredFile<R>;
      if (file.unsynced > 0 || !file.existsDurably) this.#lose(file);
    }
  }

  /** Whether the next sync fails. */
  get refuses(): boolean {
    return this.#refusal() !== undefined;
  }

  #refusal(): Refusal | undefined {
    return this.refusals.lastOf(isLeft);
  }

  /** Loses everything. */
  wipe(): boolean {
    const had = this.#files.size > 0;
    this.#files.clear();
    this.#views.clear();
    this.#names = undefined;
    this.#last = undefined;
    return had;
  }

  /**
   * Damages a record, `fromEnd` counted from the last, of the file whose name begins with `prefix` and
   * whose last record has the highest position. False if there is none.
   */
  corrupt(prefix: string, fromEnd: number, how: 'flipped' | 'torn'): boolean {
    const file = this.#newest(prefix);
    const index = file === undefined ? -1 : file.records.length - 1 - fromEnd;
    const record = file?.records[index];
    if (file === undefined || record === undefined) return false;
    file.records[index] = this.#damaged(record, how);
    this.#views.delete(file.name);
    if (this.#testimony.corrupted) {
      const { position } = record;
      this.#testimony.tell({ kind: 'corrupted', server: this.#self, file: file.name, index, how, position });
    }
    return true;
  }

  #begin(): void {
    const duration = (this.slowdowns.last ?? this.#sync).sample(this.#durations);
    const due = this.#kernel.now + duration + (this.#site?.lateUs(this.#kernel.now) ?? 0);
    this.#lastDue = due > this.#lastDue ? due : this.#lastDue + 1;
    this.#slot = this.#kernel.arm(this.#slot, this.#lastDue, this.#kernel.nextSeq());
  }

  #settle(file: StoredFile<R>, mark: number): void {
    const first = file.settle(mark);
    if (this.#testimony.synced) {
      const synced = this.#synced;
      synced.file = file.name;
      synced.count = file.durable;
      const cuts = file.unsyncedCuts;
      this.#testimony.tellFrequent(FREQUENT_EVENTS.synced, cuts === 0 ? synced : { ...synced, cuts });
    }
    if (!this.#testimony.txnLogged) return;
    const end = file.untouched();
    for (let i = first; i < end; i++) {
      const record = file.records[i] as R | Damaged;
      if (record.kind !== 'txn') continue;
      this.#logged.zxid = record.position as Zxid;
      this.#testimony.tellFrequent(FREQUENT_EVENTS['txn-logged'], this.#logged);
    }
  }

  #lose(file: StoredFile<R>): void {
    const changes = file.unsynced;
    const lost = changes === 0 ? 0 : this.#losses.draw(changes + 1);
    const cut = file.lose(lost);
    const torn = cut !== undefined && this.#losses.draw(2) === 1;
    // What the power undoes may be the removal of an end that an earlier cut had torn.
    const tornBefore = isTorn(file.records.at(-1));
    const count = file.records.length - (tornBefore ? 1 : 0);
    const position = file.records[count - 1]?.position ?? 0;
    if (torn) {
      file.records.push(this.#damaged(cut, 'torn'));
      file.durable = file.records.length;
      file.existsDurably = true;
    }
    if (!file.existsDurably) {
      this.#files.delete(file.name);
      this.#names = undefined;
      this.#last = undefined;
    }
    if (!this.#testimony.lost) return;
    this.#testimony.tell({
      kind: 'lost',
      server: this.#self,
      file: file.name,
      count,
      position,
      torn: torn || tornBefore,
    });
  }

  #damaged(record: R | Damaged, how: Damaged['how']): Damaged {
    const { position, digest } = record;
    if (this.#format === undefined) return { kind: 'damaged', how, position, digest };
    const original = record.kind === 'damaged' ? (record as Damaged).hit?.record : record;
    const at = this.#hits.draw(0x7fffffff);
    if (original === undefined) return { kind: 'damaged', how, position, digest };
    return { kind: 'damaged', how, position, digest, hit: { record: original, at } };
  }

  #newest(prefix: string): StoredFile<R> | undefined {
    let best: StoredFile<R> | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    for (const name of this.files()) {
      const file = this.#files.get(name) as StoredFile<R>;
      const last = file.records.at(-1);
      if (!name.startsWith(prefix) || last === undefined || last.position < highest) continue;
      best = file;
      highest = last.position;
    }
    return best;
  }

  #fileOf(name: FileName): StoredFile<R> {
    const last = this.#last;
    if (last !== undefined && last.name === name) return last;
    const file = this.#files.get(name) ?? this.#create(name);
    this.#last = file;
    return file;
  }

  #create(name: FileName): StoredFile<R> {
    const file = new StoredFile<R>(name);
    this.#files.set(name, file);
    this.#names = undefined;
    return file;
  }

  /** The lent event, written anew. */
  #note(kind: Written['kind'], file: FileName, record: R): WorldEvent {
    const written = this.#written;
    written.kind = kind;
    written.file = file;
    written.record = record.kind;
    written.position = record.position;
    written.digest = record.digest;
    return written as WorldEvent;
  }
}

function isTorn(record: Stored | Damaged | undefined): boolean {
  return record?.kind === 'damaged' && (record as Damaged).how === 'torn';
}
