import { counterOf, epochOf, makeZxid, type Zxid } from '../../core/zxid.ts';
import type { CloseReason } from '../../node/events.ts';
import type { LinkId, NodeId, Ticket } from '../../node/ids.ts';
import type { Request } from '../../node/service.ts';
import { CommitStage } from './commit-stage.ts';
import { CONNECT_TRIES } from './config.ts';
import type { LinkOwner } from './link-table.ts';
import { LogStage } from './log-stage.ts';
import type { Proposal, SyncOrder, TxnRecord, WireMessage, ZabMessage } from './messages.ts';
import type { Role, RoleHost } from './role.ts';

/** Where ZooKeeper's thread stands in `Learner.followLeader`. `busy`: in a write to the disk; packets wait in the socket. */
type Stage = 'connecting' | 'leader-info' | 'sync-order' | 'snapshot' | 'sync' | 'broadcast' | 'ended';

/** How this learner is brought up to date. */
type Mode = 'none' | SyncOrder['kind'];

/**
 * A server that follows, or observes, an elected leader: it connects, promises the leader's epoch (discovery), takes
 * over the leader's history (synchronization), then logs and acks proposals and applies what is committed (broadcast).
 * Whatever goes wrong ends the role. Source: Learner, Follower, Observer.
 */
export class Learner implements Role, LinkOwner {
  readonly #host: RoleHost;
  readonly #leader: NodeId;
  readonly #observing: boolean;
  readonly #logStage: LogStage;
  readonly #commitStage: CommitStage;
  #stage: Stage = 'connecting';
  #link: LinkId | undefined;
  #tries = 0;
  #busy = false;
  #closedWhileBusy = false;
  /** Packets that arrived while the thread was busy. */
  #inbox: ZabMessage[] = [];
  #heardUs: number;
  #readTimeoutUs: number;
  #broken = false;
  /** Whether UPTODATE was processed. */
  served = false;
  drained = false;

  #epoch = -1;
  #mode: Mode = 'none';
  /** Whether the history is on the disk before it goes into memory: in a DIFF, and from NEWLEADER on. */
  #logsFirst = false;
  #lastQueued = 0 as Zxid;
  /** Proposals that are not logged yet, and commits whose proposals are not applied yet. */
  #notLogged: TxnRecord[] = [];
  #committed: Zxid[] = [];
  /** Broadcast: proposals that are logged, or about to be, and not committed. Source: pendingTxns. */
  #pending: TxnRecord[] = [];
  #firstPending = 0;
  #lastCommitted = 0 as Zxid;
  /** Packets for the leader that the connection did not take. */
  #unsent: ZabMessage[] = [];

  constructor(host: RoleHost, leader: NodeId, observing: boolean) {
    this.#host = host;
    this.#leader = leader;
    this.#observing = observing;
    const { env, config, database } = host;
    this.#logStage = new LogStage(
      host,
      (record) => this.#logged(record),
      () => {
        this.#broken = true;
      },
    );
    this.#commitStage = new CommitStage(env, database, host.frontend);
    const { settings } = config;
    this.#heardUs = env.now();
    this.#readTimeoutUs = (settings.connectToLearnerMasterLimit || settings.initLimit) * settings.tickTimeUs;
    env.setTimer('silence', this.#readTimeoutUs);
    this.#connect();
  }

  get lastCommitted(): number {
    return this.#lastCommitted;
  }


  // --- Events ---

