import { epochOf, makeZxid, type Zxid } from '../../core/zxid.ts';
import { LOST_QUORUM, SUPPORTER_LOOKS } from '../../node/facts.ts';
import type { LinkId, NodeId, Ticket } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import type { Request } from '../../node/service.ts';
import { Audience, remove } from './audience.ts';
import { CommitStage } from './commit-stage.ts';
import { historyOf } from './leader-history.ts';
import { type LeaderDesk, LearnerHandler } from './learner-handler.ts';
import { LearnerSyncThrottler } from './learner-sync-throttler.ts';
import { LogStage } from './log-stage.ts';
import type { ForwardedRequest, TxnRecord } from './messages.ts';
import { PrepareStage, type Proposer } from './prepare-stage.ts';
import { acksNoProposal, Proposals } from './proposals.ts';
import type { Role, RoleHost } from './role.ts';
import type { History } from './rules.ts';
import type { SyncPlan } from './sync.ts';

/** Where ZooKeeper's main thread stands in `Leader.lead`. */
type Phase = 'loading' | 'discovery' | 'promising' | 'epoch-acks' | 'synchronization' | 'broadcast' | 'ended';

/**
 * A server that was elected. It hears a quorum and promises a new epoch (discovery), lets a quorum agree that
 * no history is ahead of its own, brings the learners up to date (synchronization), and serves once a quorum
 * has acked that (broadcast). It steps down when a wait outlasts initLimit, or when at a whole tick no quorum
 * was heard within syncLimit ticks. Source: Leader.lead; Zab (DSN 2011), phases 1 to 3.
 */
export class Leader implements Role, LeaderDesk, Proposer {
  readonly #host: RoleHost;
  /** Whoever voted for this server in the election, for ZOOKEEPER-3109. */
  readonly #supporters: Tally;
  readonly #logStage: LogStage;
  readonly #commitStage: CommitStage;
  #phase: Phase = 'loading';
  #history: History;
  readonly #handlers: LearnerHandler[] = [];
  readonly #audience = new Audience();
  readonly throttler: LearnerSyncThrottler;
  #proposedEpoch = -1;
  /** The epoch of this term, once it is durable; −1 before. */
  epoch = -1;
  #waitingSinceUs = 0;
  readonly #connected: Tally;
  readonly #electing: Tally;
  readonly #synced: Tally;
  #epochAdopted = false;
  readonly #prepareStage: PrepareStage;
  /** How many learners' connections there were. */
  #connections = 0;
  readonly #proposals = new Proposals();
  lastProposed = 0 as Zxid;
  lastCommitted = -1 as Zxid;
  tick = 0;
  #wholeTick = false;
  /** The disk refused a write: noticed at the next half tick, as ZooKeeper does (ZOOKEEPER-2247). */
  #broken = false;
  /** The connections have ended, but the main thread waits for the end of its half tick (Leader.propose). */
  #lingering = false;
  #left: (() => void) | undefined;
  drained = false;

