import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../src/check/history/check-history.ts';
import type { ClientHistory, HistoryEntry, OpEntry } from '../../../../src/check/history/client-history.ts';
import { readHistory } from '../../../../src/check/history/read-history.ts';
import { writeHistory } from '../../../../src/check/history/write-history.ts';
import { seeded } from '../../../../src/core/decisions.ts';
import { randomRequest } from './random-requests.ts';
import { RecordedEnsemble } from './recorded-ensemble.ts';

/** Clients ask at random, drop their connections, come back elsewhere; servers die and start again. */
function busy(seed: number, steps: number): ClientHistory {
  const stream = seeded(seed).stream('test');
  const draw = (bound: number) => stream.draw(bound);
  const ensemble = new RecordedEnsemble(seed, 4).join();
  let down = 0;
  for (let step = 0; step < steps; step++) {
    for (const client of ensemble.clients) {
      if (!client.connected && draw(8) === 0) client.connect(1 + draw(3));
      for (let i = draw(4); i > 0; i--) client.ask(randomRequest(draw));
      if (draw(4) === 0) client.ping();
      if (draw(100) === 0) client.hangUp();
      if (draw(200) === 0) client.ask({ kind: 'closeSession' });
      if (draw(400) === 0) client.forget();
    }
    if (draw(80) === 0) {
      if (down > 0) ensemble.start(down);
      down = down > 0 ? 0 : 1 + draw(3);
      if (down > 0) ensemble.crash(down);
    }
    ensemble.run(1 + draw(20));
  }
  if (down > 0) ensemble.start(down);
  return ensemble.run(5000).history();
}

describe('the history of a real ensemble', () => {
  test.each([1, 2, 3])('is found without fault, seed %i', (seed) => {
    const history = busy(seed, 500);
    const report = checkHistory(history);
    expect(report.violations.flatMap((tally) => tally.first)).toEqual([]);
    expect(report.operations).toBeGreaterThan(1000);
    expect([...report.skipped.keys()]).toEqual(['K17']);
    const wanted = ['K1', 'K2', 'K3', 'K4', 'K4w', 'K5', 'K6', 'K8', 'K9', 'K11', 'K12', 'K13'] as const;
    for (const predicate of [...wanted, 'K14', 'K15', 'lin'] as const)
      expect(report.checked.get(predicate), predicate).toBeGreaterThan(2);
  });

  test('survives being written and read', () => {
    const history = busy(7, 200);
    expect(readHistory(writeHistory(history))).toEqual(history);
  });

  describe('is found out when it was spoilt:', () => {
    const { header, entries } = busy(8, 300);
    const spoil = (pick: (entry: HistoryEntry) => boolean, change: (entry: never) => HistoryEntry[]) => {
      const places = entries.flatMap((entry, i) => (pick(entry) ? [i] : []));
      const place = places[Math.floor(places.length / 2)] as number;
      const copy = [...entries];
      copy.splice(place, 1, ...change(entries[place] as never));
      return checkHistory({ header, entries: copy }).violations.map(({ predicate }) => predicate);
    };
    const isOp = (wanted: string) => (entry: HistoryEntry) =>
      entry.kind === 'op' && entry.request.op === wanted && entry.outcome === 'ok';

    test('not at all', () => expect(checkHistory({ header, entries }).ok).toBe(true));
    test('another value', () =>
      expect(
        spoil(isOp('getData'), (op: OpEntry) => [{ ...op, result: { ...op.result, data: 'no' } }]),
      ).toContain('K5'));
    test('an event that did not come', () =>
      expect(
        spoil(
          ({ kind }) => kind === 'ev',
          () => [],
        ),
      ).toContain('K11'));
    test('a write that is not in the log', () =>
      expect(
        spoil(
          (entry) => entry.kind === 'log' && entry.txn.type === 'setData',
          () => [],
        ),
      ).toContain('K8'));
    test('a reply that overtook', () =>
      expect(spoil(isOp('setData'), (op: OpEntry) => [{ ...op, position: op.position + 9 }])).toContain(
        'K3',
      ));
  });
});

test('a healed ensemble without load is found to agree, one with a server down is not judged', () => {
  const ensemble = new RecordedEnsemble(3, 1).join();
  const [client] = ensemble.clients;
  client?.ask({ kind: 'create', path: '/a', data: null, acl: null, flags: 0 });
  ensemble.run(5_000).crash(1);
  expect(ensemble.history(1_100_000).entries.at(-1)).toMatchObject({ healedUs: -1 });
  ensemble.start(1).run(100_000);
  const report = checkHistory(ensemble.history(6_200_000));
  expect(report.checked.get('K17')).toBe(1);
  expect(report.violations).toEqual([]);
});
