import { expect, test } from 'vitest';
import { killed } from './killing.ts';
import { randomPlan } from './nemesis.ts';
import { PUBLIC_MUTANTS as known } from './public-mutants.ts';

type Name = keyof typeof known;

/** The catalogue's mutants that random plans kill, with the invariant that tells and the first seed. */
const KILLED: readonly [name: Name, invariant: string, seed: number][] = [
  ['M01', 'majority-commit', 0],
  ['M02', 'one-leader-per-epoch', 22],
  ['M03', 'decision-backed', 21],
  ['M04', 'vote-only-improves', 3],
  ['M05', 'epoch-never-reused', 10],
  ['M07', 'no-lost-commit', 54],
  ['M08', 'up-to-date-backed', 0],
  ['M10', 'history-before-epoch', 0],
  ['M11', 'majority-commit', 0],
  ['M12', 'one-leader-per-epoch', 20],
  ['M13', 'restartable', 38],
  ['M14', 'global-primary-order', 52],
  ['M15', 'no-resurrection', 54],
  ['M16', 'local-primary-order', 2],
  ['M17', 'local-primary-order', 0],
  ['M18', 'non-voter-never-counts', 12],
  ['M20', 'quorumless-leader-resigns', 0],
  ['M21', 'replay-equals-claim', 0],
  ['M22', 'digests-agree', 60],
  ['M23', 'replay-equals-claim', 3],
  ['M03+M25', 'decision-backed', 21],
  ['M04+M25', 'no-lost-commit', 78],
];

/** Those that break nothing, and why: an alarm on one of them would be a mistake of the judges. */
const HARMLESS: readonly [name: Name, reason: string][] = [
  ['M06', 'connections are FIFO and acks come in order, so the first with a quorum is the oldest'],
  ['M09', 'a kept vote names its round, and votes of different rounds are never counted together'],
  ['M25', 'a correct election never prefers a leader whose history is behind a voter that it needs'],
];

/** Those of the catalogue that cannot be planted yet, and why. */
const NOT_YET: readonly [name: string, reason: string][] = [
  ['M19', 'there are no reads'],
  ['M24', 'there are no sessions'],
];

/** Seeds tried after the known one. */
const SEEDS = 100;

test('every mutant of the catalogue is accounted for', () => {
  const numbers = Array.from({ length: 25 }, (_, i) => `M${String(i + 1).padStart(2, '0')}`);
  const named = [...KILLED, ...HARMLESS, ...NOT_YET].map(([name]): string => name);
  expect(named.filter((name) => /^M\d+$/.test(name)).sort()).toEqual(numbers);
  expect(Object.keys(known).filter((name) => !named.includes(name))).toEqual([]);
});

for (const [name, invariant, first] of KILLED) {
  test(`${name} breaks ${invariant}: ${known[name].name}`, async () => {
    const seeds = { first, limit: SEEDS };
    const kill = await killed(known[name], randomPlan, seeds, (broken) => broken.includes(invariant));
    expect(kill?.mutant.broken).toContain(invariant);
    expect(kill?.fixed.broken).toEqual([]);
  });
}

for (const [name, reason] of HARMLESS) {
  test(`${name} is harmless, since ${reason}`, async () => {
    const kill = await killed(
      known[name],
      randomPlan,
      { first: 0, limit: 25 },
      (broken) => broken.length > 0,
    );
    expect(kill).toBeUndefined();
  });
}
