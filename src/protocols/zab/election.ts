import { Fifo } from '../../core/fifo.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import { FINALIZE_WAIT_US, type ZabConfig } from './config.ts';
import type { ElectionLinks } from './election-links.ts';
import type { Notification, ServerState } from './messages.ts';
import { type Candidate, supporters, type Vote, voteFor } from './vote.ts';
import type { ZabEnv } from './zab-env.ts';

/** What an election needs of the server that holds it. */
export interface ElectionHost {
  /** The server's state as it tells its peers. It stays a role's state until that role has shut down. */
  readonly state: ServerState;
  /** What the server last decided, or its own candidacy before the first decision. */
  readonly currentVote: Vote;
  /** The round is over: become what the vote says, in one step. */
  decided(vote: Vote): void;
  /** A voter that looks for a leader came up while this server leads (ZOOKEEPER-3109). */
  heardLooking(sid: NodeId): void;
}

/** More than come together before the order of votes is wrong. */
const OWN_VOTES_A_TURN = 16;

/**
 * Fast leader election. Every looking server broadcasts its vote and changes it whenever it hears of a better
 * one; when a quorum agrees with its vote and nothing better comes for 200 ms, the round is over. A server
 * that has decided answers a looking one with its decision, and a quorum of such answers, the leader's among
 * them, also ends a round. The logical clock numbers the rounds, lives in memory only, and is adopted from
 * whoever is ahead.
 *
 * Phases: `idle` (not looking), `queueing` (looking, but the round has not begun), `collecting`
 * (lookForLeader's poll with notTimeout), `finalizing` (its poll with finalizeWait). Source:
 * FastLeaderElection.
 */
export class Election {
  readonly #env: ZabEnv;
  readonly #config: ZabConfig;
  readonly #links: ElectionLinks;
  readonly #host: ElectionHost;

  /** The logical clock; 0 again after a restart. */
  #electionEpoch = 0;
  #phase: 'idle' | 'queueing' | 'collecting' | 'finalizing' = 'idle';
  #initial: Candidate;
  #proposal: Candidate;
  /** Votes of this round, by sender. */
  readonly #received = new Map<NodeId, Vote>();
  /** Votes of servers that have decided, whatever their round. */
  readonly #settled = new Map<NodeId, Vote>();
  #supporters: Tally;
  #notTimeoutUs = 0;
  /**
   * Notifications that came before the round began, and this server's own, which go through the loop-back.
   */
  #queue: { readonly from: NodeId; readonly notification: Notification }[] = [];
  readonly #loopback = new Fifo<Notification>();

  constructor(env: ZabEnv, config: ZabConfig, links: ElectionLinks, host: ElectionHost) {
    this.#env = env;
    this.#config = config;
    this.#links = links;
    this.#host = host;
    this.#supporters = config.quorums.tally();
    this.#initial = host.currentVote;
    this.#proposal = host.currentVote;
  }

  /** Who voted for this server when it won. */
  get supporters(): Tally {
    return this.#supporters;
  }

  /** The server looks for a leader but waits before its round (an observer's random delay). */
  expect(): void {
    this.#phase = 'queueing';
  }

  /** Begins a round with this server's own candidacy. */
  start(initial: Candidate): void {
    this.#electionEpoch++;
    this.#initial = initial;
    this.#proposal = initial;
    this.#received.clear();
    this.#settled.clear();
    this.#notTimeoutUs = this.#config.settings.minNotificationIntervalUs;
    this.#phase = 'collecting';
    this.#reportVote('looking');
    this.#broadcast();
    this.#env.setTimer('notification', this.#notTimeoutUs);
    const queued = this.#queue;
    this.#queue = [];
    for (const { from, notification } of queued) this.#consider(from, notification);
  }

