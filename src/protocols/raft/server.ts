import { unreachable } from '../../core/assert.ts';
import { counterOf, epochOf, type Zxid } from '../../core/zxid.ts';
import type { ClientMessage, ServingRole } from '../../node/content.ts';
import type { NodeEvent } from '../../node/events.ts';
import type { LinkId, NodeId, Ticket } from '../../node/ids.ts';
import type { NodeView, Participant } from '../../node/protocol.ts';
import type { Frontend, Service } from '../../node/service.ts';
import { ClientPort } from './client-port.ts';
import { electionTimeoutUs, type RaftConfig } from './config.ts';
import { Election } from './election.ts';
import { Follower } from './follower.ts';
import { Gate } from './gate.ts';
import { gatewayOf } from './gateway.ts';
import type { RaftHost } from './host.ts';
import { Leader } from './leader.ts';
import type { RaftEnv, RaftMessage, WireMessage } from './messages.ts';
import { type Caller, type LineHost, Peers } from './peers.ts';
import { RecoveryError } from './recovery-error.ts';
import { Store } from './store.ts';

/**
 * One server, for one incarnation: it reads its disk, then follows, or stands for election, or leads. While a
 * term, a vote or an installed snapshot is on its way to the disk, nothing is answered: what comes meanwhile
 * waits. A disk that refuses a write ends the process, as etcd's does: what is durable is then unknown.
 */
export class Server implements Participant<WireMessage>, RaftHost, LineHost {
  readonly env: RaftEnv;
  readonly config: RaftConfig;
  readonly store: Store;
  readonly peers: Peers;
  readonly frontend: Frontend;
  readonly others: readonly NodeId[];
  readonly #clientPort: ClientPort;
  readonly #election: Election;
  commitIndex = 0;
  #leader: Leader | undefined;
  #follower: Follower | undefined;
  /** Local µs when a leader was heard last; −∞ when it is known to be gone. */
  #heardUs = -Infinity;
  readonly #gate = new Gate((link, message) => this.#read(link, message));
  #exited = false;

  constructor(config: RaftConfig, env: RaftEnv, service: Service) {
    this.env = env;
    this.config = config;
    const members = [...config.quorums.voters, ...config.observers].sort((a, b) => a - b);
    this.others = members.filter((member) => member !== env.self);
    this.store = new Store(env, config, service.machine);
    this.peers = new Peers(env, config, this);
    this.#clientPort = new ClientPort(env);
    this.frontend = service.frontend(
      gatewayOf(this, {
        leader: () => this.#leader,
        follower: () => this.#follower,
        leave: (because) => this.#leave(because),
        close: (link) => this.#clientPort.drop(link),
      }),
    );
    this.#election = new Election(this);
  }

  handle(event: NodeEvent<WireMessage>): void {
    if (this.#exited) return;
    try {
      this.#dispatch(event);
    } catch (error) {
      if (!(error instanceof RecoveryError)) throw error;
      this.#exit(error.message);
    }
  }

  #dispatch(event: NodeEvent<WireMessage>): void {
    switch (event.kind) {
      case 'received':
        this.#onReceived(event.link, event.message);
        return;
      case 'synced':
        this.#onSynced(event.ticket);
        return;
      case 'timer':
        this.#onTimer(event.timer, event.subject);
        return;
      case 'turn':
        if (event.stage === 'request') this.frontend.turn();
        return;
      case 'opened':
        if (event.port === 'client') this.#clientPort.opened(event.link);
        else this.peers.opened(event);
        return;
      case 'closed':
        if (this.#clientPort.has(event.link)) this.#clientPort.closed(event.link, event.reason);
        else this.peers.closed(event.link, event.reason);
        return;
      case 'writable':
        if (this.#clientPort.has(event.link)) this.#clientPort.writable(event.link);
        else this.peers.writable(event.link);
        return;
      case 'failed':
        this.#exit(`the disk cannot be written: ${event.error}`);
        return;
      case 'started':
        this.#start();
        return;
      case 'asked':
        event.taken = this.#leader?.wanted(event.request, event.subject) === true;
        return;
      case 'posted':
        return;
      default:
        unreachable(event);
    }
  }

  inspect(): NodeView {
    const { term, log } = this.store;
    const following = this.store.members.isVoter(this.env.self) ? 'following' : 'observing';
    const state =
      this.#leader !== undefined ? 'leading' : this.#follower === undefined ? 'looking' : following;
    return {
      state,
      acceptedEpoch: term,
      currentEpoch: epochOf(log.last),
      lastZxid: log.last,
      lastCommitted: log.positionAt(this.commitIndex) ?? this.store.lastApplied,
    };
  }

  // --- Start ---

  #start(): void {
    this.env.listen('client');
    const tickets = this.store.recover();
    this.commitIndex = this.store.appliedIndex;
    this.#gate.awaitAll(tickets, () => this.#join());
  }

  #join(): void {
    this.#look();
    this.peers.start([this.env.self, ...this.others]);
    this.resetElectionTimer();
  }