  opened(): void {
    const { env, config, epochs } = this.#host;
    if (this.#stage !== 'connecting' || this.#link === undefined) return;
    this.#stage = 'leader-info';
    this.#readTimeoutUs = config.settings.initLimit * config.settings.tickTimeUs;
    this.#listen();
    this.#send({
      kind: this.#observing ? 'observer-info' : 'follower-info',
      sid: env.self,
      acceptedEpoch: epochs.accepted,
    });
  }

  received(link: LinkId, message: WireMessage): void {
    if (link !== this.#link) return;
    this.#heardUs = this.#host.env.now();
    if (this.#busy) this.#inbox.push(message as ZabMessage);
    else this.#read(message as ZabMessage);
  }

  writable(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const message of unsent) this.#send(message);
  }

  closed(link: LinkId, reason: CloseReason): void {
    if (link !== this.#link) return;
    this.#link = undefined;
    if (this.#stage === 'connecting') this.#retry(reason);
    else if (this.#busy) this.#closedWhileBusy = true;
    else this.#leave(`the connection to the leader ended: ${reason}`);
  }

  timer(timer: string, _subject: number): void {
    if (timer === 'silence') this.#onSilence();
    else if (timer === 'connect-retry' && this.#stage === 'connecting') this.#connect();
  }

  turn(stage: string): void {
    if (stage === 'commit' && this.#stage === 'broadcast') this.#commitStage.turn();
  }

  synced(ticket: Ticket): boolean {
    return this.#logStage.synced(ticket);
  }

  failed(ticket: Ticket): boolean {
    return this.#logStage.failed(ticket);
  }

  submit(request: Request): void {
    if (this.#stage === 'broadcast') this.#send({ kind: 'request', request });
  }

  heardLooking(): void {
    // Only a leader cares.
  }

  /** The connection ends, then what was queued for the log is still logged; its acks find no connection. */
  shutdown(done: () => void): void {
    const { env } = this.#host;
    for (const timer of ['silence', 'connect-retry']) env.cancelTimer(timer);
    if (this.#link !== undefined) this.#host.links.close(this.#link);
    this.#link = undefined;
    // Memory holds what the disk does not: upstream clears it for SNAP only, and goes on with it after a TRUNC whose
    // transactions were applied but not logged (ZOOKEEPER-3642, -5094).
    if (this.#mode === 'snap' || this.#mode === 'trunc') this.#host.database.clear();
    this.#logStage.drain(() => {
      this.drained = true;
      done();
    });
  }

  // --- Connecting ---

  #connect(): void {
    this.#tries++;
    this.#link = this.#host.links.dial(this.#leader, 'quorum', this);
  }

  /** Five tries, 100 ms apart: the leader may not listen yet. */
  #retry(reason: CloseReason): void {
    if (this.#tries >= CONNECT_TRIES) {
      this.#leave(`the leader cannot be connected to: ${reason}`);
      return;
    }
    const { env, config } = this.#host;
    env.setTimer('connect-retry', config.settings.leaderConnectDelayDuringRetryUs);
  }

  /** The read timeout; it runs only while the thread reads. */
  #onSilence(): void {
    const silentUs = this.#host.env.now() - this.#heardUs;
    if (!this.#busy && silentUs >= this.#readTimeoutUs) {
      this.#leave(this.#stage === 'connecting' ? 'connecting took too long' : 'nothing was heard from the leader');
      return;
    }
    this.#host.env.setTimer('silence', this.#busy ? this.#readTimeoutUs : this.#readTimeoutUs - silentUs);
  }

  #listen(): void {
    this.#heardUs = this.#host.env.now();
    this.#host.env.setTimer('silence', this.#readTimeoutUs);
  }

  // --- Packets ---

  #read(message: ZabMessage): void {
    switch (this.#stage) {
      case 'leader-info':
        if (message.kind === 'leader-info') this.#onLeaderInfo(message.epoch);
        else this.#unexpected(message);
        return;
      case 'sync-order':
        if (message.kind === 'diff' || message.kind === 'trunc' || message.kind === 'snap') this.#onSyncOrder(message);
        else this.#unexpected(message);
        return;
      case 'snapshot':
        if (message.kind === 'snapshot-piece') this.#host.database.machine.restore(message.chunk);
        else if (message.kind === 'snapshot-end') this.#onSnapshotEnd();
        else this.#unexpected(message);
        return;
      case 'sync':
        this.#onSyncPacket(message);
        return;
      case 'broadcast':
        this.#onPacket(message);
        return;
      default:
    }
  }

  #onLeaderInfo(epoch: number): void {
    const { epochs } = this.#host;
    if (epoch < epochs.accepted) {
      this.#leave("the leader's epoch is less than the accepted epoch");
      return;
    }
    this.#epoch = epoch;
    if (epoch === epochs.accepted) {
      this.#ackEpoch(-1);
      return;
    }
    const { current } = epochs;
    this.#block();
    epochs.setAccepted(
      epoch,
      () => {
        this.#host.env.report({ kind: 'epoch-accepted', server: this.#host.env.self, epoch });
        this.#unblock(() => this.#ackEpoch(current));
      },
      () => this.#leaveBusy('acceptedEpoch could not be written'),
    );
  }

  #ackEpoch(currentEpoch: number): void {
    const { env, database } = this.#host;
    const lastZxid = database.startsAfresh ? (0 as Zxid) : database.lastProcessed;
    this.#stage = 'sync-order';
    env.report({
      kind: 'epoch-acked',
      server: env.self,
      leader: this.#leader,
      epoch: this.#epoch,
      currentEpoch,
      lastZxid,
    });
    this.#send({ kind: 'ack-epoch', lastZxid, currentEpoch });
  }

  // --- Synchronization ---

  #onSyncOrder(message: SyncOrder): void {
    this.#mode = message.kind;
    this.#logsFirst = message.kind === 'diff';
    this.#stage = 'sync';
    const { database } = this.#host;
    if (message.kind === 'snap') {
      database.beginInstall();
      database.moveTo(message.zxid);
      this.#stage = 'snapshot';
    } else if (message.kind === 'trunc') {
      this.#truncate(message.zxid);
    }
  }

  #truncate(zxid: Zxid): void {
    const { database, durability } = this.#host;
    const ticket = database.truncate(zxid);
    if (ticket === false) {
      // No snapshot is old enough to start from: the next leader is asked for one.
      database.startAfresh();
      this.#leave('the log cannot be truncated that far');
      return;
    }
    if (ticket === undefined) {
      this.#truncated(zxid);
      return;
    }
    this.#block();
    durability.when(
      ticket,
      () => this.#unblock(() => this.#truncated(zxid)),
      () => this.#leaveBusy('the log could not be truncated'),
    );
  }

  #truncated(zxid: Zxid): void {
    const { database, env, epochs } = this.#host;
    env.report({ kind: 'log-truncated', server: env.self, zxid });
    database.recover();
    // ⟨e,0⟩ is no record; whoever followed in e has all that comes before it. Anything else must be there.
    const isStartOfEpoch = counterOf(zxid) === 0 && epochs.current >= epochOf(zxid);
    if (database.lastProcessed !== zxid && !isStartOfEpoch) {
      this.#leave('the log does not reach to where it was truncated');
      return;
    }
    database.moveTo(zxid);
  }

  #onSnapshotEnd(): void {
    const { database, env } = this.#host;
    this.#stage = 'sync';
    env.report({
      kind: 'snapshot-installed',
      server: env.self,
      leader: this.#leader,
      zxid: database.lastProcessed,
    });
  }

  #onSyncPacket(message: ZabMessage): void {
    switch (message.kind) {
      case 'proposal':
        if (this.#continues(message.record.position)) this.#notLogged.push(message.record);
        return;
      case 'commit':
        this.#onSyncCommit(message.zxid);
        return;
      case 'inform':
        if (!this.#continues(message.record.position)) return;
        this.#notLogged.push(message.record);
        this.#onSyncCommit(message.record.position);
        return;
      case 'new-leader':
        this.#onNewLeader(message.epoch);
        return;
      case 'up-to-date':
        this.#onUpToDate();
        return;
      case 'ping':
        return;
      default:
        this.#unexpected(message);
    }
  }

  /** Proposals of a synchronization follow each other without a hole within their epoch (ZOOKEEPER-2099). */
  #continues(zxid: Zxid): boolean {
    const last = this.#lastQueued;
    this.#lastQueued = zxid;
    if (last === 0 || zxid === last + 1 || epochOf(zxid) > epochOf(last)) return true;
    const { env } = this.#host;
    env.report({ kind: 'proposal-gap', server: env.self, after: last, zxid });
    this.#leave('a proposal is missing');
    return false;
  }

  #onSyncCommit(zxid: Zxid): void {
    if (this.#logsFirst) {
      this.#committed.push(zxid);
      return;
    }
    const [head] = this.#notLogged;
    if (head?.position !== zxid) {
      this.#unmatchedCommit(head, zxid);
      return;
    }
    this.#notLogged.shift();
    // What comes with a snapshot may be in it already.
    this.#host.database.deliver(head);
  }

  /**
   * NEWLEADER: the history becomes durable, then currentEpoch, then the ack goes out. A crash between the first two
   * leaves a server with more than its epoch says, one the other way round would outrank its own log in the next
   * election (ZOOKEEPER-4643, -4646, -4785). Only committed transactions are logged here; the others follow UPTODATE,
   * so that no ack of theirs overtakes this one (ZOOKEEPER-4394, -4685).
   */
  #onNewLeader(epoch: number): void {
    this.#block();
    const done = () => this.#adoptEpoch(epoch);
    const failed = () => this.#leaveBusy('the history could not be written');
    const { database, durability } = this.#host;
    if (this.#mode === 'snap') {
      database.install(done, failed);
    } else if (this.#mode === 'trunc') {
      const written = database.snapshots.write('snapshot', database.lastProcessed, database.machine);
      durability.when(written, done, failed);
    } else if (!this.#observing && this.#logCommitted()) {
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
    } else {
      done();
    }
    this.#logsFirst = true;
  }

  /** Whether there was anything to log. */
  #logCommitted(): boolean {
    const { database } = this.#host;
    const committed = this.#committed;
    this.#committed = [];
    for (const zxid of committed) {
      const [head] = this.#notLogged;
      if (head?.position !== zxid) {
        this.#unmatchedCommit(head, zxid);
        continue;
      }
      this.#notLogged.shift();
      database.log.append(head);
      database.deliver(head);
    }
    return committed.length > 0;
  }

  #adoptEpoch(epoch: number): void {
    const { env, epochs } = this.#host;
    epochs.setCurrent(
      epoch,
      () => {
        env.report({ kind: 'epoch-adopted', server: env.self, epoch });
        this.#mode = 'none';
        this.#host.database.startedAfresh();
        this.#unblock(() => this.#ackNewLeader(epoch));
      },
      () => this.#leaveBusy('currentEpoch could not be written'),
    );
  }

  #ackNewLeader(epoch: number): void {
    const { env, config } = this.#host;
    this.#readTimeoutUs = config.settings.syncLimit * config.settings.tickTimeUs;
    this.#listen();
    env.report({ kind: 'new-leader-acked', server: env.self, leader: this.#leader, epoch });
    this.#send({ kind: 'ack', zxid: makeZxid(epoch, 0) });
  }

  /** UPTODATE: this server serves. What it was sent meanwhile is logged and acked now, then what was committed of it. */
  #onUpToDate(): void {
    const { env, database, frontend } = this.#host;
    const epoch = this.#epoch;
    this.#send({ kind: 'ack', zxid: makeZxid(epoch, 0) });
    this.#stage = 'broadcast';
    this.served = true;
    this.#lastCommitted = database.lastProcessed;
    this.#host.settle(epoch);
    env.report({
      kind: 'follower-synced',
      server: env.self,
      leader: this.#leader,
      epoch,
      zxid: database.lastProcessed,
    });
    const records = this.#notLogged;
    const committed = this.#committed;
    this.#notLogged = [];
    this.#committed = [];
    for (const record of records) this.#log(record);
    for (const zxid of committed) this.#commit(zxid);
    frontend.open(this.#observing ? 'observing' : 'following');
  }

  // --- Broadcast ---

  #onPacket(message: ZabMessage): void {
    if (this.#broken) {
      // A server whose log thread died notices after its next packet.
      this.#leave('disk error');
      return;
    }
    switch (message.kind) {
      case 'proposal':
        this.#onProposal(message);
        return;
      case 'commit':
        this.#commit(message.zxid);
        return;
      case 'inform':
        this.#onProposal(message);
        this.#commit(message.record.position);
        return;
      case 'ping':
        this.#send(message);
        return;
      default:
        this.#unexpected(message);
    }
  }

  #onProposal(message: Proposal): void {
    const zxid = message.record.position;
    const last = this.#lastQueued;
    if (last !== 0 && zxid !== last + 1 && epochOf(zxid) === epochOf(last)) {
      const { env } = this.#host;
      env.report({ kind: 'proposal-gap', server: env.self, after: last, zxid });
    }
    this.#lastQueued = zxid;
    this.#log(message.record);
  }

  #log(record: TxnRecord): void {
    this.#pending.push(record);
    this.#logStage.log(record);
  }

  /** A logged transaction is durable: a follower acks it. */
  #logged(record: TxnRecord): void {
    if (this.#observing || this.#link === undefined) return;
    const { env } = this.#host;
    env.report({ kind: 'txn-acked', server: env.self, leader: this.#leader, zxid: record.position });
    this.#send({ kind: 'ack', zxid: record.position });
  }

  #commit(zxid: Zxid): void {
    const head = this.#pending[this.#firstPending];
    if (head?.position !== zxid) {
      this.#unmatchedCommit(head, zxid);
      if (head !== undefined) this.#host.exit('a commit does not match the first pending proposal');
      return;
    }
    this.#firstPending++;
    if (this.#firstPending === this.#pending.length) {
      this.#pending.length = 0;
      this.#firstPending = 0;
    }
    this.#lastCommitted = zxid;
    this.#commitStage.commit(head);
  }

  #unmatchedCommit(head: TxnRecord | undefined, zxid: Zxid): void {
    const { env } = this.#host;
    env.report({ kind: 'commit-unmatched', server: env.self, pending: head?.position ?? (0 as Zxid), zxid });
  }

  #unexpected(message: ZabMessage): void {
    const { env } = this.#host;
    env.report({
      kind: 'message-unexpected',
      server: env.self,
      from: this.#leader,
      message: message.kind,
      state: this.#stage,
    });
    if (this.#stage !== 'broadcast') this.#leave('an unexpected packet');
  }

  #send(message: ZabMessage): void {
    if (this.#link === undefined) return;
    if (this.#unsent.length > 0 || !this.#host.env.send(this.#link, message)) this.#unsent.push(message);
  }

  // --- Being busy, and the end ---

  #block(): void {
    this.#busy = true;
  }

  /** The write is done: `next`, then whatever arrived meanwhile, until the thread is busy again. */
  #unblock(next: () => void): void {
    if (this.#stage === 'ended') return;
    this.#busy = false;
    if (this.#closedWhileBusy) {
      this.#leave('the connection to the leader ended while the disk was busy');
      return;
    }
    this.#listen();
    next();
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const message of inbox) {
      if (this.#busy) this.#inbox.push(message);
      else this.#read(message);
    }
  }

  #leaveBusy(because: string): void {
    this.#busy = false;
    this.#leave(because);
  }

  #leave(because: string): void {
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    const { env } = this.#host;
    env.report({ kind: 'leader-left', server: env.self, leader: this.#leader, because });
    this.#host.leave();
  }
}
