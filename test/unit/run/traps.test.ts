import { describe, expect, test } from 'vitest';
import type { ClientHistory, HistoryEntry } from '../../../src/check/history/client-history.ts';
import type { Fact } from '../../../src/node/facts.ts';
import { readScenario } from '../../../src/run/files.ts';
import { simulate } from '../../../src/run/simulate.ts';

/** A scenario's outcome, and what came of it for its clients. */
function run(name: string) {
  const plan = readScenario(`scenarios/traps/${name}.yaml`);
  const facts: { readonly atUs: number; readonly fact: Fact }[] = [];
  let history: ClientHistory | undefined;
  const outcome = simulate(plan, {
    history: (recorded) => {
      history = recorded;
    },
    witnesses: [
      {
        wants: (kind) => kind === 'session-expired',
        observe: (event, { atUs }) => facts.push({ atUs, fact: { ...event } as Fact }),
      },
    ],
  });
  const entries = history?.entries ?? [];
  const of = <K extends HistoryEntry['kind']>(kind: K) =>
    entries.filter((entry): entry is Extract<HistoryEntry, { kind: K }> => entry.kind === kind);
  return { outcome, facts, of };
}

describe('what users meet', () => {
  test('is a lock holder that was paused past its session and uses what the lock guards', () => {
    const { outcome, of } = run('paused-holder-unfenced');
    expect(outcome.violations.map(({ invariant }) => invariant)).toEqual(['recipes-hold']);
    const uses = of('recipe').filter((entry) => entry.recipe === 'resource');
    expect(uses.every((use) => use.accepted)).toBe(true);
  });

  test('is a fence that refuses it', () => {
    const { outcome, of } = run('paused-holder-fenced');
    expect(outcome.violations).toEqual([]);
    const refused = of('recipe').filter((entry) => entry.recipe === 'resource' && !entry.accepted);
    expect(refused.length).toBeGreaterThan(0);
    // It woke up, and its first use was refused at once.
    expect([8_300_000, 14_200_000]).toContain(refused[0]?.atUs);
  });

  test('is a watch that does not tell of what came and went meanwhile', () => {
    const { of } = run('watch-misses-what-came-and-went');
    const back = of('op').find(({ request }) => request.op === 'setWatches');
    if (back?.request.op !== 'setWatches') throw new Error('c1 brought no watches along');
    const { exist, relativeZxid } = back.request;
    const path = '/k0/c1';
    expect(exist).toContain(path);
    const missed = of('log').filter(({ zxid }) => zxid > relativeZxid && zxid <= back.zxid);
    const changes = missed.flatMap(({ txn }) => ('path' in txn && txn.path === path ? [txn.type] : []));
    expect(changes).toEqual(['create', 'delete']);
    const told = of('ev').filter((event) => event.connection === back.connection && event.path === path);
    expect(told).toEqual([]);
  });

  test('is a session that lives longer because the leader changed', () => {
    const { facts } = run('sessions-get-more-time');
    const [expired] = facts;
    // Cut off at 4 s, with a timeout of 4 s; the leader changed at 7 s.
    expect(expired?.atUs).toBeGreaterThan(11_000_000);
    expect(expired?.atUs).toBeLessThan(12_000_000);
  });
});