  constructor(host: RoleHost, supporters: Tally) {
    this.#host = host;
    this.#supporters = supporters;
    const { env, database, quorums } = host;
    this.#logStage = new LogStage(
      host,
      (record) => this.#logged(record),
      () => {
        this.#broken = true;
      },
    );
    this.#commitStage = new CommitStage(env, database, host.frontend, host.config.rules);
    this.#prepareStage = new PrepareStage(host, this);
    this.#history = { currentEpoch: host.epochs.current, lastZxid: database.lastProcessed };
    const { rules, settings } = host.config;
    this.throttler = new LearnerSyncThrottler(settings);
    this.#connected = rules.epochTally(quorums);
    this.#electing = rules.epochTally(quorums);
    this.#synced = quorums.tally();
    env.listen('quorum');
    env.wake('lead');
  }

  // --- Events ---

  /** A learner dialled the quorum port. */
  accept(link: LinkId): void {
    let slot = 1;
    while (this.#handlers.some((handler) => handler.slot === slot)) slot++;
    const handler = new LearnerHandler(this.#host, this, link, slot, ++this.#connections);
    this.#handlers.push(handler);
    this.#host.links.adopt(link, handler);
    if (this.#phase !== 'loading') handler.start();
  }

  timer(timer: string, subject: number): void {
    if (timer === 'read') this.#handlers.find((handler) => handler.slot === subject)?.readTimedOut();
    else if (timer === 'tick') this.#onHalfTick();
    else if (timer === 'init-limit') this.#resign(`no quorum within initLimit, in ${this.#phase}`);
  }

  turn(stage: string): void {
    if (stage === 'lead') this.#load();
    else if (stage === 'start-leading') this.#open();
    else if (stage === 'prepare') this.#prepareStage.turn();
    else if (stage === 'commit' && this.#phase !== 'ended') this.#commitStage.turn();
    else if (stage === 'serve') this.#serveSnapshots();
  }

  synced(ticket: Ticket): boolean {
    return this.#logStage.synced(ticket);
  }

  failed(ticket: Ticket): boolean {
    return this.#logStage.failed(ticket);
  }

  /** A write, of this server's clients or forwarded: into the queue of the prepare stage. */
  submit(request: Request, barrier: boolean): void {
    this.#prepareStage.add({ kind: 'request', request, barrier }, undefined);
  }

  consult(): void {
    // A leader asks nobody: it answers for its own clients as it does for the learners'.
  }

  requested(message: ForwardedRequest, from: LearnerHandler): void {
    this.#prepareStage.add(message, from);
  }

  heardLooking(sid: NodeId): void {
    const { maxTimeToWaitForEpochUs } = this.#host.config.settings;
    if (maxTimeToWaitForEpochUs < 0 || this.#phase !== 'discovery' || !this.#supporters.has(sid)) return;
    if (this.#host.env.now() - this.#waitingSinceUs > maxTimeToWaitForEpochUs) {
      this.#resign(SUPPORTER_LOOKS);
    }
  }

  /**
   * Commits stop being applied, what is queued for the log is still logged (its acks may still commit), then
   * the learners' connections end.
   */
  shutdown(done: () => void): void {
    const { env } = this.#host;
    env.unlisten('quorum');
    env.cancelTimer('init-limit');
    if (!this.#lingering) env.cancelTimer('tick');
    this.#prepareStage.clear();
    this.#host.database.machine.forget();
    const drained = () => {
      for (const handler of [...this.#handlers]) handler.close();
      const left = () => {
        this.drained = true;
        done();
      };
      this.#left = left;
      if (!this.#lingering) left();
    };
    if (this.#host.config.rules.awaitsLog) this.#logStage.drain(drained);
    else drained();
  }

  get served(): boolean {
    return this.lastCommitted >= 0;
  }

  // --- Discovery ---

  /** Snapshot, accept loop, and the wait for a quorum of FOLLOWERINFO. */
  #load(): void {
    if (this.#phase !== 'loading') return;
    const { database, env, epochs } = this.#host;
    database.snapshotNow();
    this.#history = { currentEpoch: epochs.current, lastZxid: database.lastProcessed };
    this.#enter('discovery');
    this.#waitingSinceUs = env.now();
    for (const handler of [...this.#handlers]) handler.start();
    this.#countConnected(env.self, epochs.accepted);
  }

  learnerConnected(handler: LearnerHandler, acceptedEpoch: number): void {
    // A learner has one connection. Upstream lets an old one live on beside the new one until its socket
    // fails; acks that still arrive on it would then count for what the learner may since have cut from its
    // log.
    for (const other of [...this.#handlers])
      if (other !== handler && other.sid === handler.sid) other.close();
    if (this.epoch >= 0) handler.offer(this.epoch);
    else this.#countConnected(handler.sid, acceptedEpoch);
  }

  #countConnected(sid: NodeId, acceptedEpoch: number): void {
    if (this.#phase !== 'discovery') return;
    const { rules } = this.#host.config;
    const { env, epochs } = this.#host;
    this.#proposedEpoch = rules.raiseEpoch(this.#proposedEpoch, acceptedEpoch);
    rules.count(this.#connected, sid);
    if (!this.#connected.has(env.self) || !this.#connected.hasQuorum()) return;
    this.#phase = 'promising';
    env.cancelTimer('init-limit');
    const epoch = this.#proposedEpoch;
    const failed = () => this.#resign('acceptedEpoch could not be written');
    rules.promiseEpoch(
      (done) => epochs.setAccepted(epoch, done, failed),
      () => this.#offer(epoch),
    );
  }

  #offer(epoch: number): void {
    if (this.#phase !== 'promising') return;
    const { env, config, database } = this.#host;
    this.epoch = epoch;
    if (config.rules.claimsOfferedEpoch) database.moveTo(makeZxid(epoch, 0));
    env.report({ kind: 'epoch-accepted', server: env.self, epoch });
    env.report({ kind: 'epoch-offered', server: env.self, epoch });
    this.lastProposed = makeZxid(epoch, config.settings.initialCounter);
    this.#enter('epoch-acks');
    for (const handler of [...this.#handlers]) handler.offer(epoch);
    config.rules.count(this.#electing, env.self);
    this.#tryBeginSynchronization();
  }

  epochAcked(handler: LearnerHandler, history: History): boolean {
    if (this.#phase !== 'epoch-acks') {
      // Late comers skip the check: the initial history is decided.
      handler.synchronize();
      return true;
    }
    const { rules } = this.#host.config;
    if (history.currentEpoch !== -1) {
      if (rules.isAhead(history, this.#history)) return false;
      if (history.lastZxid !== -1) rules.count(this.#electing, handler.sid);
    }
    this.#tryBeginSynchronization();
    return true;
  }

  // --- Synchronization ---

  #tryBeginSynchronization(): void {
    const { env, epochs } = this.#host;
    if (!this.#electing.has(env.self) || !this.#electing.hasQuorum()) return;
    const { epoch } = this;
    this.#phase = 'synchronization';
    env.cancelTimer('init-limit');
    env.report({ kind: 'leader-synchronizing', server: env.self, epoch, zxid: this.#history.lastZxid });
    epochs.setCurrent(
      epoch,
      () => this.#adopted(epoch),
      () => this.#resign('currentEpoch could not be written'),
    );
    for (const handler of [...this.#handlers]) handler.synchronize();
  }

  /** currentEpoch is durable: only now does the leader's own ack of NEWLEADER count. */
  #adopted(epoch: number): void {
    if (this.#phase !== 'synchronization') return;
    const { env, config } = this.#host;
    this.#enter('synchronization');
    this.#epochAdopted = true;
    env.report({ kind: 'epoch-adopted', server: env.self, epoch });
    env.report({ kind: 'new-leader-acked', server: env.self, leader: env.self, epoch });
    config.rules.count(this.#synced, env.self);
    if (config.rules.ownAckOpens) this.#tryServe();
  }

  beginForwarding(handler: LearnerHandler, lastZxid: Zxid): SyncPlan {
    const { rules } = this.#host.config;
    const plan = rules.chooseSync(lastZxid, historyOf(this.#host, this.#commitStage));
    if (plan.mode !== 'snap') handler.send({ kind: plan.mode, zxid: plan.zxid });
    for (const record of plan.txns) handler.sendCommitted(record);
    if (this.lastProposed > plan.upTo) {
      for (const record of this.#commitStage.pending()) {
        if (record.position > plan.upTo) handler.sendCommitted(record);
      }
      if (rules.retractsAcks(plan.mode)) this.#proposals.retract(handler.sid, plan.upTo);
      if (!handler.observing) {
        const nowUs = this.#host.env.now();
        for (const { record } of this.#proposals.after(plan.upTo)) {
          handler.propose({ kind: 'proposal', record }, record.position, nowUs);
        }
      }
    }
    if (rules.newLeaderIsProposal && this.#phase === 'synchronization') {
      handler.send({ kind: 'new-leader', epoch: this.epoch });
    }
    if (rules.forwardsAtOnce) {
      this.#audience.join(handler);
    } else {
      this.#audience.joinLater(handler);
      this.#host.env.wake('serve');
    }
    return plan;
  }

  newLeaderAcked(handler: LearnerHandler, zxid: Zxid): void {
    if (this.#phase === 'broadcast') {
      handler.welcome();
      return;
    }
    if (zxid !== makeZxid(this.epoch, 0)) return;
    this.#host.config.rules.count(this.#synced, handler.sid);
    this.#tryServe();
  }

  #tryServe(): void {
    if (this.#phase !== 'synchronization' || !this.#epochAdopted || !this.#synced.hasQuorum()) return;
    const { env, database } = this.#host;
    env.cancelTimer('init-limit');
    this.#phase = 'broadcast';
    this.lastCommitted = makeZxid(this.epoch, 0);
    this.#host.settle(this.epoch);
    database.moveTo(makeZxid(this.epoch, 0));
    env.report({ kind: 'leader-established', server: env.self, epoch: this.epoch });
    if (!env.work('start-leading')) this.#open();
  }

  /** Its service runs: clients and learners are let in. */
  #open(): void {
    this.#host.serve('leading');
    for (const handler of [...this.#handlers]) handler.welcome();
    this.#host.env.setTimer('tick', Math.floor(this.#host.config.settings.tickTimeUs / 2));
  }

  #serveSnapshots(): void {
    this.#audience.admit();
    const busy = [...this.#handlers].filter((handler) => handler.serveSnapshot());
    if (busy.length > 0) this.#host.env.wake('serve');
  }

  // --- Broadcast: for the prepare stage ---

  get serving(): boolean {
    return this.#phase === 'broadcast';
  }

  get voting(): boolean {
    return this.#proposals.first() !== undefined;
  }

  reachedHere(): void {
    this.#commitStage.barrier();
  }

  /** The main thread only sees it when its half tick is over: until then nobody looks for another leader. */
  rollOver(): void {
    this.#lingering = true;
    this.#resign('zxid rollover');
  }

  propose(record: TxnRecord): void {
    const { env, quorums } = this.#host;
    this.lastProposed = record.position;
    this.#proposals.push(record, quorums.tally());
    const { position: zxid, digest } = record;
    env.report({ kind: 'txn-proposed', server: env.self, zxid, digest, record });
    this.#audience.propose(record, env.now());
    this.#logStage.log(record);
  }

  /** The leader's own ack: one vote among others, and only after its own sync. */
  #logged(record: TxnRecord): void {
    const { env } = this.#host;
    this.#logStage.testify(env.self, record.position);
    this.acked(env.self, record.position);
  }

  acked(sid: NodeId, zxid: Zxid): void {
    if (acksNoProposal(zxid)) return;
    const proposal = this.#proposals.find(zxid);
    if (proposal === undefined) {
      if (zxid > this.lastCommitted) {
        const { env } = this.#host;
        env.report({ kind: 'ack-unmatched', server: env.self, from: sid, zxid });
      }
      return;
    }
    if (this.#host.config.rules.count(proposal.acks, sid)) this.#tryCommit();
  }

  /** Strictly in zxid order: the oldest proposal that has its quorum, and those after it that have theirs. */
  #tryCommit(): void {
    for (let first = this.#proposals.first(); first?.acks.hasQuorum(); first = this.#proposals.first()) {
      this.#proposals.shift();
      this.#commit(first.record);
    }
  }

  #commit(record: TxnRecord): void {
    const { env } = this.#host;
    const zxid = record.position;
    this.lastCommitted = zxid;
    env.report({ kind: 'txn-committed', server: env.self, zxid });
    this.#audience.commit(record);
    this.#commitStage.commit(record);
    this.#prepareStage.committed(zxid);
  }

  /** Every half tick a PING; every whole tick the question whether a quorum is still there. */
  #onHalfTick(): void {
    const { env, config, quorums } = this.#host;
    if (this.#lingering) {
      this.#lingering = false;
      this.#left?.();
    }
    if (this.#phase !== 'broadcast') return;
    if (this.#wholeTick) this.tick++;
    if (this.#broken && config.rules.heedsDiskError) {
      this.#resign('disk error');
      return;
    }
    if (this.#wholeTick) {
      const alive = config.rules.aliveTally(quorums);
      alive.add(env.self);
      for (const handler of this.#handlers) {
        if (this.tick <= handler.ackDeadline) config.rules.count(alive, handler.sid);
      }
      if (!alive.hasQuorum()) {
        this.#resign(LOST_QUORUM);
        return;
      }
    }
    this.#wholeTick = !this.#wholeTick;
    const nowUs = env.now();
    for (const handler of [...this.#handlers]) handler.ping(nowUs);
    env.setTimer('tick', Math.floor(config.settings.tickTimeUs / 2));
  }

  removed(handler: LearnerHandler): void {
    remove(this.#handlers, handler);
    this.#audience.leave(handler);
  }

  /** Each wait of the main thread has an initLimit of its own: its own disk is none of them. */
  #enter(phase: Phase): void {
    const { env, config } = this.#host;
    this.#phase = phase;
    env.setTimer('init-limit', config.settings.initLimit * config.settings.tickTimeUs);
  }

  #resign(because: string): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    const { env } = this.#host;
    const epoch = this.epoch >= 0 ? this.epoch : epochOf(this.lastProposed);
    env.report({ kind: 'leader-resigned', server: env.self, epoch, because });
    this.#host.leave();
  }
}
