import type { Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import { chooseSync, type LeaderHistory, type SyncPlan } from './sync.ts';
import { type Candidate, isBetterVote, type Vote } from './vote.ts';

/**
 * The decisions and steps that ZooKeeper's history got wrong at some time, each under its name. This record
 * holds the correct ones, written where they belong; a behaviour of another release replaces some of them. It
 * is the one place where behaviours differ: protocol code asks the rule and knows no releases.
 */
export interface ZabRules {
  /** Whether candidate `a` beats `b`; `weight` is that of `a`'s leader (ZOOKEEPER-1419). */
  readonly isBetterVote: (a: Candidate, b: Candidate, weight: number) => boolean;
  /** Whether a vote of round `theirs` is too old to count in round `mine`. */
  readonly isOldRound: (theirs: number, mine: number) => boolean;
  /** The round was raised: what becomes of the votes received so far. */
  readonly raiseRound: (votes: Map<NodeId, Vote>) => void;
  /**
   * The epoch to propose, when `proposed` was the guess so far and a server has accepted `accepted`
   * (ZOOKEEPER-1343).
   */
  readonly raiseEpoch: (proposed: number, accepted: number) => number;
  /** Counts a server towards a quorum of discovery or of acks: a voter, once (ZOOKEEPER-2959, -1294). */
  readonly count: (tally: Tally, sid: NodeId) => boolean;
  /** Whether a learner's history is ahead of the leader's: such a learner is refused at ACKEPOCH. */
  readonly isAhead: (learner: History, leader: History) => boolean;
  /** How a learner catches up (ZOOKEEPER-962, -1154, -2033, -2099). */
  readonly chooseSync: (peer: Zxid, history: LeaderHistory) => SyncPlan;
  /**
   * Whether the leader, having sent a learner back to `upTo`, forgets the acks that it gave for later
   * proposals.
   */
  readonly retractsAcks: (mode: SyncPlan['mode']) => boolean;
  /** How many ticks a learner may be silent before it was synced (ZOOKEEPER-1697). */
  readonly firstDeadlineTicks: (initLimit: number, syncLimit: number) => number;
  /** The zxid at which a leader steps down instead of proposing (ZOOKEEPER-1277). */
  readonly isLastCounter: (counter: number) => boolean;
}

/** What an ACKEPOCH says of a server's history. */
export interface History {
  readonly currentEpoch: number;
  readonly lastZxid: Zxid;
}

/** The correct rules. */
export const FIXED_RULES: ZabRules = Object.freeze({
  isBetterVote,
  isOldRound: (theirs: number, mine: number) => theirs < mine,
  raiseRound: (votes: Map<NodeId, Vote>) => votes.clear(),
  raiseEpoch: (proposed: number, accepted: number) => (accepted >= proposed ? accepted + 1 : proposed),
  count: (tally: Tally, sid: NodeId) => tally.add(sid),
  isAhead: (learner: History, leader: History) =>
    learner.currentEpoch > leader.currentEpoch ||
    (learner.currentEpoch === leader.currentEpoch && learner.lastZxid > leader.lastZxid),
  chooseSync,
  // A tail that is cut, or replaced by a snapshot, may hold proposals of this very term that the learner has
  // acked on an earlier connection. It will not have them on its disk until it acks them again (no JIRA; open
  // upstream).
  retractsAcks: (mode: SyncPlan['mode']) => mode !== 'diff',
  firstDeadlineTicks: (initLimit: number, syncLimit: number) => initLimit + syncLimit,
  isLastCounter: (counter: number) => counter === 0xffffffff,
});
