import { counterOf, epochOf, formatZxid, ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { LentFact } from '../../node/facts.ts';
import type { Ticket } from '../../node/ids.ts';
import type { Result, StateMachine } from '../../node/service.ts';
import { CommittedLog } from './committed-log.ts';
import type { ZabConfig } from './config.ts';
import type { Durability } from './durability.ts';
import type { TxnRecord } from './messages.ts';
import { RecoveryError } from './recovery-error.ts';
import { Snapshots, type SnapshotWriter } from './snapshots.ts';
import { TxnLog } from './txn-log.ts';
import type { ZabEnv } from './zab-env.ts';

/** The length of a log file from its first record on: header and zookeeper.preAllocSize. */
const PREALLOCATED_BYTES = 67_108_880;

/**
 * Memory and disk of one server: the state machine, the last zxid that went into it, the recent transactions,
 * the log and the snapshots. It lives across roles; it is reloaded only after it was cleared. Replay at a
 * reload applies every logged transaction, committed or not: that is what a server's vote speaks for. Source:
 * ZKDatabase, FileTxnSnapLog.
 */
export class Database {
  readonly #env: ZabEnv;
  readonly #config: ZabConfig;
  readonly #durability: Durability;
  readonly #noSnapshot: () => void;
  readonly machine: StateMachine;
  readonly log: TxnLog;
  readonly snapshots: Snapshots;
  readonly committed: CommittedLog;

  readonly #delivered: LentFact<'txn-applied'>;
  #lastProcessed: Zxid = ZERO_ZXID;
  #loaded = false;
  #startsAfresh = false;
  /** The name of the snapshot that memory was rebuilt from. */
  #restored: Zxid = ZERO_ZXID;
  /** Whether one that is written is on its way to the disk. */
  #sealing = false;
  /** The snapshot being taken in the background, and what is still to be written of it. */
  #taking:
    | { readonly writer: SnapshotWriter; readonly cursor: ReturnType<StateMachine['capture']> }
    | undefined;

  /** @param noSnapshot there is no room for a snapshot, and the server goes down */
  constructor(
    env: ZabEnv,
    config: ZabConfig,
    durability: Durability,
    machine: StateMachine,
    noSnapshot: () => void,
  ) {
    this.#env = env;
    this.#config = config;
    this.#durability = durability;
    this.#noSnapshot = noSnapshot;
    this.machine = machine;
    this.log = new TxnLog(env, config.rules);
    this.snapshots = new Snapshots(env);
    this.committed = new CommittedLog(config.settings.commitLogCount);
    this.#delivered = { kind: 'txn-applied', server: env.self, zxid: ZERO_ZXID, digest: 0, state: 0 };
  }

  /**
   * The last zxid that memory holds: a transaction's, or ⟨e,0⟩ when this server leads e or loaded such a
   * snapshot.
   */
  get lastProcessed(): Zxid {
    return this.#lastProcessed;
  }

  /** A leader begins its epoch at ⟨e,0⟩; a cut ends where it was told to. */
  moveTo(zxid: Zxid): void {
    this.#lastProcessed = zxid;
  }

  /** Whether memory speaks for the disk. After `clear` it does not, before `recover`. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Delivers a transaction that the leader committed. */
  deliver(record: TxnRecord): Result {
    const result = this.apply(record);
    this.#testify(record);
    return result;
  }

  /** Delivers a transaction without its effect: no correct rule asks for it. */
  passOver(record: TxnRecord): void {
    this.#note(record);
    this.#testify(record);
  }

  #testify({ position, digest }: TxnRecord): void {
    const fact = this.#delivered;
    fact.zxid = position;
    fact.digest = digest;
    fact.state = this.machine.digest();
    this.#env.report(fact);
  }

  /** Takes a transaction into memory. */
  apply(record: TxnRecord): Result {
    const result = this.machine.apply(record.txn, record.position);
    this.#note(record);
    return result;
  }

  #note(record: TxnRecord): void {
    // Proposals may follow a snapshot that holds them already: applying one again changes nothing.
    if (record.position > this.#lastProcessed) this.#lastProcessed = record.position;
    this.committed.add(record);
  }

  /** Memory no longer speaks for the disk: the next vote reloads it. */
  clear(): void {
    this.#loaded = false;
  }

  /**
   * The next leader is asked for everything: no snapshot of this server is old enough for what it was told to
   * cut.
   */
  startAfresh(): void {
    this.#startsAfresh = true;
  }

  /** A leader's history was taken over. */
  startedAfresh(): void {
    this.#startsAfresh = false;
  }

  get startsAfresh(): boolean {
    return this.#startsAfresh;
  }

  /** Empties memory, for the snapshot that a leader sends. */
  beginInstall(): void {
    this.clear();
    this.machine.clear();
    this.committed.clear();
  }

  /** No more comes of that snapshot: what came is no history, unless one `trusts` it (ZOOKEEPER-3642). */
  endInstall(trusts: boolean): void {
    this.#loaded = trusts;
  }

  /**
   * Rebuilds memory from the newest whole snapshot and the log after it.
   *
   * @returns the tickets of what had to be written; the server waits for them, then calls `recovered`
   * @throws RecoveryError when the disk does not hold a history: no whole snapshot beside a log, a wrong
   *   checksum, a hole
   */
  recover(): readonly Ticket[] {
    this.machine.clear();
    this.committed.clear();
    const tickets: Ticket[] = [];
    const [installed] = this.snapshots.whole('install');
    let newest = installed ?? this.snapshots.whole()[0];
    if (installed !== undefined) {
      // A crash interrupted `install`: the sealed file is the history, and the rest goes once it is durable.
      tickets.push(this.snapshots.copyInstalled(installed));
    } else if (newest === undefined) {
      if (this.log.files().length > 0)
        throw new RecoveryError('no snapshot found, but there are log entries');
      this.snapshots.write('snapshot', ZERO_ZXID, this.machine);
      [newest] = this.snapshots.whole();
    }
    const snapshot = newest?.zxid ?? ZERO_ZXID;
    this.#restored = snapshot;
    if (newest !== undefined) this.snapshots.load(newest, this.machine);
    this.#lastProcessed = snapshot;
    let records = 0;
    if (installed === undefined) {
      for (const record of this.#history(snapshot)) {
        if (!this.#config.rules.isReplayable(record.txn, this.apply(record)))
          throw new RecoveryError(`the transaction ${formatZxid(record.position)} cannot be applied`);
        records++;
      }
    }
    this.log.reopen();
    // What this memory is built from must outlive a power cut, whether or not the last process came to sync
    // it.
    if (newest !== undefined) tickets.push(this.#env.sync(newest.name));
    const log = this.log.syncNewest();
    if (log !== undefined) tickets.push(log);
    this.#loaded = true;
    this.#env.report({
      kind: 'recovered',
      server: this.#env.self,
      snapshot,
      zxid: this.#lastProcessed,
      records,
      state: this.machine.digest(),
    });
    return tickets;
  }

  /** What `recover` wrote is durable: the rest of an interrupted installation. */
  recovered(): void {
    const [installed] = this.snapshots.whole('install');
    if (installed !== undefined) this.#replaceHistory(installed.zxid);
    this.snapshots.remove('install', () => true);
  }

  /**
   * After a role: logged transactions that were not applied go into memory, as after a restart
   * (ZOOKEEPER-2845).
   */
  fastForward(): void {
    const before = this.#lastProcessed;
    for (const record of this.#history(before)) this.apply(record);
    if (this.#lastProcessed === before) return;
    this.#env.report({
      kind: 'fast-forwarded',
      server: this.#env.self,
      zxid: this.#lastProcessed,
      state: this.machine.digest(),
    });
  }

  /**
   * TRUNC: forgets everything after `zxid`. Snapshots newer than it go too: upstream keeps them, and the
   * reload brings the cut transactions back (ZOOKEEPER-1549, -4837, open).
   *
   * @returns the ticket of the cut, if it needs one; or false when no snapshot would be left to start from
   */
  truncate(zxid: Zxid): Ticket | undefined | false {
    if (!this.snapshots.whole().some((file) => file.zxid <= zxid)) return false;
    this.clear();
    if (this.#config.rules.truncatesSnapshots) this.snapshots.remove('snapshot', (name) => name > zxid);
    return this.log.truncate(zxid);
  }

  /**
   * Puts the snapshot that came from a leader in the place of all that the disk held. Upstream leaves the old
   * log where it is: its tail comes back at the next start (ZOOKEEPER-2832), and the gap behind it is served
   * to others (ZOOKEEPER-2099). Three durable steps; a start finishes what a crash interrupts.
   */
  install(done: () => void): void {
    const failed = this.#noSnapshot;
    const zxid = this.#lastProcessed;
    this.snapshots.remove('install', () => true);
    this.#durability.when(
      this.snapshots.write('install', zxid, this.machine),
      () => {
        const [installed] = this.snapshots.whole('install');
        if (installed === undefined) {
          failed();
          return;
        }
        this.#durability.when(
          this.snapshots.copyInstalled(installed),
          () => {
            this.#replaceHistory(zxid);
            this.snapshots.remove('install', () => true);
            this.#loaded = true;
            done();
          },
          failed,
        );
      },
      failed,
    );
  }

  /**
   * The log from the start of the file that may hold `zxid`, for a learner that far behind. Undefined when
   * the files after that one are too large beside the newest snapshot: each counts with its preallocated 64
   * MiB. Source: ZKDatabase.getProposalsFromTxnLog, calculateTxnLogSizeLimit.
   */
  historyFrom(zxid: Zxid, sizeFactorPpm: number): Iterable<TxnRecord> | undefined {
    if (sizeFactorPpm < 0) return undefined;
    const files = this.log.files();
    const later = files.filter((file) => file.first > zxid).length;
    const further = later === files.length ? later - 1 : later;
    const [newest] = this.snapshots.whole();
    const limit =
      newest === undefined ? 0 : Math.floor((this.snapshots.sizeOf(newest) * sizeFactorPpm) / 1_000_000);
    if (limit > 0 && further * PREALLOCATED_BYTES > limit) return undefined;
    return this.log.fromFileOf(zxid);
  }

  /** Begins a snapshot in the background, unless one is under way, to the disk included, or there already. */
  startSnapshot(): void {
    if (this.#taking !== undefined || this.#sealing || this.snapshots.has(this.#lastProcessed)) return;
    this.#taking = {
      writer: this.snapshots.begin('snapshot', this.#lastProcessed),
      cursor: this.machine.capture(),
    };
    this.#env.wake('snapshot');
  }

  /** The `snapshot` stage's turn: one piece, while transactions go on. */
  continueSnapshot(): void {
    if (this.#taking === undefined) return;
    const { writer, cursor } = this.#taking;
    const chunk = cursor.next();
    if (chunk !== undefined) {
      writer.add(chunk);
      this.#env.wake('snapshot');
      return;
    }
    this.#taking = undefined;
    this.#sealing = true;
    this.#finishSnapshot(writer.zxid, writer.seal());
  }

  /**
   * A role ends: a half-written snapshot goes. What the fast-forward applies next may be uncommitted, and
   * must not get into a file that is named before it.
   */
  abandonSnapshot(): void {
    this.#taking?.writer.abandon();
    this.#taking = undefined;
  }

  /** The snapshot at the start of a leader's term, all at once (Leader.lead, loadData). */
  snapshotNow(): void {
    if (this.snapshots.has(this.#lastProcessed)) return;
    this.#finishSnapshot(
      this.#lastProcessed,
      this.snapshots.write('snapshot', this.#lastProcessed, this.machine),
    );
  }

  /** The snapshot of a learner whose log was cut: `failed` when the disk cannot sync it. */
  rewrite(done: () => void, failed: () => void): void {
    this.#durability.when(
      this.snapshots.write('snapshot', this.#lastProcessed, this.machine),
      done,
      (error) => {
        if (error === 'full') this.#noSnapshot();
        else failed();
      },
    );
  }

  #finishSnapshot(zxid: Zxid, ticket: Ticket): void {
    this.#durability.aside(
      ticket,
      () => {
        this.#sealing = false;
        this.#env.report({ kind: 'snapshot-taken', server: this.#env.self, zxid });
        this.#purge();
      },
      (error) => {
        this.#sealing = false;
        // A role may have ended meanwhile, and memory speak for that very file, which is synced again then.
        this.snapshots.remove('snapshot', (name) => name === zxid && zxid !== this.#restored);
        // Upstream asks the disk for room, and does not ask it to sync.
        if (error === 'full') this.#noSnapshot();
      },
    );
  }

  /** Keeps the newest snapshots and the logs that they need. Source: PurgeTxnLog. */
  #purge(): void {
    const { snapRetainCount } = this.#config.settings;
    if (snapRetainCount === 0) return;
    const oldest = this.snapshots.whole()[snapRetainCount - 1];
    if (oldest === undefined) return;
    this.snapshots.remove('snapshot', (zxid) => zxid < oldest.zxid);
    this.log.purge(oldest.zxid);
  }

  #replaceHistory(zxid: Zxid): void {
    if (!this.#config.rules.snapshotReplacesLog) return;
    this.snapshots.remove('snapshot', (other) => other !== zxid);
    this.log.discard();
  }

  /**
   * The log after `after`. A hole within an epoch means that the disk lost something (ZOOKEEPER-1156, -4882).
   * What comes again counts once: a server of ZooKeeper that synchronizes may log what it has logged before
   * (FileTxnSnapLog.fastForwardFromEdits complains, and goes on).
   */
  *#history(after: Zxid): Generator<TxnRecord> {
    const { initialCounter } = this.#config.settings;
    let last = after;
    for (const record of this.log.after(after)) {
      const zxid = record.position;
      if (zxid <= last) continue;
      // What was taken at the start of an epoch is named after counter 0, wherever counting begins.
      const first = counterOf(last) === 0 && counterOf(zxid) === initialCounter + 1;
      const follows =
        zxid === last + 1 ||
        (epochOf(zxid) > epochOf(last) && counterOf(zxid) >= 1) ||
        (epochOf(zxid) === epochOf(last) && first);
      if (!follows)
        throw new RecoveryError(`the log has a hole between ${last.toString(16)} and ${zxid.toString(16)}`);
      yield record;
      last = zxid;
    }
  }
}
