import { Fifo } from '../../core/fifo.ts';
import { epochOf, makeZxid, type Zxid } from '../../core/zxid.ts';
import type { CloseReason } from '../../node/events.ts';
import type { LinkId, NodeId, Ticket } from '../../node/ids.ts';
import type { Request, Touch } from '../../node/service.ts';
import { CommitStage } from './commit-stage.ts';
import { CONNECT_TRIES } from './config.ts';
import { LearnerSync, type LearnerThread } from './learner-sync.ts';
import type { LinkOwner } from './link-table.ts';
import { LogStage } from './log-stage.ts';
import type { Ping, Proposal, TxnRecord, WireMessage, ZabMessage } from './messages.ts';
import type { Role, RoleHost } from './role.ts';
import { reportUnmatched } from './unmatched.ts';

/** Where ZooKeeper's thread stands in `Follower.followLeader`. */
type Stage = 'connecting' | 'leader-info' | 'sync-order' | 'sync' | 'broadcast' | 'ended';

/**
 * A server that follows, or observes, an elected leader: it connects, promises the leader's epoch
 * (discovery), takes over the leader's history (synchronization), then logs and acks proposals and applies
 * what is committed (broadcast). Whatever goes wrong ends the role. Source: Learner, Follower, Observer.
 */
export class Learner implements Role, LinkOwner, LearnerThread {
  readonly #host: RoleHost;
  readonly leader: NodeId;
  readonly observing: boolean;
  readonly #sync: LearnerSync;
  readonly #logStage: LogStage;
  readonly #commitStage: CommitStage;
  #stage: Stage = 'connecting';
  #link: LinkId | undefined;
  #tries = 0;
  #busy = false;
  #closedWhileBusy = false;
  /** Packets that arrived while the thread was busy. */
  readonly #inbox: ZabMessage[] = [];
  #heardUs: number;
  #readTimeoutUs: number;
  #broken = false;
  /** Whether UPTODATE was processed. */
  served = false;
  drained = false;
  #epoch = -1;
  /** Broadcast: proposals that are logged, or about to be, and not committed. Source: pendingTxns. */
  readonly #pending = new Fifo<TxnRecord>();
  #lastCommitted = 0 as Zxid;
  /** What was logged before UPTODATE, and is acked after it. */
  #unacked: TxnRecord[] = [];
  /** Packets for the leader that the connection did not take. */
  #unsent: ZabMessage[] = [];

  constructor(host: RoleHost, leader: NodeId, observing: boolean) {
    this.#host = host;
    this.leader = leader;
    this.observing = observing;
    this.#sync = new LearnerSync(host, this);
    const { env, config, database } = host;
    this.#logStage = new LogStage(
      host,
      (record) => this.#logged(record),
      () => {
        this.#broken = true;
      },
    );
    this.#commitStage = new CommitStage(env, database, host.frontend, host.config.rules);
    const { settings } = config;
    this.#heardUs = env.now();
    this.#readTimeoutUs = (settings.connectToLearnerMasterLimit || settings.initLimit) * settings.tickTimeUs;
    env.setTimer('silence', this.#readTimeoutUs);
    if (!env.work('dial')) this.#connect();
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
      kind: this.observing ? 'observer-info' : 'follower-info',
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
    else this.leave(`the connection to the leader ended: ${reason}`);
  }

