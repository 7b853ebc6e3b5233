import { describe, expect, test } from 'vitest';
import { measureConsistency } from '../../../src/run/consistency/measure-consistency.ts';
import { parseScenario } from '../../../src/run/scenario.ts';

const CLIENTS = 'sessionTimeout: 4s, start: 1s, keys: 2, pipeline: 4';

function rowsOf(body: string, seed = 1) {
  const plan = parseScenario(['title: t', 'duration: 20s', body].join('\n'));
  const { rows } = measureConsistency(plan, [seed]);
  return (side: string, as: string, demand: string) =>
    rows.find((row) => row.side === side && row.as === as && row.demand === demand);
}

describe('what clients get', () => {
  test('is everything, and nearly fresh, where nothing is wrong', () => {
    const row = rowsOf(
      `ensemble: { voters: 3, tickTime: 500ms }
clients: { count: 3, connect: each, rate: 120/s, operations: 1200, ${CLIENTS},
  mix: { create: 1, set: 2, get: 6, syncGet: 3 } }`,
    );
    expect(row('majority', 'follower', 'write')).toMatchObject({ unanswered: 0, refused: 0 });
    // A follower applies a commit one message later than its leader decides it.
    expect(row('majority', 'follower', 'read')?.behindMaxUs).toBeLessThan(2000);
    expect(row('majority', 'follower', 'sync + read')).toMatchObject({ old: 0, unanswered: 0 });
    expect(row('majority', 'leader', 'read')).toMatchObject({ old: 0 });
    expect(row('minority', 'follower', 'read')).toBeUndefined();
  });

  test('is refused or old from a read-only server', () => {
    const row = rowsOf(
      `ensemble: { voters: 3, tickTime: 500ms, readonlymode.enabled: true, localSessionsEnabled: true }
clients: { count: 3, connect: each, rate: 120/s, readOnly: true, ${CLIENTS},
  mix: { create: 1, set: 2, get: 6, syncGet: 3 } }
faults: [{ at: 4s, partition: [[1], [2, 3]] }]`,
    );
    const writes = row('minority', 'read-only', 'write');
    expect(writes?.answered).toBe(0);
    expect(writes?.refused).toBeGreaterThan(5);
    const reads = row('minority', 'read-only', 'read');
    expect(reads?.answered).toBeGreaterThan(20);
    expect(reads?.old).toBe(reads?.answered);
    expect(reads?.behindMaxUs).toBeGreaterThan(5_000_000);
    expect(row('minority', 'read-only', 'sync + read')?.answered).toBe(0);
  });

  test('gets old at a follower that hears nothing from its leader, but not behind a sync', () => {
    const row = rowsOf(
      `ensemble: { voters: 3, tickTime: 1s }
clients: { count: 3, connect: each, rate: 300/s, ${CLIENTS},
  mix: { create: 1, set: 1, get: 200, syncGet: 1 } }
faults: [{ at: 5s, cut: { from: leader, to: 1 } }]`,
      2,
    );
    expect(row('majority', 'follower', 'read')?.behindMaxUs).toBeGreaterThan(20_000);
    expect(row('majority', 'follower', 'sync + read')?.old).toBe(0);
  });

  test('is nothing from a server that serves nobody', () => {
    const row = rowsOf(
      `ensemble: { voters: 3, tickTime: 500ms }
clients: { count: 3, connect: each, rate: 60/s, ${CLIENTS},
  mix: { create: 1, get: 3 } }
faults: [{ at: 4s, crash: [2, 3] }]`,
    );
    const reads = row('minority', 'none', 'read');
    expect(reads?.asked).toBeGreaterThan(3);
    expect(reads?.unanswered).toBe(reads?.asked);
  });
});
