import { nodeId } from '../../src/node/ids.ts';
import { PAXOS_RULES, type PaxosRules } from '../../src/protocols/paxos/rules.ts';
import type { Profile } from '../../src/run/fuzz/profile.ts';

/** A rule of Paxos with a mistake in it, and who finds out. */
export interface PaxosMutant {
  readonly name: string;
  readonly rules: Partial<PaxosRules>;
  /** One of these is broken. */
  readonly killers: readonly string[];
  /** Random plans of this profile, or the scenario that shows it. */
  readonly plan: Profile | `${string}.yaml`;
  /** Under what protocol: with a president, unless said otherwise. */
  readonly protocol?: 'paxos' | 'paxos-leaderless';
  /** The seed of a random plan that does. */
  readonly seed: number;
}

const { nextBallot, count } = PAXOS_RULES;

/** The table. */
export const PAXOS_MUTANTS: readonly PaxosMutant[] = [
  {
    name: 'a voter votes below its promise',
    rules: { votes: () => true },
    killers: ['promises-kept'],
    plan: 'split-brain',
    seed: 11,
  },
  {
    name: 'a voter promises a ballot that is lower than one it promised',
    rules: { promises: () => true },
    killers: ['epochs-never-regress', 'one-value-chosen', 'chosen-stays-chosen'],
    plan: 'split-brain',
    seed: 8,
  },
  {
    name: 'a promise is forgotten at a restart',
    rules: { remembered: () => 0 },
    killers: ['epochs-never-regress', 'promises-kept', 'epoch-never-reused'],
    plan: 'crash-recovery',
    seed: 5,
  },
  {
    name: 'a voter answers before its disk has it',
    rules: { waitsForDisk: () => false },
    killers: ['epoch-ack-durable', 'chosen-by-quorum'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'a proposer takes the vote of the lowest ballot',
    rules: {
      binding: (known, told) => (known === undefined || told.ballot < known.ballot ? told : known),
    },
    killers: ['chosen-stays-chosen', 'one-value-chosen'],
    protocol: 'paxos-leaderless',
    plan: 'crash-recovery',
    seed: 37,
  },
  {
    name: 'a proposer proposes its own value, whatever was voted on',
    rules: { bound: () => false },
    killers: ['chosen-stays-chosen', 'one-value-chosen'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'an answer counts for two',
    rules: {
      count: (tally, sid) => {
        tally.add(nodeId(sid + 1));
        return count(tally, sid);
      },
    },
    killers: ['chosen-by-quorum', 'non-voter-never-counts'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'answers of an earlier ballot count',
    rules: { isCurrent: () => true },
    killers: ['chosen-by-quorum', 'non-voter-never-counts', 'one-value-chosen'],
    plan: 'all',
    seed: 2,
  },
  {
    name: 'a decree is decided by the first vote',
    rules: { isDecided: () => true },
    killers: ['chosen-by-quorum'],
    plan: 'all',
    seed: 1,
  },
  {
    name: 'two members use one ballot',
    rules: { nextBallot: (highest, members) => nextBallot(highest, members, 0) },
    killers: ['epoch-never-reused', 'one-value-per-ballot', 'one-leader-per-epoch'],
    plan: 'split-brain',
    seed: 8,
  },
  {
    name: 'a transaction is carried out on another state than it was prepared for',
    rules: { follows: () => true },
    killers: ['linearizable-writes', 'total-order'],
    plan: 'paxos/a-decree-without-its-predecessor.yaml',
    seed: 2,
  },
  {
    name: 'a president who was deposed prepares on what nobody decided',
    rules: { dropsUndecided: () => false },
    killers: ['linearizable-writes'],
    plan: 'paxos/a-president-comes-back.yaml',
    seed: 2,
  },
  {
    name: 'a forward that comes twice is carried out twice',
    rules: { isRepeated: () => false },
    killers: ['session-order', 'ephemerals-owned'],
    plan: 'all',
    seed: 148,
  },
  {
    name: 'a forward that comes twice is carried out twice, as in a-forward-comes-twice',
    rules: { isRepeated: () => false },
    killers: ['session-order', 'linearizable-writes'],
    plan: 'paxos/a-forward-comes-twice.yaml',
    seed: 2,
  },
  {
    name: 'forwards are carried out as they come, whatever they have overtaken',
    rules: { isEarly: () => false, isRepeated: () => false },
    killers: ['session-order'],
    plan: 'all',
    seed: 24,
  },
  {
    name: 'a president answers a read that must not be old from what he has, without a decree',
    rules: { awaitsDecree: () => false },
    killers: ['sync-is-a-barrier'],
    plan: 'paxos/deposed-president-reads.yaml',
    seed: 1,
  },
];
