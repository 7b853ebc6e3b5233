import type { Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';

/** What a voter has promised, and holds. */
export interface Voter {
  readonly term: number;
  /** 0: nobody in this term. */
  readonly votedFor: NodeId;
  /** The position of its last entry. */
  readonly last: Zxid;
}

/** A candidate's question. */
export interface Candidacy {
  readonly candidate: NodeId;
  readonly term: number;
  readonly last: Zxid;
  /** The leader asked for it (thesis §3.10). */
  readonly transfer: boolean;
}

/**
 * The rules of the paper that safety rests on, each under its name: this record holds the correct ones. A
 * test replaces one of them to show which monitor finds out.
 */
export interface RaftRules {
  /**
   * Whether the voter gives its vote of the candidate's term: once in a term, never to a log that is behind
   * (§5.2, §5.4.1).
   */
  readonly grants: (voter: Voter, candidacy: Candidacy) => boolean;
  /** The vote that is written, and found again after a restart: `votedFor` (Figure 2). */
  readonly remembered: (votedFor: NodeId) => NodeId;
  /** Whether nothing is said in a new term before it, and the vote, are durable (Figure 2). */
  readonly waitsForPromise: () => boolean;
  /** Whether an entry of `entryTerm` is committed by counting replicas in `term` (§5.4.2, Figure 8). */
  readonly commitsByCounting: (entryTerm: number, term: number) => boolean;
  /** Counts a server towards a quorum: a voter, once. */
  readonly count: (tally: Tally, sid: NodeId) => boolean;
  /** Whether the entries follow: the follower has `prev` at its place (`held`: what is there) (§5.3). */
  readonly follows: (held: Zxid | undefined, prev: Zxid) => boolean;
  /** Whether an entry that is there conflicts with the leader's, and goes with all after it (§5.3). */
  readonly conflicts: (held: Zxid, theirs: Zxid) => boolean;
  /**
   * How far a follower says that its log matches: what is durable of it (Figure 2: before responding to
   * RPCs).
   */
  readonly matched: (appended: number, durable: number) => number;
  /**
   * How far a follower may commit: no further than the leader's word and the last entry known to match
   * (Figure 2).
   */
  readonly followerCommit: (leaderCommit: number, lastMatched: number) => number;
  /** Whether a server that hears from a leader disregards a candidate (thesis §4.2.3). */
  readonly disregards: (leaderAlive: boolean, transfer: boolean) => boolean;
  /** Whether a client's write waits: a leader that hands over takes none (thesis §3.10, step 1). */
  readonly withholds: (handingOver: boolean) => boolean;
  /** Whether the heir may stand: it holds the whole log, all of it committed (thesis §3.10, step 2). */
  readonly mayHandOver: (matched: number, committed: number, last: number) => boolean;
  /**
   * Whether a leader may begin to change who belongs to the ensemble: an entry of its own term is committed
   * (raft-dev, July 2015), and the configuration in force is (thesis §4.1).
   */
  readonly mayChange: (committedInTerm: boolean, settled: boolean) => boolean;
  /**
   * Whether a new server may vote: it holds what the log held when the round began, and that took less than
   * an election timeout (thesis §4.2.1).
   */
  readonly caughtUp: (matched: number, target: number, tookUs: number, limitUs: number) => boolean;
  /** Whether the configuration at `index` of the log is in force: once it is there (thesis §4.1). */
  readonly adopts: (index: number, committed: number) => boolean;
  /** Whether the configuration at `index` goes with the entries after `keep` (thesis §4.1). */
  readonly dropsWith: (index: number, keep: number) => boolean;
  /** Who decides: the voters, and no leader that removes itself (thesis §4.2.2). */
  readonly decide: (voters: readonly NodeId[], self: NodeId) => readonly NodeId[];
  /** Whether a snapshot says which configuration was in force at its end (thesis §5.1). */
  readonly keepsConfiguration: () => boolean;
  /** The leader's commit index that a read waits for, once a quorum confirmed its term (thesis §6.4). */
  readonly mayRead: (committedInTerm: boolean, confirmed: boolean) => boolean;
  /** Whether the term that a message names is older than the own: it is refused (§5.1). */
  readonly isOld: (theirs: number, mine: number) => boolean;
  /** The index up to which a snapshot of what is applied may shorten the log (§7). */
  readonly compactsThrough: (applied: Zxid, lastLogged: Zxid) => Zxid;
}

/** The correct rules. */
export const RAFT_RULES: RaftRules = Object.freeze({
  grants: (voter: Voter, { candidate, term, last }: Candidacy) => {
    if (term < voter.term || last < voter.last) return false;
    return term > voter.term || voter.votedFor === 0 || voter.votedFor === candidate;
  },
  remembered: (votedFor: NodeId) => votedFor,
  waitsForPromise: () => true,
  commitsByCounting: (entryTerm: number, term: number) => entryTerm === term,
  count: (tally: Tally, sid: NodeId) => tally.add(sid),
  follows: (held: Zxid | undefined, prev: Zxid) => held === prev,
  conflicts: (held: Zxid, theirs: Zxid) => held !== theirs,
  matched: (appended: number, durable: number) => Math.min(appended, durable),
  followerCommit: (leaderCommit: number, lastMatched: number) => Math.min(leaderCommit, lastMatched),
  disregards: (leaderAlive: boolean, transfer: boolean) => leaderAlive && !transfer,
  withholds: (handingOver: boolean) => handingOver,
  mayHandOver: (matched: number, committed: number, last: number) => matched === last && committed === last,
  mayChange: (committedInTerm: boolean, settled: boolean) => committedInTerm && settled,
  caughtUp: (matched: number, target: number, tookUs: number, limitUs: number) =>
    matched >= target && tookUs < limitUs,
  adopts: () => true,
  dropsWith: (index: number, keep: number) => index > keep,
  decide: (voters: readonly NodeId[]) => voters,
  keepsConfiguration: () => true,
  mayRead: (committedInTerm: boolean, confirmed: boolean) => committedInTerm && confirmed,
  isOld: (theirs: number, mine: number) => theirs < mine,
  compactsThrough: (applied: Zxid, _lastLogged: Zxid) => applied,
});
