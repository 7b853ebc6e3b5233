import { expect, test } from 'vitest';
import { epochOf, ZERO_ZXID } from '../../../../src/core/zxid.ts';
import type { NodeId } from '../../../../src/node/ids.ts';
import { nemesis } from '../../../../src/run/fuzz/nemesis.ts';
import { quorumsOf } from '../../../../src/run/quorums-of.ts';

const PLANS = Array.from({ length: 1500 }, (_, seed) => nemesis(seed, { profile: 'all', behaviour: [] }));
const AGED = PLANS.filter(({ initial }) => initial.size > 0);

test('some random plans have a dense load', () => {
  const dense = PLANS.filter(
    ({ clients: { workload, perSecondMilli, operations = 0 } }) =>
      workload.kind === 'mix' && workload.pipeline > 1 && perSecondMilli === undefined && operations >= 1200,
  );
  expect(dense.length).toBeGreaterThan(20);
});

test('some random plans ask for what makes little sense, and none of them below a chroot', () => {
  const odd = PLANS.filter(
    ({ clients: { workload } }) => workload.kind === 'mix' && workload.weights.has('odd'),
  );
  expect(odd.length).toBeGreaterThan(50);
  expect(odd.filter(({ clients }) => clients.chroot !== '')).toEqual([]);
});

test('some random plans begin with a past', () => {
  expect(AGED.length).toBeGreaterThan(20);
});

test('no disk of such a past contradicts itself', () => {
  for (const { initial } of AGED) {
    for (const { acceptedEpoch = 0, currentEpoch = 0, log, snapshot } of initial.values()) {
      expect(acceptedEpoch).toBeGreaterThanOrEqual(currentEpoch);
      expect(currentEpoch).toBeGreaterThanOrEqual(epochOf(log.at(-1) ?? ZERO_ZXID));
      expect([...log].sort((a, b) => a - b)).toEqual(log);
      if (snapshot !== undefined) expect(log).toContain(snapshot);
    }
  }
});

test('whoever a quorum with such a past elects has what a quorum has', () => {
  for (const { ensemble, initial } of AGED) {
    const { voters } = ensemble;
    const logOf = (id: NodeId) => initial.get(id)?.log ?? [];
    const rankOf = (id: NodeId) => [initial.get(id)?.currentEpoch ?? 0, logOf(id).at(-1) ?? 0, id];
    const isQuorum = (ids: readonly NodeId[]): boolean => {
      const tally = quorumsOf(ensemble).tally();
      for (const id of ids) tally.add(id);
      return tally.hasQuorum();
    };
    const all = new Set(voters.flatMap(logOf));
    const held = [...all].filter((zxid) => isQuorum(voters.filter((id) => logOf(id).includes(zxid))));
    for (let some = 1; some < 1 << voters.length; some++) {
      const live = voters.filter((_, i) => ((some >> i) & 1) === 1);
      const electable = live.filter((id) => quorumsOf(ensemble).weightOf(id) > 0);
      const [best] = electable.sort((a, b) => compare(rankOf(b), rankOf(a)));
      if (best === undefined || !isQuorum(live)) continue;
      expect(held.filter((zxid) => !logOf(best).includes(zxid))).toEqual([]);
    }
  }
});

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i < 0 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}