  /** There is no leader that this server knows of. */
  #look(): void {
    const { env } = this;
    env.report({ kind: 'looking', server: env.self, leader: env.self, ...this.#vote() });
  }

  /** What this server's vote would say of it. */
  #vote(): { readonly electionEpoch: number; readonly zxid: Zxid; readonly peerEpoch: number } {
    const { term, log } = this.store;
    return { electionEpoch: term, zxid: log.last, peerEpoch: epochOf(log.last) };
  }

  // --- The disk ---

  #onSynced(ticket: Ticket): void {
    if (this.#gate.synced(ticket)) return;
    if (this.store.log.synced(ticket)) {
      if (this.#leader !== undefined) this.#leader.logged();
      else if (!this.#gate.busy) this.#follower?.answerDurable();
    } else this.store.synced(ticket, this.#leader?.needed ?? Infinity);
  }

  adopt(term: number, votedFor: NodeId, next: () => void): void {
    const { env } = this;
    const isNew = term > this.store.term;
    if (isNew) this.#endRole('a newer term began');
    const ticket = this.store.promise(term, votedFor);
    const promised = () => {
      if (isNew) env.report({ kind: 'epoch-accepted', server: env.self, epoch: term });
      next();
    };
    if (this.config.rules.waitsForPromise()) this.#gate.block(ticket, promised);
    else promised();
  }

  // --- Messages ---

  #onReceived(link: LinkId, message: WireMessage): void {
    if (this.#clientPort.has(link)) this.#clientPort.received(link, message as ClientMessage);
    else this.#gate.pass(link, message as RaftMessage);
  }

  #read(link: LinkId, message: RaftMessage): void {
    if (this.#exited) return;
    const peer = this.peers.peerOf(link);
    if (peer !== undefined) {
      this.peers.heard(peer);
      this.#onAnswer(peer, message);
      return;
    }
    const caller = this.peers.callerOf(link);
    if (caller !== undefined) this.#onAsked(caller, message);
  }

  /** On a connection that this server dialled. */
  #onAnswer(peer: NodeId, message: RaftMessage): void {
    switch (message.kind) {
      case 'vote':
        this.#election.onAnswer(peer, message);
        return;
      case 'appended':
        if (message.term === this.store.term) this.#leader?.onAppended(peer, message);
        return;
      case 'newer-term':
        if (message.term > this.store.term) this.adopt(message.term, 0 as NodeId, () => undefined);
        return;
      case 'read-indexed':
        if (this.#follower?.leader === peer) this.#follower.onReadIndexed(message.index);
        return;
      case 'revalidated':
        if (this.#follower?.leader === peer) this.frontend.revalidated(message.session, message.valid);
        return;
      default:
        this.#unexpected(peer, message);
    }
  }

  /** On a connection that a peer dialled. */
  #onAsked(caller: Caller, message: RaftMessage): void {
    switch (message.kind) {
      case 'hello':
        this.peers.greeted(caller, message.sid);
        return;
      case 'ask-vote':
        this.#election.onAsked(caller, message);
        return;
      case 'append':
      case 'snapshot':
      case 'snapshot-piece':
      case 'snapshot-end':
        this.#fromLeader(caller, message);
        return;
      case 'timeout-now':
        if (message.term === this.store.term && this.store.members.mayStand && this.#leader === undefined) {
          this.#election.standNow();
        }
        return;
      case 'request':
      case 'read-index':
      case 'revalidate':
        this.#leader?.asked(caller, message);
        return;
      default:
        this.#unexpected(caller.peer, message);
    }
  }

  #fromLeader(caller: Caller, message: Extract<RaftMessage, { readonly term: number }>): void {
    const { store, config } = this;
    if (config.rules.isOld(message.term, store.term)) {
      this.peers.answer(caller, { kind: 'newer-term', term: store.term });
      return;
    }
    if (message.term > store.term) {
      this.adopt(message.term, 0 as NodeId, () => this.#fromLeader(caller, message));
      return;
    }
    if (this.#leader !== undefined) {
      this.#unexpected(caller.peer, message);
      return;
    }
    this.follow(caller.peer);
    const follower = this.#follower;
    if (follower === undefined) return;
    if (message.kind === 'append') follower.onAppend(caller, message);
    else if (message.kind === 'snapshot') follower.onSnapshotBegin(message);
    else if (message.kind === 'snapshot-piece') follower.onSnapshotPiece(message);
    else if (message.kind === 'snapshot-end') this.#install(caller, follower);
  }

  #install(caller: Caller, follower: Follower): void {
    const snapshot = follower.onSnapshotEnd(caller);
    if (snapshot === undefined) return;
    const { zxid } = snapshot;
    let heir = follower;
    if (follower.serving) {
      // What lies between is never applied here: no client that waits for it would get an answer.
      this.#leave('a snapshot is needed');
      this.follow(caller.peer);
      heir = this.#follower ?? follower;
    }
    this.commitIndex = counterOf(zxid);
    this.#gate.block(this.store.install(caller.peer, snapshot), () => {
      this.store.installed(zxid);
      if (this.#follower === heir) heir.installed(caller, zxid);
    });
  }

  #unexpected(from: NodeId, message: RaftMessage): void {
    const { env } = this;
    const { state } = this.inspect();
    env.report({ kind: 'message-unexpected', server: env.self, from, message: message.kind, state });
  }

