import { uniform } from '../../src/core/distribution.ts';
import { FIRST_CLIENT, nodeId } from '../../src/node/ids.ts';
import type { Action, Choice, Fault } from '../../src/sim/fault.ts';
import type { MutantPlan } from './harness.ts';
import { randomPlan } from './nemesis.ts';

const BUSY = {
  clients: 4,
  operations: undefined,
  periodUs: 0,
  sessionTimeoutUs: 4_000_000,
  settings: {},
  slowestStageUs: 60,
  startUs: new Map<number, number>(),
};

const ANYWHERE = {
  epoch: undefined,
  zxid: undefined,
  since: 'start',
  fromUs: undefined,
  untilUs: undefined,
} as const;

function fault(atUs: number, action: Action, forUs?: number): Fault {
  const trigger = { atUs, afterUs: undefined, when: undefined };
  return { name: `${action.verb} at ${atUs}`, trigger, optional: false, forUs, action };
}

/** Four voters, cut into halves for 6 s; again and again the clients of one half lose their connections. */
export function halves(seed: number): MutantPlan {
  const one = [nodeId(1), nodeId(2)];
  const other = [nodeId(3), nodeId(4)];
  const clients = Array.from({ length: 8 }, (_, i) => nodeId(FIRST_CLIENT + 1 + i));
  const scatter: Action = { verb: 'reset', between: [other, clients] };
  const faults = [
    fault(2_000_000, { verb: 'partition', groups: [one, other] }, 6_000_000),
    ...[4_000_000, 4_200_000, 4_400_000].map((atUs) => fault(atUs, scatter)),
  ];
  return { ...BUSY, seed, voters: 4, observers: 0, clients: clients.length, faults, durationUs: 9_000_000 };
}

/** The first leader of five reaches only one other with its offer; the three agree on one of their own. */
export function twoOffers(seed: number): MutantPlan {
  const groups = [
    [nodeId(4), nodeId(5)],
    [nodeId(1), nodeId(2), nodeId(3)],
  ];
  const when = { ...ANYWHERE, fact: 'epoch-offered', server: undefined, nth: 1 };
  const split: Fault = {
    name: 'the offer is cut off',
    trigger: { atUs: undefined, afterUs: undefined, when },
    optional: false,
    forUs: 4_000_000,
    action: { verb: 'partition', groups },
  };
  return { ...BUSY, seed, voters: 5, observers: 0, clients: 1, faults: [split], durationUs: 10_000_000 };
}

/** A random plan with an observer. */
export function observed(seed: number): MutantPlan {
  return { ...randomPlan(seed), observers: 1 };
}

/** Nothing goes wrong, and the clients are patient. */
export function patience(seed: number): MutantPlan {
  return {
    ...BUSY,
    seed,
    voters: 3,
    observers: 0,
    clients: 1,
    sessionTimeoutUs: 60_000_000,
    faults: [],
    durationUs: 30_000_000,
  };
}

/** A follower comes back, and as the leader begins to bring it up to date, the other one dies. */
export function relieved(seed: number): MutantPlan {
  const gone = fault(4_000_000, { verb: 'crash', servers: [nodeId(1)] });
  const back = fault(5_000_000, { verb: 'restart', servers: [nodeId(1)] });
  const when = { ...ANYWHERE, fact: 'sync-chosen', server: undefined, nth: 1, fromUs: 5_000_000 };
  const dies: Fault = {
    name: 'the other dies',
    trigger: { atUs: undefined, afterUs: undefined, when },
    optional: false,
    forUs: undefined,
    action: { verb: 'crash', servers: [nodeId(2)] },
  };
  const faults = [gone, back, dies];
  return { ...BUSY, seed, voters: 3, observers: 0, clients: 1, faults, durationUs: 12_000_000 };
}

/** Two of three voters; the leader's disk is slow when it adopts its epoch, and its own ack comes last. */
export function lastAckIsItsOwn(seed: number): MutantPlan {
  const gone = fault(1000, { verb: 'stop', servers: [nodeId(3)] });
  const slow = fault(
    2000,
    { verb: 'slowDisk', server: [nodeId(2)], sync: uniform(60_000, 90_000) },
    1_500_000,
  );
  const faults = [gone, slow];
  return { ...BUSY, seed, voters: 3, observers: 0, clients: 1, faults, durationUs: 12_000_000 };
}

/** The disk of a leader that is kept busy refuses once. */
export function refusedOnce(seed: number): MutantPlan {
  const faults = [fault(2_000_000, { verb: 'failSync', server: ['leader'], times: 1 })];
  return { ...BUSY, seed, voters: 3, observers: 0, clients: 2, faults, durationUs: 10_000_000 };
}

/** Slow disks of all followers refuse twice in a row, again and again, while many snapshots are taken. */
export function refusedTwice(seed: number): MutantPlan {
  const slow: Action = { verb: 'slowDisk', server: ['all'], sync: uniform(2000, 40_000) };
  const refused: Action = { verb: 'failSync', server: ['followers'], times: 2 };
  const refusals = [2_000_000, 3_500_000, 5_000_000].map((atUs) => fault(atUs, refused, 300_000));
  const faults = [fault(0, slow, 10_000_000), ...refusals];
  const settings = { snapCount: 6 };
  return { ...BUSY, seed, settings, voters: 3, observers: 0, clients: 4, faults, durationUs: 10_000_000 };
}

/** The disk of one follower hangs for long. */
export function hangs(seed: number): MutantPlan {
  const sync = uniform(8_000_000, 9_000_000);
  const faults = [fault(2_000_000, { verb: 'slowDisk', server: [nodeId(1)], sync }, 10_000_000)];
  return { ...BUSY, seed, voters: 3, observers: 0, clients: 2, faults, durationUs: 10_000_000 };
}

/**
 * The first leader goes as soon as somebody follows it, and again while it asks for the second time: the last
 * that it hears of the others is that they follow it.
 */
export function comesBack(seed: number): MutantPlan {
  const heir = nodeId(3);
  const strike = (fact: string, server: Choice | undefined, nth: number, afterUs: number): Fault[] => {
    const when = { ...ANYWHERE, fact, server, nth };
    const go = { verb: 'crash', servers: [heir] } as const;
    const back = { verb: 'start', servers: [heir] } as const;
    return [
      {
        name: `go ${nth}`,
        trigger: { atUs: undefined, afterUs, when },
        optional: false,
        forUs: undefined,
        action: go,
      },
      {
        name: `back ${nth}`,
        trigger: { atUs: undefined, afterUs: afterUs + 10_000, when },
        optional: false,
        forUs: undefined,
        action: back,
      },
    ];
  };
  const faults = [...strike('leader-followed', undefined, 1, 0), ...strike('looking', [heir], 2, 30_000)];
  return { ...BUSY, seed, voters: 3, observers: 0, clients: 1, faults, durationUs: 10_000_000 };
}
