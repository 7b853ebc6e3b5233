import { epochOf } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import type { RaftHost } from './host.ts';
import type { AskVote, VoteAnswer } from './messages.ts';
import type { Caller } from './peers.ts';

/**
 * Elections (§5.2): a server that hears of no leader first asks whether it would be elected (pre-vote, thesis
 * §9.6), so that one that was cut off does not depose a leader with its high term; then it begins a term,
 * votes for itself, and asks for votes.
 */
export class Election {
  readonly #host: RaftHost;
  /** What is being asked about; `term` is that of the question. */
  #campaign: { readonly pre: boolean; readonly term: number; readonly tally: Tally } | undefined;
  #transfer = false;

  constructor(host: RaftHost) {
    this.#host = host;
  }

  /** Whether votes are being asked for. */
  get campaigning(): boolean {
    return this.#campaign !== undefined;
  }

  /** The election ended, or another server leads. */
  end(): void {
    this.#campaign = undefined;
  }

  /** Asks whether an election would be won. */
  askFirst(): void {
    const { config, env, store } = this.#host;
    this.#transfer = false;
    this.#campaign = { pre: true, term: store.term + 1, tally: store.members.quorums.tally() };
    config.rules.count(this.#campaign.tally, env.self);
    if (this.#campaign.tally.hasQuorum()) this.#stand();
    else this.#askAll();
  }

  /** The leader asked for it: as if nothing were heard of one, but without a pre-vote (thesis §3.10). */
  standNow(): void {
    this.#transfer = true;
    this.#stand();
    this.#host.resetElectionTimer();
  }

  /** A connection to a peer is there: it may not have been asked. */
  reachable(peer: NodeId): void {
    if (this.#campaign !== undefined && this.#host.store.members.isVoter(peer)) this.#ask(peer);
  }

  #stand(): void {
    const host = this.#host;
    const { env, store } = host;
    this.#campaign = undefined;
    host.adopt(store.term + 1, env.self, () => {
      const { term, log } = store;
      const tally = store.members.quorums.tally();
      this.#campaign = { pre: false, term, tally };
      const { last: zxid } = log;
      const vote = { leader: env.self, zxid, peerEpoch: epochOf(zxid), electionEpoch: term };
      env.report({ kind: 'looking', server: env.self, ...vote });
      this.#report(env.self, term);
      env.report({ kind: 'epoch-offered', server: env.self, epoch: term });
      host.config.rules.count(tally, env.self);
      if (tally.hasQuorum()) this.#win();
      else this.#askAll();
    });
  }

  #askAll(): void {
    for (const peer of this.#host.store.members.current.voters) {
      if (peer !== this.#host.env.self) this.#ask(peer);
    }
  }

  #ask(peer: NodeId): void {
    const campaign = this.#campaign;
    if (campaign === undefined) return;
    const { pre, term } = campaign;
    const last = this.#host.store.log.last;
    this.#host.peers.ask(peer, { kind: 'ask-vote', pre, term, last, transfer: this.#transfer });
  }

  /** A candidate asks. */
  onAsked(caller: Caller, message: AskVote): void {
    const host = this.#host;
    const { config, store, peers } = host;
    const { term, votedFor, log } = store;
    const { pre, last } = message;
    const candidate = caller.peer;
    const refuse = () => peers.answer(caller, { kind: 'vote', pre, term: store.term, granted: false });
    // Whether the own log knows the candidate as a voter does not matter: it may be behind (thesis §4.1).
    if (config.rules.disregards(host.leaderAlive(), message.transfer)) {
      refuse();
      return;
    }
    const granted = config.rules.grants(
      { term, votedFor, last: log.last },
      { candidate, term: message.term, last, transfer: message.transfer },
    );
    if (pre) {
      // A question about a term that is not newer is no question: its candidate has to learn of this one.
      if (granted && message.term > term) {
        peers.answer(caller, { kind: 'vote', pre, term: message.term, granted });
      } else refuse();
      return;
    }
    if (message.term < term || (!granted && message.term === term)) {
      refuse();
      return;
    }
    const isNew = granted && (message.term > term || votedFor !== candidate);
    const answer = () => {
      if (granted) this.#reportGranted(candidate, message);
      if (granted) host.resetElectionTimer();
      peers.answer(caller, { kind: 'vote', pre, term: message.term, granted });
    };
    if (!granted || isNew) host.adopt(message.term, granted ? candidate : (0 as NodeId), answer);
    else answer();
  }

  /** A vote, or a refusal. */
  onAnswer(from: NodeId, message: VoteAnswer): void {
    const host = this.#host;
    const { store, config } = host;
    if (!message.granted && message.term > store.term) {
      host.adopt(message.term, 0 as NodeId, () => host.resetElectionTimer());
      return;
    }
    const campaign = this.#campaign;
    if (campaign === undefined || campaign.pre !== message.pre || campaign.term !== message.term) return;
    if (!message.granted) return;
    config.rules.count(campaign.tally, from);
    if (!campaign.tally.hasQuorum()) return;
    if (campaign.pre) this.#stand();
    else this.#win();
  }

  #win(): void {
    this.#campaign = undefined;
    this.#host.lead();
  }

  #reportGranted(candidate: NodeId, { term, last }: AskVote): void {
    const { env } = this.#host;
    const vote = { leader: candidate, zxid: last, peerEpoch: epochOf(last), electionEpoch: term };
    env.report({ kind: 'vote-changed', server: env.self, ...vote });
    this.#report(candidate, term);
  }

  /** A vote is the promise of a term to a candidate. */
  #report(candidate: NodeId, epoch: number): void {
    const { env, store } = this.#host;
    const lastZxid = store.durablePosition;
    env.report({
      kind: 'epoch-acked',
      server: env.self,
      leader: candidate,
      epoch,
      currentEpoch: epochOf(lastZxid),
      lastZxid,
    });
  }
}