  // --- Roles ---

  follow(leader: NodeId): void {
    const { env, store } = this;
    this.#heardUs = env.now();
    this.#election.end();
    const known = this.#follower?.leader === leader;
    this.#follower ??= new Follower(this, leader);
    this.resetElectionTimer();
    if (known) return;
    const { term, durablePosition: lastZxid } = store;
    env.report({ kind: 'leader-followed', server: env.self, leader, ...this.#vote(), settled: true });
    // −1: the promise was made, or not, when votes were given.
    env.report({ kind: 'epoch-acked', server: env.self, leader, epoch: term, currentEpoch: -1, lastZxid });
  }

  lead(): void {
    const { env } = this;
    const won = { leader: env.self, ...this.#vote(), settled: false };
    env.report({ kind: 'leader-elected', server: env.self, ...won });
    env.cancelTimer('election');
    this.#leader = new Leader(this);
    this.#leader.start();
  }

  stepDown(because: string): void {
    this.#endRole(because);
    this.#look();
    this.resetElectionTimer();
  }

  /** Whatever this server is to others ends. */
  #endRole(because: string): void {
    const { env, store } = this;
    this.#election.end();
    this.#leave(because);
    if (this.#leader === undefined) return;
    this.#leader.end();
    this.#leader = undefined;
    env.report({ kind: 'leader-resigned', server: env.self, epoch: store.term, because });
    this.unserve();
    this.resetElectionTimer();
  }

  #leave(because: string): void {
    const follower = this.#follower;
    if (follower === undefined) return;
    const { env } = this;
    this.#follower = undefined;
    env.report({ kind: 'leader-left', server: env.self, leader: follower.leader, because });
    if (follower.serving) this.unserve();
  }

  // --- Time ---

  leaderAlive(): boolean {
    if (this.#leader !== undefined) return true;
    return this.env.now() - this.#heardUs < electionTimeoutUs(this.config.settings);
  }

  resetElectionTimer(): void {
    if (!this.store.members.mayStand && this.#follower === undefined) return;
    const timeoutUs = electionTimeoutUs(this.config.settings);
    this.env.setTimer('election', timeoutUs + this.env.draw(timeoutUs));
  }

  #onTimer(timer: string, subject: number): void {
    switch (timer) {
      case 'election':
        this.#onSilence();
        return;
      case 'heartbeat':
      case 'hand-over':
        this.#leader?.timer(timer);
        return;
      case 'dial':
      case 'redial':
      case 'answer':
        this.peers.timer(timer, subject as NodeId);
        return;
      case 'session-expiry':
      case 'reaper':
      case 'idle':
        this.frontend.timer(timer);
        return;
      default:
    }
  }

  /** No leader was heard for an election timeout. */
  #onSilence(): void {
    if (this.#leader !== undefined) return;
    if (!this.#gate.busy) {
      if (this.#follower !== undefined) {
        this.#leave('nothing was heard from the leader');
        this.#look();
      }
      if (this.store.members.mayStand) this.#election.askFirst();
    }
    this.resetElectionTimer();
  }

  // --- Connections ---

  reachable(peer: NodeId): void {
    this.#leader?.reachable(peer);
    if (!this.#gate.busy) this.#election.reachable(peer);
  }

  unreachable(peer: NodeId, told: boolean): void {
    this.#leader?.unreachable(peer);
    if (this.#follower?.leader !== peer) return;
    // What clients asked the leader for on this connection may be lost.
    if (this.#follower.serving) this.#leave('the connection to the leader ended');
    if (!told) return;
    // Its end was closed, or its process is gone: no need to wait out an election timeout. Should it live,
    // the others refuse the pre-vote.
    this.#heardUs = -Infinity;
    const halfTickUs = Math.ceil(this.config.settings.tickTimeUs / 2);
    if (this.store.members.mayStand) this.env.setTimer('election', 1 + this.env.draw(halfTickUs));
  }

  // --- Applying, and clients ---

  commitTo(index: number): void {
    const { store } = this;
    while (this.commitIndex < index) {
      const record = store.log.entry(this.commitIndex + 1);
      if (record === undefined) return;
      this.commitIndex++;
      const result = store.apply(record);
      if (result !== undefined) this.frontend.applied(record, result, record.position);
    }
    store.members.commit(this.commitIndex);
    this.#follower?.applied();
  }

  serve(role: ServingRole): void {
    this.frontend.open(role);
    if (role !== 'leading' || this.config.settings.leaderServes) this.#clientPort.serve(this.frontend);
  }

  unserve(): void {
    this.#clientPort.serve(undefined);
    this.frontend.close();
    this.store.machine.forget();
  }

  #exit(reason: string): void {
    this.#exited = true;
    this.env.exit(reason);
  }
}