  /** The receive worker: it runs in every state. */
  receive(from: NodeId, n: Notification): void {
    const host = this.#host;
    if (!this.#config.quorums.isVoter(from)) {
      // An observer or a stranger is told what this server thinks; its own vote counts nowhere.
      this.#links.send(from, notification(host.state, host.currentVote, this.#electionEpoch));
      return;
    }
    if (host.state === 'looking') {
      if (n.state === 'looking' && n.electionEpoch < this.#electionEpoch) {
        this.#links.send(from, notification('looking', this.#proposal, this.#electionEpoch));
      }
      this.#consider(from, n);
    } else if (n.state === 'looking') {
      host.heardLooking(from);
      this.#links.send(from, notification(host.state, host.currentVote, host.currentVote.electionEpoch));
    }
  }

  /**
   * The `loopback` stage's turn: this server's own votes reach it like anybody's. Few at a time: under a
   * wrong order of votes each one may bring forth another, and time has to pass meanwhile (ZOOKEEPER-1419).
   */
  loopback(): void {
    const own: Notification[] = [];
    for (let n = this.#loopback.shift(); n !== undefined; n = this.#loopback.shift()) {
      own.push(n);
      if (own.length === OWN_VOTES_A_TURN) break;
    }
    if (this.#loopback.size > 0) this.#env.wake('loopback');
    for (const n of own) this.#consider(this.#env.self, n);
  }

  /** No notification came for notTimeout. */
  quiet(): void {
    if (this.#phase !== 'collecting') return;
    if (this.#links.haveDelivered()) this.#broadcast();
    else this.#links.connectAll();
    this.#notTimeoutUs = Math.min(2 * this.#notTimeoutUs, this.#config.settings.maxNotificationIntervalUs);
    this.#env.setTimer('notification', this.#notTimeoutUs);
  }

  /** Nothing better came for finalizeWait. */
  finalize(): void {
    if (this.#phase === 'finalizing') this.#finish(this.#proposal, this.#electionEpoch, false);
  }

  #consider(from: NodeId, n: Notification): void {
    switch (this.#phase) {
      case 'idle':
        return;
      case 'queueing':
        this.#queue.push({ from, notification: n });
        return;
      case 'collecting':
        this.#collect(from, n);
        // The poll begins anew after every notification, with the same patience.
        if (this.#phase === 'collecting') this.#env.setTimer('notification', this.#notTimeoutUs);
        return;
      case 'finalizing':
        // Anything but a better vote is discarded here, whatever its round or sender, and the wait begins
        // anew.
        if (!this.#beats(n, this.#proposal)) {
          this.#env.setTimer('finalize', FINALIZE_WAIT_US);
          return;
        }
        this.#env.cancelTimer('finalize');
        this.#phase = 'collecting';
        this.#consider(from, n);
    }
  }

  #collect(from: NodeId, n: Notification): void {
    const { quorums } = this.#config;
    if (!quorums.isVoter(from) || !quorums.isVoter(n.leader)) return;
    if (n.state === 'looking') this.#collectVote(from, n);
    else if (n.state !== 'observing') this.#collectDecision(from, n);
  }

  #collectVote(from: NodeId, n: Notification): void {
    // −1 means "possibly missing data": neither such a server nor its vote takes part (ZOOKEEPER-2836's
    // autocreate).
    if (this.#initial.zxid === -1 || n.zxid === -1) return;
    if (n.electionEpoch > this.#electionEpoch) {
      this.#electionEpoch = n.electionEpoch;
      this.#config.rules.raiseRound(this.#received);
      // Compared with the initial vote, not with the present proposal.
      this.#propose(this.#beats(n, this.#initial) ? n : this.#initial);
    } else if (this.#config.rules.isOldRound(n.electionEpoch, this.#electionEpoch)) {
      return;
    } else if (this.#beats(n, this.#proposal)) {
      this.#propose(n);
    }
    this.#received.set(from, voteFor(n, n.electionEpoch, 'looking', 0));
    const { rules, quorums } = this.#config;
    const wanted = voteFor(this.#proposal, this.#electionEpoch, 'looking', 0);
    this.#supporters = supporters(this.#received, wanted, quorums, rules.sameVote);
    const ends = rules.endsRound(this.#received, this.#supporters, quorums.voters.length);
    if (ends === 'now') this.#finish(this.#proposal, this.#electionEpoch, false);
    if (ends !== 'soon') return;
    this.#phase = 'finalizing';
    this.#env.cancelTimer('notification');
    this.#env.setTimer('finalize', FINALIZE_WAIT_US);
  }

  /**
   * A server that has decided told us. Source: FastLeaderElection.receivedFollowingNotification, checkLeader.
   */
  #collectDecision(from: NodeId, n: Notification): void {
    if (n.electionEpoch === this.#electionEpoch && this.#config.rules.countsDecided(n.state)) {
      this.#received.set(from, voteFor(n, n.electionEpoch, n.state, 0));
      if (this.#isDecided(this.#received, n)) {
        this.#finish(n, n.electionEpoch, true);
        return;
      }
    }
    this.#settled.set(from, voteFor(n, n.electionEpoch, n.state, 2));
    if (!this.#isDecided(this.#settled, n)) return;
    this.#electionEpoch = n.electionEpoch;
    this.#finish(n, n.electionEpoch, true);
  }

  #isDecided(votes: ReadonlyMap<NodeId, Vote>, n: Notification): boolean {
    const { rules, quorums } = this.#config;
    return (
      supporters(votes, voteFor(n, n.electionEpoch, n.state, 2), quorums, rules.sameVote).hasQuorum() &&
      rules.leaderAgrees(n, votes, this.#env.self, this.#electionEpoch)
    );
  }

  #beats(n: Candidate, other: Candidate): boolean {
    return this.#config.rules.isBetterVote(n, other, this.#config.quorums.weightOf(n.leader));
  }

  #propose(candidate: Candidate): void {
    this.#proposal = bare(candidate);
    this.#reportVote('vote-changed');
    this.#broadcast();
  }

  #broadcast(): void {
    const n = notification('looking', this.#proposal, this.#electionEpoch);
    for (const sid of this.#config.quorums.voters) {
      if (sid === this.#env.self) {
        this.#loopback.push(n);
        this.#env.wake('loopback');
      } else {
        this.#links.send(sid, n);
      }
    }
  }

  #finish(candidate: Candidate, electionEpoch: number, settled: boolean): void {
    const { self } = this.#env;
    this.#phase = 'idle';
    this.#loopback.clear();
    this.#env.cancelTimer('notification');
    this.#env.cancelTimer('finalize');
    const leads = candidate.leader === self;
    const state = leads ? 'leading' : this.#config.quorums.isVoter(self) ? 'following' : 'observing';
    this.#env.report({
      kind: leads ? 'leader-elected' : 'leader-followed',
      server: self,
      electionEpoch,
      leader: candidate.leader,
      zxid: candidate.zxid,
      peerEpoch: candidate.peerEpoch,
      settled,
    });
    this.#host.decided(voteFor(candidate, electionEpoch, state, 2));
  }

  #reportVote(kind: 'looking' | 'vote-changed'): void {
    this.#env.report({
      kind,
      server: this.#env.self,
      electionEpoch: this.#electionEpoch,
      leader: this.#proposal.leader,
      zxid: this.#proposal.zxid,
      peerEpoch: this.#proposal.peerEpoch,
    });
  }
}

function notification(state: ServerState, candidate: Candidate, electionEpoch: number): Notification {
  return {
    kind: 'notification',
    state,
    leader: candidate.leader,
    zxid: candidate.zxid,
    electionEpoch,
    peerEpoch: candidate.peerEpoch,
  };
}

function bare(candidate: Candidate): Candidate {
  return { leader: candidate.leader, zxid: candidate.zxid, peerEpoch: candidate.peerEpoch };
}
