import { expect, test } from 'vitest';
import { Panel } from '../../src/check/panel.ts';
import { nodeId } from '../../src/node/ids.ts';
import { majority } from '../../src/node/quorum.ts';
import type { MutantPlan } from './harness.ts';
import { killed } from './killing.ts';
import type { Mutant } from './mutation.ts';
import { randomPlan } from './nemesis.ts';
import { OTHER_MUTANTS as other } from './other-mutants.ts';
import { PUBLIC_MUTANTS as known } from './public-mutants.ts';
import {
  comesBack,
  halves,
  hangs,
  lastAckIsItsOwn,
  patience,
  refusedOnce,
  refusedTwice,
  relieved,
} from './scripts.ts';

/**
 * For each invariant a mistake in the real code that breaks it, with the seed that shows it: the first one of
 * the plans, counted from 0. Others may break with it; without the mistake nothing does.
 */
const ROWS: readonly [
  invariant: string,
  mutant: Mutant,
  seed: number,
  plan?: (seed: number) => MutantPlan,
][] = [
  ['one-leader-per-epoch', known.M12, 20],
  ['epoch-never-reused', known.M05, 10],
  ['non-voter-never-counts', known.M18, 12],
  ['initial-history', known.M16, 7],
  ['majority-commit', known.M11, 0],
  ['no-lost-commit', known.M01, 1],
  ['integrity', other.deliversEarly, 0],
  ['agreement', known.M08, 3],
  ['total-order', other.deliversAgain, 0],
  ['local-primary-order', known.M17, 0],
  ['global-primary-order', other.deliversAgain, 0],
  ['primary-integrity', known.M02, 1, halves],
  ['primary-integrity', other.leadsUnapplied, 0],
  ['commit-consistency', other.logsWithoutApplying, 2],
  ['log-contiguous', other.appliesWithoutLogging, 2],
  ['history-consistency', known.M16, 2],
  ['no-bad-state', other.welcomesTwice, 0],
  ['no-bad-ack', other.acksTwice, 0],
  ['no-bad-proposal', other.skipsZxid, 0],
  ['no-bad-commit', other.commitsTwice, 0],
  ['decision-backed', other.believesAnybody, 106],
  ['round-never-regresses', other.roundStartsAnew, 0],
  ['vote-only-improves', known.M04, 3],
  ['self-lead', other.leadsForOthers, 0],
  ['vote-truthful', other.noFastForward, 0],
  ['epochs-never-regress', other.lyingPromiseSync, 0],
  ['epoch-ack-durable', known.M05, 0],
  ['leader-info-durable', other.offersEarly, 0],
  ['history-before-epoch', known.M10, 0],
  ['claims-are-durable', other.lyingLogSync, 0],
  ['acks-are-durable', other.acksBeforeHistory, 2],
  ['new-leader-ack-durable', other.lyingEpochSync, 0],
  ['up-to-date-backed', known.M08, 0],
  ['epoch-held-by-quorum', other.lyingEpochSync, 0],
  ['digests-agree', other.losesChunk, 0],
  ['replay-equals-claim', known.M21, 0],
  ['no-resurrection', known.M15, 54],
  ['restartable', other.purgesTooMuch, 0],
  ['quorumless-leader-resigns', known.M20, 0],
  ['supported-leader-stays', other.countsLate, 0, relieved],
  ['resigned-leader-lets-go', other.keepsLearners, 0, refusedOnce],
  ['chosen-leader-leads', other.deafToFollowers, 0, comesBack],
  ['acked-leader-serves', other.countsInSilence, 0, lastAckIsItsOwn],
  ['joins-settle', other.shrinksBack, 0],
  ['log-keeps-up', other.leadsWithoutDisk, 0, refusedOnce],
  ['hung-follower-is-dropped', other.waitsForEver, 0, hangs],
  ['kept-snapshots-restore', other.purgesTooMuch, 0],
  ['kept-snapshots-restore', other.keepsLogs, 0],
  ['vote-truthful', other.takesSnapshotAway, 0, refusedTwice],
  ['disk-stays-bounded', other.neverSnapshots, 0],
  ['disk-stays-bounded', other.keepsSnapshots, 0],
  ['elects', other.neverDecides, 1],
  ['all-join', other.triesOnce, 1],
  ['restarts-serve', other.staysOut, 1],
  ['writes-commit', other.neverCommits, 0, patience],
  ['elections-settle', other.resignsAlways, 0],
  ['queues-drain', other.neverCommits, 2],
  ['actors-live', other.triesOnce, 1],
  ['claims-are-durable', other.keepsRefused, 0],
  ['digests-agree', other.skipsDelivery, 1],
  ['epochs-never-regress', other.noPromise, 0],
  ['no-resurrection', other.staleSnapshots, 177],
  ['restartable', other.refusesOwnEpoch, 109],
  ['vote-truthful', other.claimsMore, 0],
];

/** Seeds tried after the known one. */
const SEEDS = 60;

test('every invariant of the panel has a mutant that breaks it', () => {
  const servers = [nodeId(1), nodeId(2), nodeId(3)];
  const facts = { servers, observers: [], tickTimeUs: 200_000, initLimit: 10, syncLimit: 5 };
  const panel = new Panel({ ...facts, quorums: majority(servers) });
  const broken = new Set(ROWS.map(([invariant]) => invariant));
  expect([...broken].sort()).toEqual([...panel.invariants].sort());
});

test('every mutant that is not of the catalogue has its place in the table', () => {
  const used = new Set(ROWS.map(([, mutant]) => mutant));
  expect(Object.values(other).filter((mutant) => !used.has(mutant))).toEqual([]);
});

for (const [invariant, mutant, first, plan = randomPlan] of ROWS) {
  test(`${invariant} breaks when ${mutant.name}`, async () => {
    const kill = await killed(mutant, plan, { first, limit: SEEDS }, (broken) => broken.includes(invariant));
    expect(kill?.mutant.broken).toContain(invariant);
    expect(kill?.fixed.broken).toEqual([]);
  });
}
