import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedQuorums } from '../../../src/check/counted-quorums.ts';
import { type NodeId, nodeId } from '../../../src/node/ids.ts';
import { hierarchical, majority, type QuorumSystem, type Tally } from '../../../src/node/quorum.ts';

/** Distinct sids in any order, as a configuration may list them. */
function sids(count: { min: number; max: number }): fc.Arbitrary<NodeId[]> {
  return fc
    .uniqueArray(fc.integer({ min: 1, max: 254 }), { minLength: count.min, maxLength: count.max })
    .map((values) => values.map(nodeId));
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(...Array<string>(12).fill('add'), ...Array<string>(4).fill('remove'), 'clear'),
    fc.nat(),
  ),
  {
    maxLength: 250,
  },
);

/** Plays adds and removes on a tally and on a plain Set, and compares all that can be asked after each. */
function follow(
  system: QuorumSystem,
  candidates: readonly NodeId[],
  moves: readonly (readonly [string, number])[],
  isQuorum: (set: ReadonlySet<NodeId>) => boolean,
): void {
  const tally: Tally = system.tally();
  const model = new Set<NodeId>();
  expect(tally.hasQuorum()).toBe(isQuorum(model));
  for (const [move, pick] of moves) {
    const sid = candidates[pick % candidates.length] ?? nodeId(0);
    if (move === 'add') {
      const fresh = system.voters.includes(sid) && !model.has(sid);
      if (fresh) model.add(sid);
      expect(tally.add(sid)).toBe(fresh);
    } else if (move === 'clear') {
      tally.clear();
      model.clear();
    } else {
      tally.remove(sid);
      model.delete(sid);
    }
    expect(tally.has(sid)).toBe(model.has(sid));
    expect(tally.size).toBe(model.size);
    expect(tally.hasQuorum()).toBe(isQuorum(model));
  }
}