  timer(timer: string, _subject: number): void {
    if (timer === 'silence') this.#onSilence();
    else if (timer === 'connect-retry' && this.#stage === 'connecting') this.#connect();
  }

  turn(stage: string): void {
    if (stage === 'dial') this.#connect();
    else if (stage === 'start-following') this.#sync.end();
    else if (stage === 'record') this.#end();
    else if (stage === 'commit' && this.#stage === 'broadcast') this.#commitStage.turn();
  }

  synced(ticket: Ticket): boolean {
    return this.#logStage.synced(ticket);
  }

  failed(ticket: Ticket): boolean {
    return this.#logStage.failed(ticket);
  }

  submit(request: Request, barrier: boolean): void {
    if (this.#stage === 'broadcast') this.#send({ kind: 'request', request, barrier });
  }

  consult({ session, timeoutMs }: Touch): void {
    if (this.#stage === 'broadcast') this.#send({ kind: 'revalidate', session, timeoutMs });
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
    // Memory holds what the disk does not: upstream clears it for SNAP only, and goes on with it after a
    // TRUNC whose transactions were applied but not logged (ZOOKEEPER-3642, -5094).
    const { mode } = this.#sync;
    const { rules } = this.#host.config;
    if (mode === 'snap') this.#host.database.endInstall(!rules.forgetsSnapshot);
    else if (mode === 'trunc' && rules.forgetsTruncated) this.#host.database.clear();
    const drained = () => {
      this.drained = true;
      done();
    };
    if (rules.awaitsLog) this.#logStage.drain(drained);
    else drained();
  }

  // --- Connecting ---

  #connect(): void {
    this.#tries++;
    this.#link = this.#host.links.dial(this.leader, 'quorum', this);
  }

  /** Five tries, 100 ms apart: the leader may not listen yet. */
  #retry(reason: CloseReason): void {
    if (this.#tries >= CONNECT_TRIES) {
      this.leave(`the leader cannot be connected to: ${reason}`);
      return;
    }
    const { env, config } = this.#host;
    env.setTimer('connect-retry', config.settings.leaderConnectDelayDuringRetryUs);
  }

  /** The read timeout; it runs only while the thread reads. */
  #onSilence(): void {
    const silentUs = this.#host.env.now() - this.#heardUs;
    if (!this.#busy && silentUs >= this.#readTimeoutUs) {
      this.leave(
        this.#stage === 'connecting' ? 'connecting took too long' : 'nothing was heard from the leader',
      );
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
        this.#onSyncOrder(message);
        return;
      case 'sync':
        if (message.kind === 'up-to-date' && this.#sync.mode === 'none') this.#onUpToDate();
        else if (!this.#sync.read(message)) this.#unexpected(message);
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
      this.leave("the leader's epoch is less than the accepted epoch");
      return;
    }
    this.#epoch = epoch;
    if (epoch === epochs.accepted) {
      this.#ackEpoch(-1);
      return;
    }
    const { current } = epochs;
    this.block();
    epochs.setAccepted(
      epoch,
      () => {
        this.#host.env.report({ kind: 'epoch-accepted', server: this.#host.env.self, epoch });
        this.unblock(() => this.#ackEpoch(current));
      },
      () => this.leave('acceptedEpoch could not be written'),
    );
  }

  #ackEpoch(currentEpoch: number): void {
    const { env, database } = this.#host;
    const lastZxid = database.startsAfresh ? (0 as Zxid) : database.lastProcessed;
    this.#stage = 'sync-order';
    env.report({
      kind: 'epoch-acked',
      server: env.self,
      leader: this.leader,
      epoch: this.#epoch,
      currentEpoch,
      lastZxid,
    });
    this.#send({ kind: 'ack-epoch', lastZxid, currentEpoch });
  }

  // --- Synchronization ---

  #onSyncOrder(message: ZabMessage): void {
    if (message.kind !== 'diff' && message.kind !== 'trunc' && message.kind !== 'snap') {
      this.#unexpected(message);
      return;
    }
    this.#stage = 'sync';
    this.#sync.begin(message);
  }

  ackNewLeader(epoch: number): void {
    const { env, config } = this.#host;
    this.#readTimeoutUs = config.settings.syncLimit * config.settings.tickTimeUs;
    this.#listen();
    env.report({ kind: 'new-leader-acked', server: env.self, leader: this.leader, epoch });
    this.#send({ kind: 'ack', zxid: makeZxid(epoch, 0) });
  }

  /**
   * UPTODATE: this server serves. What it was sent meanwhile is logged and acked now, then what was committed
   * of it.
   */
  #onUpToDate(): void {
    if (!this.#host.env.work('record', this.#sync.taken)) this.#end();
  }

  #end(): void {
    this.#host.config.rules.beginServing(this.#sync, () => this.#serve());
  }

  #serve(): void {
    if (this.#stage !== 'sync') return;
    const { env, database } = this.#host;
    const epoch = this.#epoch;
    this.#send({ kind: 'ack', zxid: makeZxid(epoch, 0) });
    this.#stage = 'broadcast';
    this.served = true;
    this.#lastCommitted = database.lastProcessed;
    this.#host.settle(epoch);
    env.report({
      kind: 'follower-synced',
      server: env.self,
      leader: this.leader,
      epoch,
      zxid: database.lastProcessed,
    });
    this.#catchUp();
    this.#host.serve(this.observing ? 'observing' : 'following');
  }

  /** What came before UPTODATE and is not yet on the disk. */
  #catchUp(): void {
    const { aside, notLogged, committed } = this.#sync;
    const { rules } = this.#host.config;
    for (const record of this.#unacked) this.#logged(record);
    for (const record of [...aside, ...notLogged]) {
      if (rules.logsEarlyCommits || !committed.includes(record.position)) this.log(record);
      else this.await(record, false);
    }
    for (const zxid of committed) this.#commit(zxid);
  }

  // --- Broadcast ---

  #onPacket(message: ZabMessage): void {
    if (this.#broken) {
      // A server whose log thread died notices after its next packet.
      this.leave('disk error');
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
        this.#onPing(message);
        return;
      case 'sync':
        this.#commitStage.barrier();
        return;
      case 'revalidated':
        this.#host.frontend.revalidated(message.session, message.valid);
        return;
      default:
        this.#unexpected(message);
    }
  }

