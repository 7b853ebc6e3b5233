import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../src/check/history/check-history.ts';
import type { ClientHistory, HistoryEntry, OpEntry } from '../../../../src/check/history/client-history.ts';
import { ToyEnsemble } from './toy-ensemble.ts';

const run = (seed: number, ops: number) =>
  new ToyEnsemble({ seed, ops, clients: 12, paths: 12, losses: 5 }).run();

function broken(history: ClientHistory): string[] {
  return checkHistory(history, { searchLimit: 5000 }).violations.map(({ predicate }) => predicate);
}

test.each([1, 2, 3, 4, 5, 6])('a correct ensemble is found without fault, seed %i', (seed) => {
  const report = checkHistory(run(seed, 1500));
  expect(report.violations).toEqual([]);
  expect(report.skipped.has('lin')).toBe(false);
  for (const predicate of [
    'K1',
    'K2',
    'K3',
    'K4',
    'K4w',
    'K5',
    'K6',
    'K8',
    'K10',
    'K11',
    'K12',
    'K13',
    'K15',
  ] as const) {
    expect(report.checked.get(predicate), predicate).toBeGreaterThan(50);
  }
});

test('nor without its log', () => {
  const { header, entries } = run(7, 1500);
  const seen = entries.filter(({ kind }) => kind === 'op' || kind === 'ev' || kind === 'conn');
  expect(
    checkHistory({ header: { ...header, whiteBox: false }, entries: seen }, { searchLimit: 3000 }).violations,
  ).toEqual([]);
});

test('100,000 operations', () => {
  const history = new ToyEnsemble({ seed: 5, ops: 100_000, clients: 20, paths: 200, losses: 4 }).run();
  const report = checkHistory(history);
  expect(report.violations).toEqual([]);
  expect(report.operations).toBe(100_000);
});

test('10,000 operations of the tree through the search, in fewer states than operations', () => {
  const report = checkHistory(
    new ToyEnsemble({ seed: 2, ops: 10_000, clients: 20, paths: 20, losses: 4 }).run(),
  );
  expect(report.violations).toEqual([]);
  expect(report.skipped.has('lin')).toBe(false);
  expect(report.statesVisited).toBeLessThan(10_000);
});

/** One entry is changed in a history that was right. */
describe('a history that was spoilt in one place', () => {
  const spoil = (
    pick: (entry: HistoryEntry) => boolean,
    change: (entry: never) => HistoryEntry | undefined,
  ) => {
    const { header, entries } = run(3, 1500);
    const places = entries.flatMap((entry, i) => (pick(entry) ? [i] : []));
    const place = places[Math.floor(places.length / 2)] as number;
    const changed = change(entries[place] as never);
    const copy = entries.filter((_, i) => i !== place || changed !== undefined);
    if (changed !== undefined) copy[place] = changed;
    return broken({ header, entries: copy });
  };
  const isOp = (wanted: string) => (entry: HistoryEntry) =>
    entry.kind === 'op' && entry.request.op === wanted && entry.outcome === 'ok';

  test('another value', () =>
    expect(
      spoil(isOp('getData'), (op: OpEntry) => ({ ...op, result: { ...op.result, data: 'no' } })),
    ).toContain('K5'));
  test('a child less', () =>
    expect(
      spoil(
        (entry) => isOp('getChildren')(entry) && ((entry as OpEntry).result.children?.length ?? 0) > 0,
        (op: OpEntry) => ({ ...op, result: { ...op.result, children: op.result.children?.slice(1) ?? [] } }),
      ),
    ).toContain('K5'));
  test('a write that is said to have failed', () =>
    expect(spoil(isOp('setData'), (op: OpEntry) => ({ ...op, outcome: 'failed', error: -103 }))).toEqual(
      expect.arrayContaining(['K6', 'lin']),
    ));
  test('a write at another zxid', () =>
    expect(spoil(isOp('create'), (op: OpEntry) => ({ ...op, zxid: op.zxid + 1 }))).not.toEqual([]));
  test('an event that did not come', () =>
    expect(
      spoil(
        (entry) => entry.kind === 'ev' && entry.zxid > 0,
        () => undefined,
      ),
    ).toContain('K11'));
  test('an event that setWatches did not make up', () =>
    expect(
      spoil(
        (entry) => entry.kind === 'ev' && entry.zxid === -1,
        () => undefined,
      ),
    ).toContain('K11'));
  test('a transaction that is missing', () =>
    expect(
      spoil(
        (entry) => entry.kind === 'log' && entry.txn.type === 'setData',
        () => undefined,
      ),
    ).toContain('K8'));
});
