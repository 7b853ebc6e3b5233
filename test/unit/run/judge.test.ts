import { describe, expect, test } from 'vitest';
import type { LivenessCase } from '../../../src/check/liveness.ts';
import type { EnsembleFacts, Violation } from '../../../src/check/monitor.ts';
import { majority } from '../../../src/node/quorum.ts';
import { Figures } from '../../../src/run/figures.ts';
import { judgeLiveness, verdictOf } from '../../../src/run/judge.ts';
import type { RunningWorld } from '../../../src/run/running-world.ts';
import { sids } from './testimony.ts';

const FINDING: Violation = {
  invariant: 'agreement',
  tier: 2,
  atUs: 1,
  event: 1,
  servers: [],
  rule: 'a rule',
  message: 'a message',
};

test('a violation weighs more than a stall, and a stall more than nothing', () => {
  expect(verdictOf([], [])).toBe('passed');
  expect(verdictOf([], [FINDING])).toBe('stalled');
  expect(verdictOf([FINDING], [FINDING])).toBe('violated');
});

describe('what the judge of liveness is told', () => {
  const voters = sids(1, 2, 3, 4, 5);
  const ensemble: EnsembleFacts = {
    quorums: majority(voters),
    servers: voters,
    observers: [],
    tickTimeUs: 2_000_000,
    initLimit: 10,
    syncLimit: 5,
  };

  /** The case for a world in which some servers run, and some pairs are cut. */
  function caseOf(
    up: readonly number[],
    cut: readonly string[] = [],
    unclean: readonly string[] = [],
  ): LivenessCase {
    let told: LivenessCase | undefined;
    const judge = (given: LivenessCase) => {
      told = given;
      return { judged: true, reason: '', stalls: [] };
    };
    const world: Partial<RunningWorld> = {
      nowUs: 100,
      lastDisturbanceUs: 7,
      longestDisturbanceUs: 5,
      unclean: () => unclean,
      isUp: (server) => up.includes(server),
      canReach: (from, to) => !cut.includes(`${from}>${to}`),
    };
    const electorates = () => [ensemble.quorums];
    judgeLiveness(
      { judge, electorates },
      world as RunningWorld,
      new Figures(ensemble.quorums, ensemble.tickTimeUs),
      ensemble,
      9,
    );
    if (told === undefined) throw new Error('nothing was judged');
    return told;
  }

  test('a quorum is connected when its members reach each other, both ways', () => {
    expect(caseOf([1, 2, 3]).quorumConnected).toBe(true);
    expect(caseOf([1, 2]).quorumConnected).toBe(false);
    expect(caseOf([1, 2, 3], ['3>1']).quorumConnected).toBe(false);
    expect(caseOf([1, 2, 3, 4], ['3>1']).quorumConnected).toBe(true);
    expect(caseOf([1, 2, 3, 4, 5], ['1>2', '1>3', '1>4', '1>5']).quorumConnected).toBe(true);
  });

  test('a fault in force, and the last disturbance, be it a planned start', () => {
    expect(caseOf([1, 2, 3], [], ['fault 1']).faultsInForce).toBe(true);
    expect(caseOf([1, 2, 3])).toMatchObject({ faultsInForce: false, lastDisturbanceUs: 9, atUs: 100 });
  });
});
