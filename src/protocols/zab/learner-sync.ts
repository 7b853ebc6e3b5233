import { counterOf, epochOf, ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { EndOfSync } from './end-of-sync.ts';
import type { SyncOrder, TxnRecord, ZabMessage } from './messages.ts';
import type { RoleHost } from './role.ts';
import { reportUnmatched } from './unmatched.ts';

/** The learner's thread, as far as its synchronization moves it. */
export interface LearnerThread {
  readonly leader: NodeId;
  readonly observing: boolean;
  /** The thread is in a write to the disk: packets wait in the socket. */
  block(): void;
  /** The write is done: goes on with `next`, then with what arrived meanwhile. */
  unblock(next: () => void): void;
  leave(because: string): void;
  ackNewLeader(epoch: number): void;
  /** A proposal goes to the log's thread, which acks it once it is durable. */
  log(record: TxnRecord): void;
  /** A proposal that is in the log already waits for its commit; `ackLater`: it is acked after UPTODATE. */
  await(record: TxnRecord, ackLater: boolean): void;
}

/**
 * How a learner takes over its leader's history, from DIFF, TRUNC or SNAP to its ack of NEWLEADER. In a DIFF
 * what comes is kept and goes to the disk before it goes into memory; after a TRUNC or SNAP it goes into
 * memory, and NEWLEADER makes a snapshot of that. Source: Learner.syncWithLeader (ZooKeeper 3.10).
 */
export class LearnerSync implements EndOfSync {
  readonly #host: RoleHost;
  readonly #thread: LearnerThread;
  /** `none` before the order and after NEWLEADER: memory speaks for the disk then. */
  mode: 'none' | SyncOrder['kind'] = 'none';
  /** Whether a snapshot is being received. */
  #receiving = false;
  #logsFirst = false;
  /** The epoch that NEWLEADER named. */
  epoch = -1;
  /** The last proposal; 0 is none. */
  lastQueued = 0 as Zxid;
  /** How many proposals came. */
  taken = 0;
  /** Proposals that are not logged yet. */
  notLogged: TxnRecord[] = [];
  /** Proposals of which the same is true, and that no commit is looked for in before UPTODATE. */
  aside: TxnRecord[] = [];
  /** Commits whose transactions are not applied yet. */
  committed: Zxid[] = [];

  constructor(host: RoleHost, thread: LearnerThread) {
    this.#host = host;
    this.#thread = thread;
  }

  /** DIFF, TRUNC or SNAP. */
  begin(order: SyncOrder): void {
    const { database, config } = this.#host;
    config.rules.beginSync(order, database);
    // A leader that has nothing, or whose log goes back to the beginning, sends DIFF to who asks for all.
    const fromNothing = order.kind === 'diff' && database.startsAfresh;
    this.mode = fromNothing ? 'snap' : order.kind;
    this.#logsFirst = this.mode === 'diff';
    if (fromNothing) {
      database.beginInstall();
      database.moveTo(ZERO_ZXID);
      this.#onSnapshotEnd();
    } else if (order.kind === 'snap') {
      database.beginInstall();
      database.moveTo(order.zxid);
      this.#receiving = true;
    } else if (order.kind === 'trunc') {
      this.#truncate(order.zxid);
    }
  }

  #truncate(zxid: Zxid): void {
    const { database, durability, config } = this.#host;
    if (config.rules.exitsWithoutTail && database.log.last <= zxid) {
      this.#host.exit('the log cannot be truncated');
      return;
    }
    const ticket = database.truncate(zxid);
    if (ticket === false) {
      // No snapshot is old enough to start from: the next leader is asked for one.
      database.startAfresh();
      this.#thread.leave('the log cannot be truncated that far');
      return;
    }
    if (ticket === undefined) {
      this.#truncated(zxid);
      return;
    }
    this.#thread.block();
    durability.when(
      ticket,
      () => this.#thread.unblock(() => this.#truncated(zxid)),
      () => this.#thread.leave('the log could not be truncated'),
    );
  }

  #truncated(zxid: Zxid): void {
    const { database, env, epochs, config } = this.#host;
    env.report({ kind: 'log-truncated', server: env.self, zxid });
    database.recover();
    // ⟨e,0⟩ is no record; whoever followed in e has all that comes before it. Anything else must be there.
    const isStartOfEpoch = counterOf(zxid) === 0 && epochs.current >= epochOf(zxid);
    if (!config.rules.isCutRight(database.lastProcessed, zxid) && !isStartOfEpoch) {
      this.#thread.leave('the log does not reach to where it was truncated');
      return;
    }
    database.moveTo(zxid);
  }

  #onSnapshotEnd(): void {
    const { database, env } = this.#host;
    this.#receiving = false;
    env.report({
      kind: 'snapshot-installed',
      server: env.self,
      leader: this.#thread.leader,
      zxid: database.lastProcessed,
    });
  }

  /** Whether the packet belongs to a synchronization. UPTODATE, its end, is the caller's. */
  read(message: ZabMessage): boolean {
    if (this.#receiving) return this.#readSnapshot(message);
    switch (message.kind) {
      case 'proposal':
        if (this.#continues(message.record.position)) this.notLogged.push(message.record);
        return true;
      case 'commit':
        this.#onCommit(message.zxid);
        return true;
      case 'inform':
        if (!this.#continues(message.record.position)) return true;
        this.notLogged.push(message.record);
        this.#onCommit(message.record.position);
        return true;
      case 'new-leader':
        this.#onNewLeader(message.epoch);
        return true;
      case 'ping':
        return true;
      default:
        return false;
    }
  }

  #readSnapshot(message: ZabMessage): boolean {
    if (message.kind === 'snapshot-piece') this.#host.database.machine.restore(message.chunk);
    else if (message.kind === 'snapshot-end') this.#onSnapshotEnd();
    else return false;
    return true;
  }

  /** Proposals of a synchronization follow each other without a hole within their epoch (ZOOKEEPER-2099). */
  #continues(zxid: Zxid): boolean {
    const last = this.lastQueued;
    this.lastQueued = zxid;
    this.taken++;
    if (last === 0 || zxid === last + 1 || epochOf(zxid) > epochOf(last)) return true;
    const { env } = this.#host;
    env.report({ kind: 'proposal-gap', server: env.self, after: last, zxid });
    this.#thread.leave('a proposal is missing');
    return false;
  }

  #onCommit(zxid: Zxid): void {
    if (this.#logsFirst) {
      this.committed.push(zxid);
      if (this.#host.config.rules.takesCommit(this.notLogged)) return;
      reportUnmatched(this.#host.env, undefined, zxid);
      this.#thread.leave('a commit that nothing waits for');
      return;
    }
    const [head] = this.notLogged;
    if (head?.position !== zxid) {
      reportUnmatched(this.#host.env, head, zxid);
      return;
    }
    this.notLogged.shift();
    // What comes with a snapshot may be in it already.
    this.#deliver(head);
  }

  #deliver(record: TxnRecord): void {
    const { database, config } = this.#host;
    if (config.rules.syncApplies(record.txn)) database.deliver(record);
    else database.passOver(record);
  }

  /** NEWLEADER: the rule says in which order the history, the epoch and the ack come. */
  #onNewLeader(epoch: number): void {
    this.epoch = epoch;
    this.#thread.block();
    if (!this.#host.env.work('start-following')) this.end();
  }

  /** NEWLEADER is answered, now that the processors of this server have been started. */
  end(): void {
    this.#host.config.rules.endSync(this);
    this.#logsFirst = true;
  }

  get inMemory(): boolean {
    return this.mode === 'diff';
  }

  persist(done: () => void): void {
    const failed = () => this.#thread.leave('the history could not be written');
    const { database } = this.#host;
    if (this.mode === 'snap') {
      database.install(done);
    } else if (this.mode === 'trunc') {
      database.rewrite(done, failed);
    } else if (!this.#thread.observing && this.#logCommitted()) {
      this.#syncLog(done, failed);
    } else {
      done();
    }
  }

  #syncLog(done: () => void, failed: () => void): void {
    const { database, durability } = this.#host;
    durability.when(
      database.log.sync(),
      () => {
        database.log.confirm();
        done();
      },
      () => {
        this.#host.discardUnsynced();
        failed();
      },
    );
  }

  /** Whether there was anything to log. */
  #logCommitted(): boolean {
    const { database, config } = this.#host;
    const committed = this.committed;
    this.committed = [];
    for (const zxid of committed) {
      const [head] = this.notLogged;
      if (head?.position !== zxid) {
        reportUnmatched(this.#host.env, head, zxid);
        continue;
      }
      this.notLogged.shift();
      database.log.append(head);
      if (config.rules.appliesHistory) this.#deliver(head);
      else this.#later(head);
    }
    return committed.length > 0;
  }

  /** The transaction is applied when this server serves. */
  #later(record: TxnRecord): void {
    this.#thread.await(record, false);
    this.committed.push(record.position);
  }

  persistAll(done: () => void): void {
    const { database } = this.#host;
    const records = this.notLogged;
    this.notLogged = [];
    for (const record of records) {
      database.log.append(record);
      this.#thread.await(record, !this.committed.includes(record.position));
    }
    const failed = () => this.#thread.leave('the history could not be written');
    if (records.length === 0) done();
    else this.#syncLog(done, failed);
  }

  logAll(): void {
    const records = this.notLogged;
    this.notLogged = [];
    for (const record of records) this.#thread.log(record);
  }

  setAside(): void {
    this.aside = this.notLogged;
    this.notLogged = [];
  }

  adoptEpoch(done: () => void): void {
    const { env, epochs } = this.#host;
    const { epoch } = this;
    epochs.setCurrent(
      epoch,
      () => {
        env.report({ kind: 'epoch-adopted', server: env.self, epoch });
        done();
      },
      () => this.#thread.leave('currentEpoch could not be written'),
    );
  }

  ack(): void {
    this.mode = 'none';
    this.#host.database.startedAfresh();
    const { epoch } = this;
    this.#thread.unblock(() => this.#thread.ackNewLeader(epoch));
  }
}
