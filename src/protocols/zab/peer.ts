import { unreachable } from '../../core/assert.ts';
import { epochOf, type Zxid } from '../../core/zxid.ts';
import type { ServingRole } from '../../node/content.ts';
import type { NodeEvent } from '../../node/events.ts';
import type { NodeId } from '../../node/ids.ts';
import type { NodeView, Participant } from '../../node/protocol.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { Frontend, Gateway, Service } from '../../node/service.ts';
import { ClientPort } from './client-port.ts';
import type { ZabConfig } from './config.ts';
import { Database } from './database.ts';
import { Durability } from './durability.ts';
import { Election, type ElectionHost } from './election.ts';
import { ElectionLinks } from './election-links.ts';
import { EpochFiles } from './epoch-files.ts';
import { Leader } from './leader.ts';
import { Learner } from './learner.ts';
import { LinkTable } from './link-table.ts';
import type { ServerState, WireMessage } from './messages.ts';
import { RecoveryError } from './recovery-error.ts';
import type { RoleHost } from './role.ts';
import { type Candidate, NOT_A_VOTE, type Vote, voteFor } from './vote.ts';
import type { ZabEnv } from './zab-env.ts';

/** ExitCode.TXNLOG_ERROR_TAKING_SNAPSHOT: ZooKeeperServer.takeSnapshot. */
const NO_SNAPSHOT = 'the disk cannot take a snapshot';
/** How long a server looks for a leader before it serves read-only, at least (QuorumPeer.run). */
const READ_ONLY_AFTER_US = 2_000_000;

/**
 * One server, for one incarnation: it reads its disk, then looks for a leader and leads, follows or observes,
 * over and over. A role keeps its state while it shuts down, and goes on answering elections with its vote;
 * looking begins when nothing of the role but snapshots is on its way to the disk any more. Election state
 * and memory live across roles. Source: QuorumPeer.
 */
export class Peer implements Participant<WireMessage>, ElectionHost, RoleHost {
  readonly env: ZabEnv;
  readonly config: ZabConfig;
  readonly quorums: QuorumSystem;
  readonly durability = new Durability();
  readonly database: Database;
  readonly epochs: EpochFiles;
  readonly links: LinkTable;
  readonly frontend: Frontend;
  readonly #electionLinks: ElectionLinks;
  readonly #election: Election;
  readonly #clientPort: ClientPort;
  readonly #observes: boolean;

  state: ServerState = 'looking';
  currentVote: Vote;
  #role: Leader | Learner | undefined;
  #leaving = false;
  /** Whether the processors of the role that ends are being ended. */
  #closing = false;
  #exited = false;
  /** Whether clients that only read are served, while there is no leader. */
  #readOnly = false;
  /** The last role, whose log may still be busy (ZOOKEEPER-4712). */
  #outlived: Leader | Learner | undefined;
  /** Writes that a start or a reload waits for. */
  #restoring = 0;

  constructor(config: ZabConfig, env: ZabEnv, service: Service) {
    this.env = env;
    this.config = config;
    this.quorums = config.quorums;
    this.#observes = !config.quorums.isVoter(env.self);
    this.database = new Database(env, config, this.durability, service.machine, () => this.exit(NO_SNAPSHOT));
    this.epochs = new EpochFiles(env, this.durability, config.rules);
    this.links = new LinkTable(env);
    this.#clientPort = new ClientPort(this.links);
    this.frontend = service.frontend(this.#gateway());
    this.currentVote = voteFor(candidate(env.self, 0, 0), -1, 'looking', 2);
    this.#electionLinks = new ElectionLinks(env, config, this.links, (from, n) =>
      this.#election.receive(from, n),
    );
    this.#election = new Election(env, config, this.#electionLinks, this);
  }

