import { History } from './history.ts';
import { LogFile } from './log-file.ts';

/** A snapshot file: a run of chunks that counts once its seal is there. */
class SnapshotFile {
  count = 0;
  durable = 0;
  /** The index of its seal, or −1. */
  sealedAt = -1;
  history: History;

  constructor(zxid: number) {
    // Until somebody says what it holds, it agrees with everything up to its name.
    this.history = new History();
    this.history.floor = zxid as History['floor'];
  }
}

/** An epoch file: one number, −1 when there is none. */
interface EpochFile {
  written: number;
  durable: number;
}

/**
 * The disk of one server, rebuilt from the world's testimony alone, in two views: what this process would
 * read (`written`), and what a power cut cannot take (`durable`). Newest sealed snapshot plus the log records
 * after it are the history that a restart restores. Source: FileTxnSnapLog.restore; ZAB's history f.p, with
 * D(s) and V(s) apart.
 */
export class DiskImage {
  readonly accepted: EpochFile = { written: -1, durable: -1 };
  readonly current: EpochFile = { written: -1, durable: -1 };
  /** Whether a disk fault damaged a record: what a restart restores is then anybody's guess. */
  damaged = false;
  /** The last zxid on the disk when this process started: it cannot know whether it was synced. */
  inherited = 0;
  #logs: LogFile[] = [];
  readonly #snapshots = new Map<number, SnapshotFile>();
  /** The highest number that a snapshot of this disk was ever named by. */
  #highestName = -1;
  /**
   * Snapshots from a leader on their way in, `install.<zxid>`: once sealed, one is the history, and a start
   * removes all else.
   */
  readonly #installs = new Map<number, SnapshotFile>();
  readonly #gone = new Map<number, LogFile>();
  #file = '';
  #log: LogFile | undefined;
  #runLo = 1;
  #runHi = 0;

