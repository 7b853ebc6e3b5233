import { nodeId } from '../../src/node/ids.ts';
import type { Tally } from '../../src/node/quorum.ts';
import { RAFT_RULES, type RaftRules } from '../../src/protocols/raft/rules.ts';
import type { Profile } from '../../src/run/fuzz/profile.ts';

/** A rule of Raft with a mistake in it, and who finds out. */
export interface RaftMutant {
  readonly name: string;
  readonly rules: Partial<RaftRules>;
  /** One of these is broken. */
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
    plan: 'crash-recovery',
    seed: 823,
  },
];
