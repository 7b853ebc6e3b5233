import { makeZxid, type Zxid } from '../../core/zxid.ts';
import type { CloseReason } from '../../node/events.ts';
import type { SyncMode } from '../../node/facts.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import { type Cursor, NO_TOUCHES, type Touch } from '../../node/service.ts';
import type { LearnerSyncThrottler } from './learner-sync-throttler.ts';
import type { LinkOwner } from './link-table.ts';
import type {
  AckEpoch,
  ForwardedRequest,
  LearnerInfo,
  TxnRecord,
  WireMessage,
  ZabMessage,
} from './messages.ts';
import type { RoleHost } from './role.ts';
import type { History } from './rules.ts';
import type { SyncPlan } from './sync.ts';
import { SyncLimit } from './sync-limit.ts';

/** What the handlers of one leader share, and ask of it. */
export interface LeaderDesk {
  readonly tick: number;
  /** The epoch of this term; −1 until a quorum was heard. */
  readonly epoch: number;
  readonly lastProposed: Zxid;
  readonly throttler: LearnerSyncThrottler;
  /**
   * A learner says what it has accepted. The handler is called back with `offer` when the epoch is decided.
   */
  learnerConnected(handler: LearnerHandler, acceptedEpoch: number): void;
  /**
   * A learner acks the epoch: `synchronize` is called when a quorum has; false: its history is ahead of the
   * leader's.
   */
  epochAcked(handler: LearnerHandler, history: History): boolean;
  /** Chooses how the learner catches up, puts it in the queue and begins to forward, in one step. */
  beginForwarding(handler: LearnerHandler, lastZxid: Zxid): SyncPlan;
  /** A learner acked NEWLEADER: `welcome` is called when the leader serves. */
  newLeaderAcked(handler: LearnerHandler, zxid: Zxid): void;
  acked(sid: NodeId, zxid: Zxid): void;
  requested(message: ForwardedRequest, from: LearnerHandler): void;
  removed(handler: LearnerHandler): void;
}

type Stage =
  | 'accepting'
  | 'learner-info'
  | 'epoch-decision'
  | 'ack-epoch'
  | 'epoch-quorum'
  | 'snapshot'
  | 'new-leader-ack'
  | 'new-leader-quorum'
  | 'broadcast'
  | 'closed';

const NO_SID = 0 as NodeId;

/**
 * The leader's side of one learner, from its connection to its end: discovery, how it catches up, then the
 * forwarding of the broadcast. Each stage is a place where ZooKeeper's thread blocks. Source: LearnerHandler.
 */
export class LearnerHandler implements LinkOwner {
  readonly #host: RoleHost;
  readonly #desk: LeaderDesk;
  readonly #link: LinkId;
  /** Names this handler's timer; sids are not known yet when it is first needed. */
  readonly slot: number;
  /** This connection's number in the leader's term, from 1: the owner of the sessions behind it. */
  readonly number: number;
  readonly #syncLimit: SyncLimit;
  #stage: Stage = 'accepting';
  #sid: NodeId = NO_SID;
  #observing = false;
  /** What came before the accept loop ran. */
  #inbox: ZabMessage[] = [];
  #lastZxid = 0 as Zxid;
  /** How it is being brought up to date; undefined before, and after its ack of NEWLEADER. */
  #syncing: SyncMode | undefined;
  #cursor: Cursor | undefined;
  /** What the sender thread has not yet put on the connection. */
  #queue: ZabMessage[] = [];
  #sending = false;
  #blocked = false;
  /** A packet written past the queue that the connection did not take. */
  #refused: ZabMessage | undefined;
  #heardUs: number;
  #readTimeoutUs: number;
  /** The last tick at which this learner counts as alive. */
  ackDeadline: number;

  constructor(host: RoleHost, desk: LeaderDesk, link: LinkId, slot: number, number: number) {
    const { settings, rules } = host.config;
    this.#host = host;
    this.#desk = desk;
    this.#link = link;
    this.slot = slot;
    this.number = number;
    this.#syncLimit = new SyncLimit(settings.syncLimit * settings.tickTimeUs);
    this.ackDeadline = rules.firstDeadline(desk.tick, settings.initLimit, settings.syncLimit);
    this.#readTimeoutUs = settings.initLimit * settings.tickTimeUs;
    this.#heardUs = host.env.now();
  }

  /** The learner's sid; 0 before it said so. */
  get sid(): NodeId {
    return this.#sid;
  }

  get observing(): boolean {
    return this.#observing;
  }