  append(file: string, record: string, position: number, mark: number): void {
    const log = this.#logNamed(file, true);
    if (log !== undefined) log.append(position, mark);
    else if (this.#snapshotsLike(file) !== undefined) this.#appendChunk(file, record);
    else this.replace(file, position);
  }

  replace(file: string, position: number): void {
    const epochs = this.#epochs(file);
    if (epochs !== undefined) epochs.written = position;
  }

  sync(file: string, count: number, cuts: number | undefined): void {
    const log = this.#logNamed(file, false);
    if (log !== undefined) {
      log.sync(count, cuts);
      // Only of the newest file does the end tell that nothing after it is durable.
      const newest = log === this.#logs.at(-1);
      this.#runLo = newest ? log.durableRunStart : 1;
      this.#runHi = newest ? log.durableLast : 0;
      return;
    }
    const epochs = this.#epochs(file);
    if (epochs !== undefined) epochs.durable = epochs.written;
    const snapshot = this.#snapshotNamed(file);
    if (snapshot !== undefined) snapshot.durable = Math.min(count, snapshot.count);
  }

  truncate(file: string, count: number): void {
    this.#forgetRun();
    this.#logNamed(file, false)?.truncate(count);
    const snapshot = this.#snapshotNamed(file);
    if (snapshot !== undefined) cutSnapshot(snapshot, count);
  }

  remove(file: string): void {
    this.#forgetRun();
    const log = this.#logNamed(file, false);
    if (log !== undefined) {
      this.#logs = this.#logs.filter((other) => other !== log);
      // A power cut may undo the removal of a file; 16 are enough to find its content again.
      this.#gone.set(log.zxid, log);
      const oldest = this.#gone.keys().next().value;
      if (this.#gone.size > 16 && oldest !== undefined) this.#gone.delete(oldest);
    } else this.#snapshotsLike(file)?.delete(zxidIn(file));
    const epochs = this.#epochs(file);
    if (epochs !== undefined) {
      epochs.written = -1;
      epochs.durable = -1;
    }
    this.#file = '';
  }

  lose(file: string, count: number, position: number, torn: boolean): void {
    this.#forgetRun();
    const epochs = this.#epochs(file);
    if (epochs !== undefined) {
      epochs.written = count === 0 ? -1 : position;
      epochs.durable = epochs.written;
    } else if (file.startsWith('log.')) this.#loseLog(file, count, position, torn);
    else {
      const snapshot = this.#snapshotNamed(file);
      if (snapshot === undefined) return;
      cutSnapshot(snapshot, count);
      snapshot.durable = snapshot.count;
      if (count === 0) this.#snapshotsLike(file)?.delete(zxidIn(file));
    }
  }

  /** @param torn the record counts as the end of its file, not as damage that ends everything */
  corrupt(file: string, index: number, torn: boolean): void {
    this.#forgetRun();
    const log = this.#logNamed(file, false);
    if (torn && log !== undefined) {
      log.tear(index);
      return;
    }
    this.damaged = true;
    log?.damage(index);
  }

  wipe(): void {
    this.#forgetRun();
    this.#logs = [];
    this.#file = '';
    this.#snapshots.clear();
    this.#installs.clear();
    this.#gone.clear();
    for (const epochs of [this.accepted, this.current]) {
      epochs.written = -1;
      epochs.durable = -1;
    }
    this.damaged = false;
    this.inherited = 0;
  }

  /** After a power cut whatever is still there is durable. */
  settle(): void {
    this.#forgetRun();
    for (const log of this.#logs) log.sync(Infinity);
    for (const snapshot of this.#snapshots.values()) snapshot.durable = snapshot.count;
    for (const install of this.#installs.values()) install.durable = install.count;
    this.accepted.durable = this.accepted.written;
    this.current.durable = this.current.written;
  }

  /** Says what the snapshot named `zxid` holds. `history` is kept. */
  describeSnapshot(zxid: number, history: History): void {
    const snapshot = this.#snapshots.get(zxid);
    if (snapshot !== undefined) snapshot.history = history;
    const install = this.#installs.get(zxid);
    if (install !== undefined) install.history = history;
  }

  /** Says what every snapshot from `zxid` on holds: the installed history, cut at its name. */
  describeSnapshotsFrom(zxid: number, history: History): void {
    for (const [name, snapshot] of this.#snapshots) {
      if (name >= zxid) snapshot.history = history.through(name);
    }
    for (const [name, install] of this.#installs) {
      if (name >= zxid) install.history = history.through(name);
    }
  }

  /** What the snapshot with this name holds, or undefined. */
  snapshotHistory(zxid: number): History | undefined {
    return this.#installs.get(zxid)?.history ?? this.#snapshots.get(zxid)?.history;
  }

  /** The name of the newest sealed snapshot, or −1. */
  newestSnapshot(durable: boolean): number {
    return newestWhole(this.#snapshots, durable);
  }

  /** The name of the oldest sealed snapshot, or −1. */
  oldestSnapshot(): number {
    let oldest = -1;
    for (const [zxid, file] of this.#snapshots) {
      const isWhole = file.sealedAt >= 0 && file.sealedAt < file.count;
      if (isWhole && (oldest < 0 || zxid < oldest)) oldest = zxid;
    }
    return oldest;
  }

  /** The names of the sealed snapshots, newest first. */
  wholeSnapshots(): number[] {
    const whole = [...this.#snapshots].filter(([, { sealedAt, count }]) => sealedAt >= 0 && sealedAt < count);
    return whole.map(([zxid]) => zxid).sort((a, b) => b - a);
  }

  /** Whether a log file, and not the newest but one, ends before what comes after `zxid`. */
  keepsLogBefore(zxid: number): boolean {
    // A power cut may have left nothing of one.
    const logs = this.#logs.filter(({ written }) => written.length > 0);
    const [, second] = logs;
    return second !== undefined && logs.length > 2 && second.zxid <= zxid + 1;
  }

  /** The first log record after `zxid`, or −1. */
  firstLoggedAfter(zxid: number): number {
    for (const log of this.#logs) {
      const first = log.written.successorOf(zxid);
      if (first >= 0) return first;
    }
    return -1;
  }

  /** Whether that log, which was removed, had a record after `zxid`. */
  hadLoggedAfter(zxid: number, removed: string): boolean {
    return (this.#gone.get(zxidIn(removed))?.written.successorOf(zxid) ?? -1) >= 0;
  }

  /** The last zxid that the log, which was removed, held durably; 0: none, or nobody knows any more. */
  durableEndOf(removed: string): number {
    return this.#gone.get(zxidIn(removed))?.durableLast ?? 0;
  }

  #installInForce(durable: boolean): SnapshotFile | undefined {
    return this.#installs.size === 0 ? undefined : this.#installs.get(newestWhole(this.#installs, durable));
  }

  /**
   * The history that a restart restores: `written` after a crash of the process, `durable` after a power cut.
   */
  history(durable: boolean): History {
    const install = this.#installInForce(durable);
    if (install !== undefined) return install.history.copy();
    const newest = this.newestSnapshot(durable);
    const history = this.#snapshots.get(newest)?.history.copy() ?? new History();
    this.addLogged(history, Math.max(0, newest), Infinity, durable);
    return history;
  }

  /** Appends the log's records with `after` < zxid ≤ `upTo` to `history`. */
  addLogged(history: History, after: number, upTo: number, durable: boolean): void {
    for (const log of this.#logs) history.extend(durable ? log.durable() : log.written, after, upTo);
  }

  /** The zxid that a restart would arrive at. */
  lastZxid(durable: boolean): number {
    if (this.#installInForce(durable) !== undefined) return newestWhole(this.#installs, durable);
    return Math.max(0, this.newestSnapshot(durable), this.lastLogged(durable));
  }

  /** Whether a restart after a power cut would arrive at that zxid, or beyond; mostly the log says it. */
  reaches(zxid: number): boolean {
    if (zxid <= this.#runHi) return true;
    // The common "not yet", as in `holdsDurably`.
    if (this.#runHi > 0 && zxid > this.#highestName && this.#installs.size === 0) return false;
    return this.lastLogged(true) >= zxid || this.lastZxid(true) >= zxid;
  }

  /** The last zxid that its newest log file holds durably; 0: none, or nobody knows until the next sync. */
  get durableEnd(): number {
    return this.#runHi;
  }

  /** The last log record's zxid, or 0. */
  lastLogged(durable: boolean): number {
    for (let i = this.#logs.length - 1; i >= 0; i--) {
      const log = this.#logs[i];
      const last = log === undefined ? 0 : durable ? log.durableLast : log.written.last;
      if (last > 0) return last;
    }
    return 0;
  }

  /** Whether the transaction survives a power cut, in the log or under a snapshot. */
  holdsDurably(zxid: number): boolean {
    const install = this.#installInForce(true);
    if (install !== undefined) return install.history.has(zxid);
    if (zxid >= this.#runLo && zxid <= this.#runHi) return true;
    // The common "not yet": behind all that is durable, and no snapshot was ever named so high.
    if (this.#runHi > 0 && zxid > this.#runHi && zxid > this.#highestName) return false;
    const newest = this.newestSnapshot(true);
    if (zxid <= newest) return this.#snapshots.get(newest)?.history.has(zxid) ?? false;
    for (let i = this.#logs.length - 1; i >= 0; i--) {
      if (this.#logs[i]?.holdsDurably(zxid)) return true;
    }
    return false;
  }

  #forgetRun(): void {
    this.#runLo = 1;
    this.#runHi = 0;
  }

  #logNamed(file: string, create: boolean): LogFile | undefined {
    if (file === this.#file) return this.#log;
    if (!file.startsWith('log.')) return undefined;
    const zxid = zxidIn(file);
    let log = this.#logs.find((other) => other.zxid === zxid);
    if (log === undefined && create) {
      log = new LogFile(zxid);
      this.#logs.push(log);
      this.#logs.sort((a, b) => a.zxid - b.zxid);
    }
    if (log === undefined) return undefined;
    this.#file = file;
    this.#log = log;
    return log;
  }

  #loseLog(file: string, count: number, position: number, torn: boolean): void {
    let log = this.#logNamed(file, false);
    if (log === undefined && count > 0) {
      log = this.#gone.get(zxidIn(file));
      if (log === undefined) return;
      this.#gone.delete(log.zxid);
      this.#logs.push(log);
      this.#logs.sort((a, b) => a.zxid - b.zxid);
    }
    log?.lose(count, position, torn);
  }

  #appendChunk(file: string, record: string): void {
    const zxid = zxidIn(file);
    let snapshot = this.#snapshotNamed(file);
    if (snapshot === undefined) {
      snapshot = new SnapshotFile(zxid);
      // What a start copies out of a snapshot on its way in holds the same.
      const install = this.#installs.get(zxid);
      if (install !== undefined) snapshot.history = install.history;
      this.#snapshotsLike(file)?.set(zxid, snapshot);
      this.#highestName = Math.max(this.#highestName, zxid);
    }
    if (record === 'seal') snapshot.sealedAt = snapshot.count;
    snapshot.count++;
  }

  #snapshotsLike(file: string): Map<number, SnapshotFile> | undefined {
    if (file.startsWith('snapshot.')) return this.#snapshots;
    return file.startsWith('install.') ? this.#installs : undefined;
  }

  #snapshotNamed(file: string): SnapshotFile | undefined {
    return this.#snapshotsLike(file)?.get(zxidIn(file));
  }

  #epochs(file: string): EpochFile | undefined {
    if (isPromiseFile(file)) return this.accepted;
    return file === 'currentEpoch' ? this.current : undefined;
  }
}

/**
 * Whether the file holds the highest epoch that its server promised: ZooKeeper's acceptedEpoch, or one that
 * says also to whom.
 */
export function isPromiseFile(file: string): boolean {
  return file === 'acceptedEpoch' || file === 'promise';
}

/** The number in the name of a log or snapshot file. */
export function zxidIn(file: string): number {
  return Number.parseInt(file.slice(file.indexOf('.') + 1), 16);
}

function cutSnapshot(snapshot: SnapshotFile, count: number): void {
  snapshot.count = Math.min(snapshot.count, count);
  snapshot.durable = Math.min(snapshot.durable, count);
  if (snapshot.sealedAt >= snapshot.count) snapshot.sealedAt = -1;
}

/** The name of the newest sealed file, or −1. */
function newestWhole(files: ReadonlyMap<number, SnapshotFile>, durable: boolean): number {
  let newest = -1;
  for (const [zxid, file] of files) {
    const end = durable ? file.durable : file.count;
    if (zxid > newest && file.sealedAt >= 0 && file.sealedAt < end) newest = zxid;
  }
  return newest;
}
