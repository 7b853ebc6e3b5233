import type { Zxid } from '../../core/zxid.ts';
import type { Txn } from '../../node/content.ts';
import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem, Tally } from '../../node/quorum.ts';
import type { Result } from '../../node/service.ts';
import type { EndOfSync } from './end-of-sync.ts';
import type { ServerState, SyncOrder, TxnRecord } from './messages.ts';
import { chooseSync, type LeaderHistory, type SyncPlan } from './sync.ts';
import { type Candidate, isBetterVote, sameVote, type Vote } from './vote.ts';

/**
 * The decisions and steps that ZooKeeper's history got wrong at some time, each under its name. This record
 * holds the correct ones, written where they belong; a behaviour of another release replaces some of them. It
 * is the one place where behaviours differ: protocol code asks the rule and knows no releases.
 */
export interface ZabRules {
  // --- Election ---
  /** Whether candidate `a` beats `b`; `weight` is that of `a`'s leader (ZOOKEEPER-1419). */
  readonly isBetterVote: (a: Candidate, b: Candidate, weight: number) => boolean;
  /** Whether a vote of round `theirs` is too old to count in round `mine`. */
  readonly isOldRound: (theirs: number, mine: number) => boolean;
  /** The round was raised: what becomes of the votes received so far. */
  readonly raiseRound: (votes: Map<NodeId, Vote>) => void;
  /**
   * Whether the votes received end the round: after the wait for a better one, or at once (ZOOKEEPER-975).
   */
  readonly endsRound: (
    votes: ReadonlyMap<NodeId, Vote>,
    mine: Tally,
    voters: number,
  ) => 'no' | 'soon' | 'now';
  /** Whether two votes count for the same outcome (ZOOKEEPER-1732). */
  readonly sameVote: (a: Vote, b: Vote) => boolean;
  /** Whether the vote of a server that has decided, in this round, counts in it (ZOOKEEPER-480). */
  readonly countsDecided: (state: ServerState) => boolean;
  /** What a settled server's vote is once the ensemble is established in `epoch` (ZOOKEEPER-1732). */
  readonly settledVote: (vote: Vote, epoch: number) => Vote;
  /**
   * Whether the elected leader itself confirms a decision; `round` is this server's (ZOOKEEPER-480, -975).
   */
  readonly leaderAgrees: (
    decision: Candidate & { readonly electionEpoch: number },
    votes: ReadonlyMap<NodeId, Vote>,
    self: NodeId,
    round: number,
  ) => boolean;

  // --- Discovery ---
  /**
   * The epoch to propose, when `proposed` was the guess so far and a server has accepted `accepted`
   * (ZOOKEEPER-1343).
   */
  readonly raiseEpoch: (proposed: number, accepted: number) => number;
  /** Counts a server towards a quorum: a voter, once. */
  readonly count: (tally: Tally, sid: NodeId) => boolean;
  /** Who is counted in discovery (ZOOKEEPER-2959), and at each tick (ZOOKEEPER-1294). */
  readonly epochTally: (quorums: QuorumSystem) => Tally;
  readonly aliveTally: (quorums: QuorumSystem) => Tally;
  /** The leader's promise of its own epoch, and its LEADERINFO to the others (ZOOKEEPER-1291). */
  readonly promiseEpoch: (persist: (done: () => void) => void, offer: () => void) => void;
  /** Whether a leader that offers an epoch speaks of it in its next vote (ZOOKEEPER-790). */
  readonly claimsOfferedEpoch: boolean;
  /** Whether a learner's history is ahead of the leader's: such a learner is refused at ACKEPOCH. */
  readonly isAhead: (learner: History, leader: History) => boolean;
  /** Whether a start can go on when a logged transaction came to this in memory (ZOOKEEPER-1573). */
  readonly isReplayable: (txn: Txn, result: Result) => boolean;
  /** currentEpoch at a start: what the file says, and the epoch of the last transaction (ZOOKEEPER-1653). */
  readonly epochAtStart: (stored: number | undefined, logged: number) => number;