describe('a majority', () => {
  test('is more than half of the voters, for 1 to 101 of them', () => {
    for (let count = 1; count <= 101; count++) {
      const voters = Array.from({ length: count }, (_, i) => nodeId(i + 1));
      const tally = majority(voters).tally();
      for (const [i, sid] of voters.entries()) {
        tally.add(sid);
        expect(tally.hasQuorum()).toBe((i + 1) * 2 > count);
      }
    }
  });

  test('counts as a plain set does, whoever comes and goes', () => {
    fc.assert(
      fc.property(
        sids({ min: 1, max: 101 }),
        sids({ min: 1, max: 10 }),
        steps,
        (voters, strangers, moves) => {
          for (const system of [majority(voters), countedQuorums(voters)])
            follow(system, [...voters, ...strangers], moves, (set) => set.size * 2 > voters.length);
        },
      ),
    );
  });

  test('lists its voters in ascending order and gives each the weight 1', () => {
    const system = majority([3, 10, 1].map(nodeId));
    expect(system.voters).toEqual([1, 3, 10]);
    expect([1, 2, 10, 254, 1001].map((sid) => system.weightOf(nodeId(sid)))).toEqual([1, 0, 1, 0, 0]);
    expect([1, 2, 10, 254, 1001].map((sid) => system.isVoter(nodeId(sid)))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  test('of two tallies is counted apart', () => {
    const system = majority([1, 2, 3].map(nodeId));
    const [one, two] = [system.tally(), system.tally()];
    one.add(nodeId(1));
    expect([one.size, two.size]).toEqual([1, 0]);
  });

  test('of nobody is never reached', () => {
    expect(majority([]).tally().hasQuorum()).toBe(false);
  });

  test.each([[[0]], [[255]], [[1, 2, 1]]])('of the voters %j is a defect', (voters) => {
    expect(() => majority(voters.map(nodeId))).toThrow();
  });
});

interface Member {
  readonly sid: NodeId;
  readonly weight: number;
  readonly group: number;
}

const ensembles: fc.Arbitrary<Member[]> = fc
  .uniqueArray(
    fc.record({
      sid: fc.integer({ min: 1, max: 254 }),
      weight: fc.integer({ min: 0, max: 4 }),
      group: fc.nat(6),
    }),
    { minLength: 1, maxLength: 50, selector: ({ sid }) => sid },
  )
  .map((members) => members.map(({ sid, weight, group }) => ({ sid: nodeId(sid), weight, group })));

function groupsOf(members: readonly Member[]): NodeId[][] {
  return [0, 1, 2, 3, 4, 5, 6].map((group) => members.filter((m) => m.group === group).map((m) => m.sid));
}

/** QuorumHierarchical.containsQuorum, line by line, with longs. */
function containsQuorum(members: readonly Member[], set: ReadonlySet<NodeId>): boolean {
  if (set.size === 0) return false;
  const groupWeight = new Map<number, bigint>();
  const expansion = new Map<number, bigint>();
  for (const { sid, weight, group } of members) {
    groupWeight.set(group, (groupWeight.get(group) ?? 0n) + BigInt(weight));
    if (set.has(sid)) expansion.set(group, (expansion.get(group) ?? 0n) + BigInt(weight));
  }
  let numGroups = BigInt(groupWeight.size);
  for (const weight of groupWeight.values()) if (weight === 0n) numGroups--;
  let majGroupCounter = 0n;
  for (const [group, weight] of expansion)
    if (weight > (groupWeight.get(group) ?? 0n) / 2n) majGroupCounter++;
  return majGroupCounter > numGroups / 2n;
}

function build(members: readonly Member[]): QuorumSystem {
  return hierarchical(members, groupsOf(members));
}

describe('a hierarchical quorum', () => {
  test('decides as QuorumHierarchical does, weights of zero and groups without weight included', () => {
    fc.assert(
      fc.property(ensembles, steps, (members, moves) => {
        const candidates = [...members.map((m) => m.sid), nodeId(254)];
        const weights = new Map(members.map(({ sid, weight }) => [sid, weight]));
        const counted = countedQuorums([...weights.keys()], weights, groupsOf(members));
        for (const system of [build(members), counted])
          follow(system, candidates, moves, (set) => containsQuorum(members, set));
      }),
    );
  });

  test('halves a weight as Java does: 3 is won by 2, 4 by 3', () => {
    const reached = (weight: number) => {
      const members = Array.from({ length: weight }, (_, i) => ({ sid: nodeId(i + 1), weight: 1, group: 0 }));
      const tally = build(members).tally();
      let needed = 0;
      while (!tally.hasQuorum()) tally.add(nodeId(++needed));
      return needed;
    };
    expect([1, 2, 3, 4, 5].map(reached)).toEqual([1, 2, 2, 3, 3]);
  });

  test('needs more than half of the groups, not of the servers', () => {
    const members = Array.from({ length: 9 }, (_, i) => ({
      sid: nodeId(i + 1),
      weight: 1,
      group: Math.floor(i / 3),
    }));
    const four = build(members).tally();
    for (const sid of [1, 2, 4, 5]) four.add(nodeId(sid));
    expect(four.hasQuorum()).toBe(true);
    const five = build(members).tally();
    for (const sid of [1, 2, 3, 4, 7]) five.add(nodeId(sid));
    expect(five.hasQuorum()).toBe(false);
  });

  test('ignores a group without weight, and counts its servers as supporters without a say', () => {
    const members = [1, 2, 3].map((sid) => ({ sid: nodeId(sid), weight: sid === 3 ? 0 : 1, group: sid }));
    const tally = build(members).tally();
    expect(tally.add(nodeId(3))).toBe(true);
    expect([tally.size, tally.hasQuorum()]).toEqual([1, false]);
    tally.add(nodeId(1));
    expect(tally.hasQuorum()).toBe(false);
    tally.add(nodeId(2));
    expect(tally.hasQuorum()).toBe(true);
  });

  test('takes a supporter back', () => {
    const tally = build([{ sid: nodeId(1), weight: 3, group: 0 }]).tally();
    tally.add(nodeId(1));
    tally.remove(nodeId(1));
    tally.remove(nodeId(1));
    expect([tally.hasQuorum(), tally.size]).toEqual([false, 0]);
  });

  test('without any weight is never reached', () => {
    const tally = build([{ sid: nodeId(1), weight: 0, group: 0 }]).tally();
    tally.add(nodeId(1));
    expect(tally.hasQuorum()).toBe(false);
  });

  test('whose groups share a voter, or miss one, is a defect', () => {
    const members = [1, 2].map((sid) => ({ sid: nodeId(sid), weight: 1 }));
    expect(() => hierarchical(members, [[nodeId(1)], [nodeId(1), nodeId(2)]])).toThrow('one group');
    expect(() => hierarchical(members, [[nodeId(1)]])).toThrow('some group');
  });
});
