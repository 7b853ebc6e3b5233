import type { Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem, Tally } from '../../node/quorum.ts';
import type { ServerState } from './messages.ts';

/** Who should lead: a server with the epoch it last led or followed in, and its last zxid. */
export interface Candidate {
  readonly leader: NodeId;
  readonly zxid: Zxid;
  /** currentEpoch of `leader`. */
  readonly peerEpoch: number;
}

/** A candidate as a server voted for it, in a round of the election. */
export interface Vote extends Candidate {
  readonly electionEpoch: number;
  readonly state: ServerState;
  /** 0 in the record of this round, 2 in that of established servers: see `sameVote`. */
  readonly version: 0 | 2;
}

/** Makes a vote. */
export function voteFor(
  candidate: Candidate,
  electionEpoch: number,
  state: ServerState,
  version: 0 | 2,
): Vote {
  return {
    leader: candidate.leader,
    zxid: candidate.zxid,
    peerEpoch: candidate.peerEpoch,
    electionEpoch,
    state,
    version,
  };
}

/** The number in a non-voter's vote (`Long.MIN_VALUE`): it loses to every real one. */
export const NOT_A_VOTE = -0x8000000000000000;

/**
 * Whether `a` beats `b`: higher peerEpoch, then zxid, then sid. The round is no part of the order.
 * Source: FastLeaderElection.totalOrderPredicate; ZOOKEEPER-1419 for why it is lexicographic.
 *
 * @param weight of `a.leader`: a server of weight 0 never leads
 */
export function isBetterVote(a: Candidate, b: Candidate, weight: number): boolean {
  if (weight === 0) return false;
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  if (a.zxid !== b.zxid) return a.zxid > b.zxid;
  return a.leader > b.leader;
}

/**
 * Whether two votes count for the same outcome. A LOOKING vote must agree in everything; votes of servers
 * that have decided agree in the leader alone when their versions differ, else in leader and peerEpoch,
 * because they may have joined in different rounds (ZOOKEEPER-1732, -1805). Source:
 * FastLeaderElection.getVoteTracker, Vote.equals.
 */
export function sameVote(a: Vote, b: Vote): boolean {
  if (a.leader !== b.leader) return false;
  if (a.state === 'looking' || b.state === 'looking') {
    return a.zxid === b.zxid && a.electionEpoch === b.electionEpoch && a.peerEpoch === b.peerEpoch;
  }
  return a.version !== b.version || a.peerEpoch === b.peerEpoch;
}

/** The voters whose recorded vote counts for `vote`. */
export function supporters(
  votes: ReadonlyMap<NodeId, Vote>,
  vote: Vote,
  quorums: QuorumSystem,
  same: (a: Vote, b: Vote) => boolean,
): Tally {
  const tally = quorums.tally();
  for (const sid of quorums.voters) {
    const other = votes.get(sid);
    if (other !== undefined && same(vote, other)) tally.add(sid);
  }
  return tally;
}
