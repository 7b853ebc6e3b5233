import { expect, test } from 'vitest';
import { parseScenario } from '../../src/run/scenario.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Mutant } from './mutation.ts';
import { STEP_MUTANTS as step } from './step-mutants.ts';
import { startMutant } from './variant.ts';

/** What server 1 has of its own lies under its only snapshot: it cannot cut that, and needs all anew. */
const SNAPSHOT_IN_TAIL = `
title: Server 1 comes back with a tail that nobody else has, and a snapshot of it
duration: 60s
ensemble: { voters: 3, start: { 1: 5s } }
initial:
  1: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:4], snapshot: 1:4 }
  2: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
  3: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
`;

/** Connections take little: snapshots of a tree, and what a paused leader is sent, are more than that. */
const FULL = `
title: A follower is sent a snapshot over small buffers, and the leader pauses later
duration: 60s
seed: 1
ensemble: { voters: 3, tickTime: 500ms, syncLimit: 5, commitLogCount: 1, snapshotSizeFactor: -1 }
network: { latency: 500us..1500us, buffer: 512B }
clients: { count: 3, rate: 80/s, operations: 1200, connect: [1, 2], keys: 10, pipeline: 16,
  mix: { create: 3, set: 5, createSequential: 3 } }
faults:
  - { at: 4s, crash: 1 }
  - { at: 5s, start: 1 }
  - { at: 8s, pause: leader, for: 1500ms }
  - { at: 12s, pause: leader, for: 1500ms }
`;

/** Mistakes that show only where the ensemble, or the time that its servers take, is not the usual one. */
const ROWS: readonly [invariant: string, mutant: Mutant, scenario: string][] = [
  [
    'vote-only-improves',
    step.electsWeightless,
    `
title: Server 3 has no weight, and the highest id
duration: 5s
ensemble: { voters: 3, weights: { 3: 0 } }
`,
  ],
  [
    'majority-commit',
    step.countsHeads,
    `
title: Three of five are a majority, and one group of two
duration: 20s
ensemble: { voters: 5, groups: [[1, 2, 3], [4, 5]], start: { 4: 8s, 5: 8s } }
clients: { count: 1, connect: [1, 2, 3] }
`,
  ],
  [
    'joins-settle',
    step.neverOpens,
    `
title: The processors of a leader take their time to start
duration: 120s
ensemble: { voters: 3 }
work: { start-leading: 1ms }
`,
  ],
  [
    'epochs-never-regress',
    step.followsBehindPromise,
    `
title: Server 1 has promised epoch 5; the others elect a leader of epoch 2 before it comes
duration: 20s
ensemble: { voters: 3, start: { 1: 5s } }
initial:
  1: { acceptedEpoch: 5, currentEpoch: 1, log: [1:1..1:2] }
  2: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
  3: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
`,
  ],
  [
    'supported-leader-stays',
    step.resignsForLooking,
    `
title: Followers are restarted, and their leader would not wait long for a quorum
duration: 20s
ensemble: { voters: 3, maxTimeToWaitForEpoch: 200ms }
faults: [{ at: 5s, restart: 1 }, { at: 10s, restart: 2 }]
`,
  ],
  [
    'no-lost-commit',
    step.discardsBeforeInstall,
    `
title: A follower comes back, and can only be sent a snapshot
duration: 20s
ensemble: { voters: 3, commitLogCount: 1, snapshotSizeFactor: -1 }
clients: { count: 2, rate: 20/s, operations: 200 }
faults: [{ at: 5s, crash: 1 }, { at: 7s, start: 1 }]
`,
  ],
  [
    'kept-snapshots-restore',
    step.keepsTooFew,
    `
title: Snapshots are small, and three of them are to be kept
duration: 15s
ensemble: { voters: 3, snapCount: 20, autopurge.snapRetainCount: 3 }
clients: { count: 2, rate: 20/s, operations: 200 }
`,
  ],
  [
    'supported-leader-stays',
    step.ticksTwice,
    `
title: The followers pause for less time than a leader waits for them
duration: 20s
ensemble: { voters: 3, tickTime: 500ms, syncLimit: 5 }
faults: [{ at: 5s, pause: followers, for: 2s }]
`,
  ],
  ['digests-agree', step.losesRefused, FULL],
  ['writes-commit', step.losesUnsent, FULL],
  // With this seed the power goes while the first record of a file is written.
  [
    'history-consistency',
    step.logsBehindLeftover,
    `
title: A log file is begun, and the power goes
seed: 44
duration: 30s
ensemble: { voters: 3, tickTime: 200ms, syncLimit: 5, snapCount: 6 }
disk: { sync: 5ms..20ms }
clients: { count: 4, rate: 40/s, operations: 500 }
faults:
  - { at: 3s, powerCut: 1 }
  - { at: 3500ms, start: 1 }
  - { at: 4500ms, powerCut: 1 }
  - { at: 5000ms, start: 1 }
  - { at: 6500ms, powerCut: 1 }
  - { at: 7000ms, start: 1 }
  - { at: 8500ms, powerCut: 1 }
  - { at: 9000ms, start: 1 }
  - { at: 9500ms, powerCut: 1 }
  - { at: 9800ms, start: 1 }
  - { at: 11s, restart: 1 }
`,
  ],
  ['joins-settle', step.neverAfresh, SNAPSHOT_IN_TAIL],
  ['joins-settle', step.addsToWhatThereIs, SNAPSHOT_IN_TAIL],
  [
    'log-contiguous',
    step.servesFromGap,
    `
title: An empty observer comes when the oldest logs are gone
seed: 1
duration: 35s
ensemble: { voters: 3, observers: 1, tickTime: 200ms, syncLimit: 2, snapCount: 40, commitLogCount: 3,
  snapshotSizeFactor: 1, autopurge.snapRetainCount: 3, start: { 4: 7s } }
clients: { count: 3, rate: 32/s, operations: 230, keys: 10, mix: { create: 5, createSequential: 1, set: 4 } }
faults:
  - { at: 1500ms, crash: 3 }
  - { at: 5600ms, start: 3 }
  - { at: 6s, crash: leader }
  - { at: 7800ms, start: crashed }
`,
  ],
];

for (const [invariant, mutant, scenario] of ROWS) {
  test(`${invariant} breaks when ${mutant.name}`, async () => {
    const plan = parseScenario(scenario);
    const broken = simulate(plan, { start: await startMutant(mutant) });
    const names = [...broken.violations, ...broken.stalls].map((found) => found.invariant);
    expect(names).toContain(invariant);
    const fixed = simulate(plan);
    expect([...fixed.violations, ...fixed.stalls]).toEqual([]);
  });
}
