import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem, Tally } from '../node/quorum.ts';

/**
 * Votes older than so many of their sender are forgotten; whoever forgot some is then taken at the others'
 * word.
 */
const KEPT = 256;

interface SentVote {
  readonly round: number;
  readonly leader: NodeId;
  readonly zxid: number;
  readonly peerEpoch: number;
  readonly decided: boolean;
}

/**
 * The votes that each server ever sent, for E-1: a decision may rest on a vote that its sender has changed
 * since, or that an earlier process of it sent.
 */
export class SentVotes {
  readonly #votes = new Map<NodeId, SentVote[]>();
  readonly #forgot = new Set<NodeId>();
  readonly #decided = new Map<NodeId, Set<NodeId>>();

  /** @param decided whether it was the sender's decision, which it answers to those who still look */
  add(sid: NodeId, round: number, leader: NodeId, zxid: number, peerEpoch: number, decided: boolean): void {
    let votes = this.#votes.get(sid);
    if (votes === undefined) {
      votes = [];
      this.#votes.set(sid, votes);
    }
    votes.push({ round, leader, zxid, peerEpoch, decided });
    if (votes.length > 2 * KEPT) {
      votes.splice(0, KEPT);
      this.#forgot.add(sid);
    }
    if (!decided) return;
    let leaders = this.#decided.get(sid);
    if (leaders === undefined) {
      leaders = new Set();
      this.#decided.set(sid, leaders);
    }
    leaders.add(leader);
  }

  /** Whether a quorum sent exactly this vote in this round. */
  hasQuorum(quorums: QuorumSystem, round: number, leader: NodeId, zxid: number, peerEpoch: number): boolean {
    return this.#count(
      quorums,
      round,
      (vote) =>
        vote.round === round && vote.leader === leader && vote.zxid === zxid && vote.peerEpoch === peerEpoch,
    );
  }

  /** Whether a quorum chose this leader, in whatever round, or voted for it in this one. */
  hasSettledQuorum(quorums: QuorumSystem, round: number, leader: NodeId): boolean {
    return this.#isSettled(quorums, round, leader, false);
  }

  /**
   * Whether a quorum may have answered somebody who does not vote with this leader: with what it decided
   * last, and before its first decision with itself. Source: WorkerReceiver.run,
   * QuorumPeer.startLeaderElection.
   */
  mayMislead(quorums: QuorumSystem, round: number, leader: NodeId): boolean {
    return this.#isSettled(quorums, round, leader, true);
  }

  #isSettled(quorums: QuorumSystem, round: number, leader: NodeId, itself: boolean): boolean {
    const tally = quorums.tally();
    for (const sid of quorums.voters) {
      if ((itself && sid === leader) || this.everDecided(sid, leader)) tally.add(sid);
    }
    if (tally.hasQuorum()) return true;
    return this.#count(
      quorums,
      round,
      (vote) => vote.leader === leader && (vote.decided || vote.round === round),
    );
  }

  /** Whether the server ever decided for this leader. */
  everDecided(sid: NodeId, leader: NodeId): boolean {
    return this.#decided.get(sid)?.has(leader) ?? false;
  }

  #count(quorums: QuorumSystem, round: number, fits: (vote: SentVote) => boolean): boolean {
    const tally: Tally = quorums.tally();
    for (const sid of quorums.voters) {
      const votes = this.#votes.get(sid);
      if (votes === undefined) continue;
      const oldest = votes[0];
      if (votes.some(fits) || (this.#forgot.has(sid) && oldest !== undefined && oldest.round > round))
        tally.add(sid);
    }
    return tally.hasQuorum();
  }
}