  /** The accept loop runs: the handler's thread starts to read. */
  start(): void {
    this.#stage = 'learner-info';
    this.#heardUs = this.#host.env.now();
    this.#host.env.setTimer('read', this.#readTimeoutUs, this.slot);
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const message of inbox) this.#read(message);
  }

  opened(): void {
    // Accepted connections are open when they are handed over.
  }

  received(_link: LinkId, message: WireMessage): void {
    this.#heardUs = this.#host.env.now();
    if (this.#stage === 'accepting') this.#inbox.push(message as ZabMessage);
    else this.#read(message as ZabMessage);
  }

  writable(): void {
    this.#blocked = false;
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused !== undefined) this.#put(refused);
    if (this.#stage === 'snapshot') this.#host.env.wake('serve');
    else this.#drain();
  }

  closed(_link: LinkId, _reason: CloseReason): void {
    this.#end();
  }

  /** Ends the connection; the learner sees it close. */
  close(): void {
    if (this.#stage === 'closed') return;
    this.#host.links.close(this.#link);
    this.#end();
  }

  /**
   * The `read` timer: nothing was heard for as long as the socket's timeout. Who sends a snapshot reads
   * nothing.
   */
  readTimedOut(): void {
    if (this.#stage === 'closed' || this.#stage === 'snapshot') return;
    const silentUs = this.#host.env.now() - this.#heardUs;
    if (silentUs >= this.#readTimeoutUs) this.close();
    else this.#host.env.setTimer('read', this.#readTimeoutUs - silentUs, this.slot);
  }

  /** LEADERINFO, once the epoch is decided and durable. */
  offer(epoch: number): void {
    if (this.#stage !== 'epoch-decision') return;
    this.#stage = 'ack-epoch';
    this.#heardUs = this.#host.env.now();
    this.#put({ kind: 'leader-info', epoch });
  }

  /** A quorum acked the epoch: from here on the learner is brought up to date and forwarded to. */
  synchronize(): void {
    if (this.#stage !== 'epoch-quorum') return;
    const { env } = this.#host;
    const plan = this.#desk.beginForwarding(this, this.#lastZxid);
    const { mode } = plan;
    if (!this.#desk.throttler.begin(mode, !this.#observing)) {
      env.report({ kind: 'sync-refused', server: env.self, learner: this.#sid, mode });
      this.close();
      return;
    }
    this.#syncing = mode;
    env.report({
      kind: 'sync-chosen',
      server: env.self,
      learner: this.#sid,
      mode,
      from: this.#lastZxid,
      zxid: plan.zxid,
    });
    if (mode !== 'snap') {
      this.#endSync();
      return;
    }
    if (this.#host.config.rules.newLeaderFirst) this.#queueNewLeader();
    // The snapshot goes straight to the socket, with the zxid of this instant; the queue waits behind it.
    this.#stage = 'snapshot';
    const { database } = this.#host;
    this.#put({ kind: 'snap', zxid: database.lastProcessed });
    this.#cursor = database.machine.capture();
    env.wake('serve');
  }

  /**
   * The `serve` stage's turn: one more piece of the snapshot, while transactions go on. Whether there is more
   * to do.
   */
  serveSnapshot(): boolean {
    if (this.#stage !== 'snapshot' || this.#blocked) return false;
    const chunk = this.#cursor?.next();
    if (chunk !== undefined) {
      this.#put({ kind: 'snapshot-piece', chunk });
      return true;
    }
    this.#cursor = undefined;
    this.#put({ kind: 'snapshot-end' });
    this.#endSync();
    return false;
  }

  /** UPTODATE, once the leader serves. */
  welcome(): void {
    if (this.#stage !== 'new-leader-quorum') return;
    const { env, config } = this.#host;
    this.#stage = 'broadcast';
    this.#endThrottled();
    this.#syncLimit.start();
    this.#readTimeoutUs = config.settings.syncLimit * config.settings.tickTimeUs;
    this.#heardUs = env.now();
    env.setTimer('read', this.#readTimeoutUs, this.slot);
    this.send({ kind: 'up-to-date' });
    env.report({ kind: 'up-to-date-sent', server: env.self, learner: this.#sid, epoch: this.#desk.epoch });
  }

  /** Queues a packet for the learner. */
  send(message: ZabMessage): void {
    if (this.#sending && this.#queue.length === 0 && !this.#blocked) {
      if (this.#host.env.send(this.#link, message)) return;
      this.#blocked = true;
    }
    this.#queue.push(message);
  }

  /** Queues a transaction that is already committed. */
  sendCommitted(record: TxnRecord): void {
    this.send({ kind: 'proposal', record });
    this.send({ kind: 'commit', zxid: record.position });
  }

  /** Queues a proposal, whose ack is watched. */
  propose(message: ZabMessage, zxid: Zxid, nowUs: number): void {
    this.#syncLimit.proposed(zxid, nowUs);
    this.send(message);
  }

  /** The half-tick's PING, unless the sender has not started or the learner acks too slowly. */
  ping(nowUs: number): void {
    if (!this.#sending) return;
    if (this.#syncLimit.exceeded(nowUs)) this.close();
    else this.send({ kind: 'ping', zxid: this.#desk.lastProposed, touches: NO_TOUCHES });
  }

  #read(message: ZabMessage): void {
    switch (this.#stage) {
      case 'learner-info':
        if (message.kind === 'follower-info' || message.kind === 'observer-info') this.#onInfo(message);
        else this.#unexpected(message);
        return;
      case 'ack-epoch':
        if (message.kind === 'ack-epoch') this.#onAckEpoch(message);
        else this.#unexpected(message);
        return;
      case 'new-leader-ack':
        if (message.kind === 'ack') this.#onNewLeaderAck(message.zxid);
        else this.#unexpected(message);
        return;
      case 'broadcast':
        this.#onPacket(message);
        return;
      default:
        this.#unexpected(message);
    }
  }

  #onInfo(message: LearnerInfo): void {
    this.#sid = message.sid;
    this.#observing = message.kind === 'observer-info';
    this.#stage = 'epoch-decision';
    this.#desk.learnerConnected(this, message.acceptedEpoch);
  }

  #onAckEpoch(message: AckEpoch): void {
    this.#lastZxid = message.lastZxid;
    this.#stage = 'epoch-quorum';
    if (!this.#desk.epochAcked(this, message)) this.close();
  }

  /** The history is queued: NEWLEADER goes behind it, and the sender starts (ZOOKEEPER-3104). */
  #endSync(): void {
    const behindSnapshot = this.#stage === 'snapshot';
    this.#stage = 'new-leader-ack';
    this.#heardUs = this.#host.env.now();
    this.#host.env.setTimer('read', this.#readTimeoutUs, this.slot);
    if (!behindSnapshot || !this.#host.config.rules.newLeaderFirst) this.#queueNewLeader();
    this.#sending = true;
    this.#drain();
  }

  #queueNewLeader(): void {
    this.#queue.push({ kind: 'new-leader', epoch: this.#desk.epoch });
  }

  #onNewLeaderAck(zxid: Zxid): void {
    const { env } = this.#host;
    if (zxid !== makeZxid(this.#desk.epoch, 0)) {
      env.report({ kind: 'ack-unmatched', server: env.self, from: this.#sid, zxid });
    }
    this.#stage = 'new-leader-quorum';
    this.#desk.newLeaderAcked(this, zxid);
  }

  #onPacket(message: ZabMessage): void {
    this.ackDeadline = this.#desk.tick + this.#host.config.settings.syncLimit;
    switch (message.kind) {
      case 'ack':
        this.#syncLimit.acked(message.zxid);
        this.#desk.acked(this.#sid, message.zxid);
        return;
      case 'ping':
        if (message.touches.length > 0) this.#host.frontend.touched(message.touches);
        return;
      case 'request':
        this.#desk.requested(message, this);
        return;
      case 'revalidate':
        this.#revalidate(message);
        return;
      default:
        this.#unexpected(message);
    }
  }

  #revalidate(touch: Touch): void {
    const valid = this.#host.frontend.revalidate(touch, this.number);
    this.send({ kind: 'revalidated', session: touch.session, valid });
  }

  #unexpected(message: ZabMessage): void {
    const { env } = this.#host;
    env.report({
      kind: 'message-unexpected',
      server: env.self,
      from: this.#sid,
      message: message.kind,
      state: this.#stage,
    });
    if (this.#stage !== 'broadcast') this.close();
  }

  /** Past the queue: LEADERINFO and the snapshot are written by the handler itself. */
  #put(message: ZabMessage): void {
    if (this.#host.env.send(this.#link, message)) return;
    this.#refused = message;
    this.#blocked = true;
  }

  #drain(): void {
    if (!this.#sending || this.#blocked) return;
    const queue = this.#queue;
    let sent = 0;
    while (sent < queue.length) {
      const message = queue[sent];
      if (message !== undefined && !this.#host.env.send(this.#link, message)) {
        this.#blocked = true;
        break;
      }
      sent++;
    }
    this.#queue = sent === queue.length ? [] : queue.slice(sent);
  }

  #end(): void {
    if (this.#stage === 'closed') return;
    this.#stage = 'closed';
    this.#queue = [];
    this.#endThrottled();
    this.#host.env.cancelTimer('read', this.slot);
    this.#desk.removed(this);
  }

  #endThrottled(): void {
    if (this.#syncing !== undefined) this.#desk.throttler.end(this.#syncing);
    this.#syncing = undefined;
  }
}
