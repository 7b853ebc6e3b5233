import { nodeId } from '../../src/node/ids.ts';
import type { Tally } from '../../src/node/quorum.ts';
import { RAFT_RULES, type RaftRules } from '../../src/protocols/raft/rules.ts';
import type { Profile } from '../../src/run/fuzz/profile.ts';

/** A rule of Raft with a mistake in it, and who finds out. */
export interface RaftMutant {
  readonly name: string;
  readonly rules: Partial<RaftRules>;
  /** One of these is broken; of a scenario also an expectation, by its key, that is not met. */
  readonly killers: readonly string[];
  /** Random plans of this profile, or the scenario that shows it. */
  readonly plan: Profile | `${string}.yaml`;
  /** The seed of a run that does. */
  readonly seed: number;
}

const { grants } = RAFT_RULES;

/** The table. */
export const RAFT_MUTANTS: readonly RaftMutant[] = [
  {
    name: 'a server votes twice in a term',
    rules: { grants: (voter, candidacy) => grants({ ...voter, votedFor: nodeId(0) }, candidacy) },
    killers: ['epoch-never-reused', 'one-leader-per-epoch'],
    plan: 'all',
    seed: 9,
  },
  {
    name: 'a server votes for a log that is behind its own',
    rules: { grants: (voter, candidacy) => grants(voter, { ...candidacy, last: voter.last }) },
    killers: ['no-lost-commit'],
    plan: 'all',
    seed: 10,
  },
  {
    name: 'a vote is forgotten at a restart',
    rules: { remembered: () => nodeId(0) },
    killers: ['epoch-never-reused'],
    plan: 'all',
    seed: 368,
  },
  {
    name: 'a vote is forgotten at a restart, as in voter-restarts',
    rules: { remembered: () => nodeId(0) },
    killers: ['epoch-never-reused'],
    plan: 'raft/voter-restarts.yaml',
    seed: 2,
  },
  {
    name: 'an entry of an older term is committed by counting',
    rules: { commitsByCounting: () => true },
    killers: ['no-bad-commit'],
    plan: 'all',
    seed: 4,
  },
  {
    name: 'an entry of an older term is committed by counting, as in Figure 8',
    rules: { commitsByCounting: () => true },
    killers: ['no-lost-commit'],
    plan: 'raft/figure-8.yaml',
    seed: 1,
  },
  {
    name: 'an answer counts for two',
    rules: {
      count: (tally: Tally, sid) => {
        tally.add(nodeId(sid + 1));
        return tally.add(sid);
      },
    },
    killers: ['majority-commit'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'a follower appends without looking what comes before',
    rules: { follows: () => true },
    killers: ['log-contiguous', 'history-consistency'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'a follower keeps what conflicts',
    rules: { conflicts: () => false },
    killers: ['history-consistency', 'agreement'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'a vote is given before it is durable',
    rules: { waitsForPromise: () => false },
    killers: ['epoch-ack-durable', 'leader-info-durable'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'an entry is acked before it is durable',
    rules: { matched: (appended) => appended },
    killers: ['acks-are-durable'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'a follower commits as far as the leader says, whether its log matches or not',
    rules: { followerCommit: (leaderCommit) => leaderCommit },
    killers: ['agreement', 'integrity'],
    plan: 'raft/a-tail-that-nobody-has.yaml',
    seed: 1,
  },
  {
    name: 'a leader hands over before its heir has its log',
    rules: { mayHandOver: () => true },
    killers: ['heir-has-all'],
    plan: 'all',
    seed: 11,
  },
  {
    name: 'a leader hands over before its heir has its log, and voters trust that it has',
    rules: {
      mayHandOver: () => true,
      grants: (voter, candidacy) =>
        grants(voter, candidacy.transfer ? { ...candidacy, last: voter.last } : candidacy),
    },
    killers: ['no-lost-commit'],
    plan: 'all',
    seed: 230,
  },
  {
    name: 'a leader that hands over goes on proposing',
    rules: { withholds: () => false },
    killers: ['hands-over-in-peace'],
    plan: 'all',
    seed: 11,
  },
  {
    name: 'a voter gives its vote again, for the leader asked for it',
    rules: {
      grants: (voter, candidacy) =>
        grants(candidacy.transfer ? { ...voter, votedFor: nodeId(0) } : voter, candidacy),
    },
    killers: ['epoch-never-reused', 'one-leader-per-epoch'],
    plan: 'all',
    seed: 500,
  },
  {
    name: 'voters keep to the leader that they hear, though it asked them to vote',
    rules: { disregards: (leaderAlive) => leaderAlive },
    killers: ['unavailable'],
    plan: 'raft/hand-over-to-a-named-server.yaml',
    seed: 1,
  },
  {
    name: 'a leader changes the ensemble before an entry of its term is committed',
    rules: { mayChange: (_committedInTerm, settled) => settled },
    killers: ['one-change-at-a-time'],
    plan: 'all',
    seed: 10,
  },
  {
    name: 'a leader changes the ensemble before an entry of its term is committed, as in 2015',
    rules: { mayChange: (_committedInTerm, settled) => settled },
    killers: ['no-lost-commit'],
    plan: 'raft/members-two-changes-at-once.yaml',
    seed: 6,
  },
  {
    name: 'a leader begins a change before the last one is committed',
    rules: { mayChange: (committedInTerm) => committedInTerm },
    killers: ['one-change-at-a-time'],
    plan: 'all',
    seed: 70,
  },
  {
    name: 'a configuration is in force only once it is committed',
    rules: { adopts: (index, committed) => index <= committed },
    killers: ['newest-configuration'],
    plan: 'all',
    seed: 12,
  },
  {
    name: 'a leader that removes itself counts itself',
    rules: { decide: (voters, self) => (voters.includes(self) ? voters : [...voters, self]) },
    killers: ['majority-commit'],
    plan: 'all',
    seed: 52,
  },
  {
    name: 'a configuration stays in force that was cut from the log',
    rules: { dropsWith: () => false },
    killers: ['newest-configuration'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'a configuration stays in force that was cut from the log, as in members-change-is-undone',
    rules: { dropsWith: () => false },
    killers: ['leader', 'commits'],
    plan: 'raft/members-change-is-undone.yaml',
    seed: 1,
  },
  {
    name: 'a snapshot does not say who belongs to the ensemble',
    rules: { keepsConfiguration: () => false },
    killers: ['newest-configuration'],
    plan: 'all',
    seed: 21,
  },
  {
    name: 'a new server votes before it has caught up',
    rules: { caughtUp: () => true },
    killers: ['unavailable'],
    plan: 'raft/members-new-server-far-behind.yaml',
    seed: 1,
  },
  {
    name: 'a leader answers a read before a quorum has confirmed its term',
    rules: { mayRead: (committedInTerm) => committedInTerm },
    killers: ['sync-is-a-barrier'],
    plan: 'raft/deposed-leader-reads.yaml',
    seed: 1,
  },
];