  handle(event: NodeEvent<WireMessage>): void {
    if (this.#exited) return;
    try {
      this.#dispatch(event);
    } catch (error) {
      if (!(error instanceof RecoveryError)) throw error;
      this.exit(error.message);
    }
  }

  #dispatch(event: NodeEvent<WireMessage>): void {
    switch (event.kind) {
      case 'received':
        this.links.owner(event.link)?.received(event.link, event.message);
        return;
      case 'turn':
        this.#onTurn(event.stage);
        return;
      case 'synced':
        if (this.#role?.synced(event.ticket) || this.durability.synced(event.ticket)) this.#goOn();
        else this.#outlived?.synced(event.ticket);
        return;
      case 'timer':
        this.#onTimer(event.timer, event.subject);
        return;
      case 'opened':
        this.#onOpened(event);
        return;
      case 'closed':
        this.links.gone(event.link)?.closed(event.link, event.reason);
        return;
      case 'writable':
        this.links.owner(event.link)?.writable(event.link);
        return;
      case 'failed':
        if (this.#role?.failed(event.ticket) || this.durability.failed(event.ticket, event.error))
          this.#goOn();
        else this.#outlived?.failed(event.ticket);
        return;
      case 'started':
        this.#start();
        return;
      case 'posted':
        return;
      case 'asked':
        return;
      default:
        unreachable(event);
    }
  }

  inspect(): NodeView {
    return {
      state: this.state,
      acceptedEpoch: this.epochs.accepted,
      currentEpoch: this.epochs.current,
      lastZxid: this.database.lastProcessed,
      lastCommitted: this.#role === undefined ? 0 : Math.max(0, this.#role.lastCommitted),
      serves: this.#clientPort.serves,
    };
  }

  // --- For the election ---

  decided(vote: Vote): void {
    this.#endReadOnly();
    this.currentVote = vote;
    this.state = vote.state;
    if (!this.env.work(vote.leader === this.env.self ? 'make-leader' : 'make-learner')) this.#begin();
  }

  /** The role that the election decided: with a leader its port opens, a learner dials. */
  #begin(): void {
    const { leader } = this.currentVote;
    this.#role =
      leader === this.env.self
        ? new Leader(this, this.#election.supporters)
        : new Learner(this, leader, this.#observes);
  }

  heardLooking(sid: NodeId): void {
    this.#role?.heardLooking(sid);
  }

  // --- For the role ---

  settle(epoch: number): void {
    this.currentVote = this.config.rules.settledVote(this.currentVote, epoch);
  }

  serve(role: ServingRole): void {
    this.frontend.open(role);
    if (role !== 'leading' || this.config.settings.leaderServes) this.#clientPort.serve(this.frontend, role);
  }

  leave(): void {
    this.#leaving = true;
    this.#clientPort.close();
    this.frontend.close();
    this.#role?.shutdown(() => this.#goOn());
  }

  discardUnsynced(): void {
    if (this.config.rules.forgetsRefused) this.database.clear();
    const cut = this.database.log.discardUnsynced();
    // Nobody was told of what goes: should the cut fail as well, it is a tail like any that a crash leaves.
    const goOn = () => this.#goOn();
    if (cut !== undefined) this.durability.when(cut, goOn, goOn);
  }

  // --- Start, roles, looking ---

  #start(): void {
    this.env.listen('client');
    this.#load();
  }

  /**
   * Reads the disk; goes on to look for a leader when what had to be written is durable. A disk that refuses
   * that ends a process that starts, and no other: upstream writes nothing between two roles.
   */
  #load(): void {
    const tickets = [...this.database.recover()];
    tickets.push(...this.epochs.load(epochOf(this.database.lastProcessed)));
    this.#restoring = tickets.length;
    let refused = false;
    const done = () => {
      this.#restoring--;
      if (this.#restoring > 0) return;
      if (!refused) this.#restored();
      else if (this.#outlived === undefined) this.exit('the disk cannot be written');
      else this.#load();
    };
    const failed = () => {
      refused = true;
      done();
    };
    for (const ticket of tickets) this.durability.when(ticket, done, failed);
    if (tickets.length === 0) this.#restored();
  }

  #restored(): void {
    this.database.recovered();
    const raised = this.epochs.raise();
    const refused = () => this.exit('currentEpoch cannot be written');
    if (raised === undefined) this.#join();
    else this.durability.when(raised, () => this.#join(), refused);
  }

  #join(): void {
    // Elections are taken part in only by a server that has read its disk (QuorumPeer.startLeaderElection).
    if (this.#outlived === undefined) this.currentVote = voteFor(this.#ownCandidate(), -1, 'looking', 2);
    this.env.listen('election');
    this.#look();
  }

  #ownCandidate(): Candidate {
    return candidate(this.env.self, this.database.lastProcessed, this.epochs.current);
  }

  /**
   * Something that was waited for is over: if a role is ending and nothing of it is left, look for a leader.
   */
  #goOn(): void {
    const role = this.#role;
    if (!this.#leaving || role === undefined || this.durability.pending > 0 || !role.drained) return;
    if (this.#closing) return;
    this.#closing = role.served && this.env.work('end-role');
    if (!this.#closing) this.#end(role);
  }

  /** Nothing is left of a role. */
  #end(role: Leader | Learner): void {
    this.#closing = false;
    this.#leaving = false;
    this.#outlived = role;
    this.#role = undefined;
    this.database.abandonSnapshot();
    if (this.database.loaded && role.served) this.config.rules.fastForward(this.database);
    if (this.database.loaded) {
      this.#look();
    } else {
      this.state = 'looking';
      this.#election.expect();
      this.#load();
    }
  }

  #look(): void {
    this.state = 'looking';
    const { readOnlyMode, tickTimeUs } = this.config.settings;
    if (readOnlyMode) this.env.setTimer('read-only', Math.max(READ_ONLY_AFTER_US, tickTimeUs));
    if (!this.#observes) {
      this.#election.start(this.#ownCandidate());
      return;
    }
    this.#election.expect();
    // Only who has observed waits (Observer.waitForObserverElectionDelay).
    const mostUs = this.#outlived === undefined ? 0 : this.config.settings.observerElectionDelayUs;
    this.env.setTimer('observer-delay', this.env.draw(mostUs + 1));
  }

  /** A leader was found: whoever read here without one is sent away. */
  #endReadOnly(): void {
    this.env.cancelTimer('read-only');
    if (!this.#readOnly) return;
    this.#readOnly = false;
    this.#clientPort.close();
    this.frontend.close();
  }

  #onTimer(timer: string, subject: number): void {
    switch (timer) {
      case 'notification':
        this.#election.quiet();
        return;
      case 'finalize':
        this.#election.finalize();
        return;
      case 'dial':
        this.#electionLinks.dialTimedOut(subject as NodeId);
        return;
      case 'read-only':
        this.#readOnly = true;
        this.serve('read-only');
        return;
      case 'observer-delay':
        this.#election.start(candidate(NOT_A_VOTE as NodeId, NOT_A_VOTE as Zxid, NOT_A_VOTE));
        return;
      case 'session-expiry':
      case 'reaper':
      case 'idle':
        this.frontend.timer(timer);
        return;
      default:
        this.#role?.timer(timer, subject);
    }
  }

  #onTurn(stage: string): void {
    if (stage === 'loopback') this.#election.loopback();
    else if (stage === 'snapshot') this.database.continueSnapshot();
    else if (stage === 'request') this.frontend.turn();
    else if (stage === 'make-leader' || stage === 'make-learner') this.#begin();
    else if (stage === 'end-role') {
      if (this.#role !== undefined) this.#end(this.#role);
    } else if (!this.#leaving) this.#role?.turn(stage);
  }

  #onOpened(event: Extract<NodeEvent<WireMessage>, { kind: 'opened' }>): void {
    const { link, port, peer } = event;
    const owner = this.links.owner(link);
    if (owner !== undefined) owner.opened(link, peer);
    else if (peer !== undefined) this.env.close(link);
    else if (port === 'client') this.#clientPort.opened(link);
    else if (port === 'election') {
      this.links.adopt(link, this.#electionLinks);
      this.#electionLinks.opened(link, undefined);
    } else if (this.#role instanceof Leader && !this.#leaving) this.#role.accept(link);
    else this.env.close(link);
  }

  #gateway(): Gateway {
    const { env } = this;
    return {
      self: env.self,
      now: () => env.now(),
      wallMs: () => env.wallMs(),
      submit: (request) => this.#role?.submit(request, false),
      ordersBarriers: true,
      barrier: (request) => this.#role?.submit(request, true),
      consult: (touch) => this.#role?.consult(touch),
      send: (link, message) => env.send(link, message),
      close: (link) => this.#clientPort.drop(link),
      lastApplied: () => this.database.lastProcessed,
      setTimer: (timer, afterUs) => env.setTimer(timer, afterUs),
      cancelTimer: (timer) => env.cancelTimer(timer),
      wake: () => env.wake('request'),
      report: (fact) => env.report(fact),
    };
  }

  exit(reason: string): void {
    this.#exited = true;
    this.env.exit(reason);
  }
}

function candidate(leader: NodeId, zxid: number, peerEpoch: number): Candidate {
  return { leader, zxid: zxid as Zxid, peerEpoch };
}