  /** The answer says which sessions were heard of since the last one. Source: Learner.ping. */
  #onPing(message: Ping): void {
    const touches = this.#host.frontend.touches();
    this.#send(touches.length === 0 ? message : { kind: 'ping', zxid: message.zxid, touches });
  }

  #onProposal(message: Proposal): void {
    const zxid = message.record.position;
    const last = this.#sync.lastQueued;
    if (last !== 0 && zxid !== last + 1 && epochOf(zxid) === epochOf(last)) {
      const { env } = this.#host;
      env.report({ kind: 'proposal-gap', server: env.self, after: last, zxid });
    }
    this.#sync.lastQueued = zxid;
    this.log(message.record);
  }

  log(record: TxnRecord): void {
    this.#pending.push(record);
    this.#logStage.log(record);
  }

  await(record: TxnRecord, ackLater: boolean): void {
    this.#pending.push(record);
    if (ackLater) this.#unacked.push(record);
  }

  /** A logged transaction is durable: a follower acks it. */
  #logged(record: TxnRecord): void {
    if (this.observing || this.#link === undefined) return;
    this.#logStage.testify(this.leader, record.position);
    this.#send({ kind: 'ack', zxid: record.position });
  }

  #commit(zxid: Zxid): void {
    const head = this.#pending.first();
    if (head?.position !== zxid) {
      reportUnmatched(this.#host.env, head, zxid);
      if (head !== undefined) this.#host.exit('a commit does not match the first pending proposal');
      return;
    }
    this.#pending.shift();
    this.#lastCommitted = zxid;
    this.#commitStage.commit(head);
  }

  #unexpected(message: ZabMessage): void {
    const { env } = this.#host;
    env.report({
      kind: 'message-unexpected',
      server: env.self,
      from: this.leader,
      message: message.kind,
      state: this.#stage,
    });
    if (this.#stage !== 'broadcast') this.leave('an unexpected packet');
  }

  #send(message: ZabMessage): void {
    if (this.#link === undefined) return;
    if (this.#unsent.length > 0 || !this.#host.env.send(this.#link, message)) this.#unsent.push(message);
  }

  // --- Being busy, and the end ---

  block(): void {
    this.#busy = true;
  }

  /** The write is done: `next`, then whatever arrived meanwhile, until the thread is busy again. */
  unblock(next: () => void): void {
    if (this.#stage === 'ended') return;
    this.#busy = false;
    if (this.#closedWhileBusy) {
      this.leave('the connection to the leader ended while the disk was busy');
      return;
    }
    this.#listen();
    next();
    const inbox = this.#inbox.splice(0);
    for (const message of inbox) {
      if (this.#busy) this.#inbox.push(message);
      else this.#read(message);
    }
  }

  leave(because: string): void {
    if (this.#stage === 'ended') return;
    this.#busy = false;
    this.#stage = 'ended';
    const { env } = this.#host;
    env.report({ kind: 'leader-left', server: env.self, leader: this.leader, because });
    this.#host.leave();
  }
}