  // --- Synchronization: the leader ---
  /** How a learner catches up (ZOOKEEPER-962, -1154, -2033, -2099). */
  readonly chooseSync: (peer: Zxid, history: LeaderHistory) => SyncPlan;
  /** Whether what is committed and not yet applied is history in that choice (ZOOKEEPER-5094). */
  readonly countsUnapplied: boolean;
  /** Whether a learner is forwarded to from the instant on at which that was chosen (ZOOKEEPER-962). */
  readonly forwardsAtOnce: boolean;
  /** Whether NEWLEADER is put into the queue before a snapshot is sent, not behind it (ZOOKEEPER-3104). */
  readonly newLeaderFirst: boolean;
  /** Whether NEWLEADER is one of the proposals under vote, which joiners are sent (ZOOKEEPER-1324). */
  readonly newLeaderIsProposal: boolean;
  /**
   * Whether the leader, having sent a learner back to `upTo`, forgets the acks that it gave for later
   * proposals.
   */
  readonly retractsAcks: (mode: SyncPlan['mode']) => boolean;
  /** Until which tick a learner counts that connects at `tick`, and is not heard further (ZOOKEEPER-1697). */
  readonly firstDeadline: (tick: number, initLimit: number, syncLimit: number) => number;
  /** Whether the leader's own ack of NEWLEADER may be the one that makes the quorum (ZOOKEEPER-1144). */
  readonly ownAckOpens: boolean;

  // --- Synchronization: the learner ---
  /** What a learner does at once when it is told DIFF, TRUNC or SNAP (ZOOKEEPER-2355). */
  readonly beginSync: (order: SyncOrder, memory: Memory) => void;
  /** How many of a file's records a TRUNC to `zxid` keeps (ZOOKEEPER-1156). */
  readonly keptRecords: (records: readonly { readonly position: number }[], zxid: Zxid) => number;
  /** Whether snapshots newer than the target of a TRUNC go with the log (ZOOKEEPER-1549, -4837). */
  readonly truncatesSnapshots: boolean;
  /** Whether a log ends where TRUNC wanted: at `last` it ends. */
  readonly isCutRight: (last: Zxid, wanted: Zxid) => boolean;
  /** Whether a server exits that has nothing to cut (ZOOKEEPER-2033). */
  readonly exitsWithoutTail: boolean;
  /** Whether a snapshot from a leader takes the place of the log, too (ZOOKEEPER-2099, -2832). */
  readonly snapshotReplacesLog: boolean;
  /** In which order a learner answers NEWLEADER (ZOOKEEPER-1282, -3911, -4643, -4646, -4685). */
  readonly endSync: (end: EndOfSync) => void;
  /** Whether what a DIFF brought is applied before NEWLEADER is acked (ZOOKEEPER-3023). */
  readonly appliesHistory: boolean;
  /** Whether what a synchronization brings takes effect at the learner (ZOOKEEPER-1367, -5010). */
  readonly syncApplies: (txn: Txn) => boolean;
  /** Whether a learner can take a COMMIT between NEWLEADER and UPTODATE (ZOOKEEPER-4394). */
  readonly takesCommit: (notLogged: readonly TxnRecord[]) => boolean;
  /** UPTODATE came: what is still to be done before this server serves (ZOOKEEPER-1282). */
  readonly beginServing: (end: EndOfSync, serve: () => void) => void;
  /** Whether what was committed between NEWLEADER and UPTODATE is logged (ZOOKEEPER-1264). */
  readonly logsEarlyCommits: boolean;

  // --- Broadcast ---
  /** The zxid at which a leader steps down instead of proposing (ZOOKEEPER-1277). */
  readonly isLastCounter: (counter: number) => boolean;
  /** Whether the last zxid is raised before the transaction goes into memory (ZOOKEEPER-1090). */
  readonly raisesZxidFirst: boolean;
  /** Whether a leader steps down when its disk refuses its log (ZOOKEEPER-2247). */
  readonly heedsDiskError: boolean;
  /** Whether what the disk refused goes from memory as it goes from the log (ZOOKEEPER-4882). */
  readonly forgetsRefused: boolean;

  // --- The end of a role ---
  /** Whether a role ends only once its log's thread has (ZOOKEEPER-4712). */
  readonly awaitsLog: boolean;
  /** Whether a learner in this mode leaves memory that the disk does not have (ZOOKEEPER-3642). */
  readonly forgetsSnapshot: boolean;
  /** The same of what follows a TRUNC (ZOOKEEPER-5094). */
  readonly forgetsTruncated: boolean;
  /** After a role, what was logged and not applied goes into memory, as after a restart (ZOOKEEPER-2845). */
  readonly fastForward: (memory: Memory) => void;
}

/** What an ACKEPOCH says of a server's history. */
export interface History {
  readonly currentEpoch: number;
  readonly lastZxid: Zxid;
}

/** A server's memory, as far as rules deal with it. */
export interface Memory {
  moveTo(zxid: Zxid): void;
  fastForward(): void;
}

/** The correct rules. */
export const FIXED_RULES: ZabRules = Object.freeze({
  isBetterVote,
  isOldRound: (theirs: number, mine: number) => theirs < mine,
  raiseRound: (votes: Map<NodeId, Vote>) => votes.clear(),
  endsRound: (_votes: ReadonlyMap<NodeId, Vote>, mine: Tally) => (mine.hasQuorum() ? 'soon' : 'no'),
  sameVote,
  countsDecided: () => true,
  settledVote: ({ leader, zxid, electionEpoch, state, version }: Vote, epoch: number): Vote => ({
    leader,
    zxid,
    peerEpoch: epoch,
    electionEpoch,
    state,
    version,
  }),
  // The leader must say that it leads; if it is this server, the round must be its own.
  leaderAgrees: (
    { leader, electionEpoch }: Candidate & { readonly electionEpoch: number },
    votes: ReadonlyMap<NodeId, Vote>,
    self: NodeId,
    round: number,
  ) => (leader === self ? round === electionEpoch : votes.get(leader)?.state === 'leading'),

  raiseEpoch: (proposed: number, accepted: number) => (accepted >= proposed ? accepted + 1 : proposed),
  count: (tally: Tally, sid: NodeId) => tally.add(sid),
  epochTally: (quorums: QuorumSystem) => quorums.tally(),
  aliveTally: (quorums: QuorumSystem) => quorums.tally(),
  // Durable before any LEADERINFO leaves.
  promiseEpoch: (persist: (done: () => void) => void, offer: () => void) => persist(offer),
  claimsOfferedEpoch: false,
  isAhead: (learner: History, leader: History) =>
    learner.currentEpoch > leader.currentEpoch ||
    (learner.currentEpoch === leader.currentEpoch && learner.lastZxid > leader.lastZxid),
  // A transaction of a newer epoch than currentEpoch means a crash between the sync of a joiner's log or
  // snapshot and the write of its epoch file. ZooKeeper refuses to start then (ZOOKEEPER-1653, -2354, still
  // open); but the log is a prefix of that epoch's history and holds all of its initial history, so taking
  // the
  // epoch over is safe.
  isReplayable: () => true,
  epochAtStart: (stored: number | undefined, logged: number) => Math.max(stored ?? logged, logged),

  chooseSync,
  countsUnapplied: true,
  forwardsAtOnce: true,
  newLeaderFirst: false,
  newLeaderIsProposal: false,
  // A tail that is cut, or replaced by a snapshot, may hold proposals of this very term that the learner has
  // acked on an earlier connection. It will not have them on its disk until it acks them again (no JIRA; open
  // upstream).
  retractsAcks: (mode: SyncPlan['mode']) => mode !== 'diff',
  firstDeadline: (tick: number, initLimit: number, syncLimit: number) => tick + initLimit + syncLimit,
  ownAckOpens: true,

  beginSync: () => {},
  keptRecords: (records: readonly { readonly position: number }[], zxid: Zxid) => {
    let keep = 0;
    while (keep < records.length && (records[keep]?.position ?? 0) <= zxid) keep++;
    return keep;
  },
  truncatesSnapshots: true,
  isCutRight: (last: Zxid, wanted: Zxid) => last === wanted,
  exitsWithoutTail: false,
  snapshotReplacesLog: true,
  // The history becomes durable, then currentEpoch, then the ack goes out. A crash between the first two
  // leaves a server with more than its epoch says; one the other way round would outrank its own log in
  // the next election (ZOOKEEPER-4643, -4646, -4785). Only committed transactions are logged here; the
  // others follow UPTODATE, so that no ack of theirs overtakes this one (ZOOKEEPER-4394, -4685).
  endSync: (end: EndOfSync) => end.persist(() => end.adoptEpoch(() => end.ack())),
  appliesHistory: true,
  syncApplies: () => true,
  takesCommit: () => true,
  beginServing: (_end: EndOfSync, serve: () => void) => serve(),
  logsEarlyCommits: true,

  isLastCounter: (counter: number) => counter === 0xffffffff,
  raisesZxidFirst: false,
  heedsDiskError: true,
  forgetsRefused: true,

  awaitsLog: true,
  forgetsSnapshot: true,
  forgetsTruncated: true,
  fastForward: (memory: Memory) => memory.fastForward(),
});
