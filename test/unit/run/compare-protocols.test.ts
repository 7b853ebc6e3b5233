import { expect, test } from 'vitest';
import {
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
} from '../../../src/report/comparison/comparison-texts.ts';
import { compareProtocols, comparisonRuns } from '../../../src/run/comparison/compare-protocols.ts';
import { COMPARED, DUELLISTS } from '../../../src/run/registry/compared.ts';
import { PROTOCOL_NAMES } from '../../../src/run/registry/protocols.ts';

const SETTINGS = { seeds: { from: 1, to: 1 }, members: [3] };

test('the same seeds give the same comparison, and what the protocols say of themselves', async () => {
  let ran = 0;
  const found = await compareProtocols(SETTINGS, 1, (count) => {
    ran += count;
  });
  expect(ran).toBe(comparisonRuns(SETTINGS));
  expect(found.amiss).toEqual([]);
  const shared = await compareProtocols(SETTINGS, 2, () => undefined);
  expect(comparisonJson(shared)).toEqual(comparisonJson(found));
  expect(comparisonMarkdown(shared)).toBe(comparisonMarkdown(found));
  expect(comparisonCsv(shared)).toBe(comparisonCsv(found));

  const [zab, raft, paxos] = found.ensembles.map(({ figures }) => figures);
  for (const figures of [zab, raft, paxos]) {
    expect(figures?.['round trips at the leader']?.p50).toBeCloseTo(2, 1);
    expect(figures?.['round trips elsewhere']?.p50).toBeCloseTo(3, 1);
    expect(figures?.['fsyncs alone']?.p50).toBe(3);
    expect(figures?.['fsyncs busy']?.p50).toBeLessThan(1);
    expect(figures?.['partition: outage']?.min).toBeGreaterThan(1_000_000);
  }
  // Two of three clients are not at the leader: their requests are forwarded.
  expect(zab?.['messages alone']?.p50).toBeCloseTo(3 * 2 + 2 / 3, 1);
  expect(paxos?.['messages alone']?.p50).toBeCloseTo(3 * 2 + 2 / 3, 1);
  expect(raft?.['messages alone']?.p50).toBeCloseTo(4 * 2 + 2 / 3, 1);
  // A broken connection tells of a crash at once; where there is none, silence has to.
  expect(raft?.['crash: elected']?.max).toBeLessThan(150_000);
  expect(zab?.['crash: elected']?.min).toBeGreaterThan(200_000);
  expect(paxos?.['crash: elected']?.min).toBeGreaterThan(1_000_000);

  // A plain read asks nobody; what makes it current asks the leader, a majority, or for a decree.
  for (const figures of [zab, raft, paxos]) {
    expect(figures?.['read: round trips']?.p50).toBeCloseTo(1, 1);
    expect(figures?.['read: messages']?.p50).toBeLessThan(0.1);
    expect(figures?.['read: old']?.p50).toBeGreaterThan(0);
    expect(figures?.['current read: old']?.max).toBe(0);
  }
  expect(zab?.['current read: at the leader']?.p50).toBeCloseTo(1, 1);
  expect(zab?.['current read: elsewhere']?.p50).toBeCloseTo(2, 1);
  for (const figures of [raft, paxos]) {
    expect(figures?.['current read: at the leader']?.p50).toBeCloseTo(2, 1);
    expect(figures?.['current read: elsewhere']?.p50).toBeCloseTo(3, 1);
  }
  expect(zab?.['current read: messages']?.p50).toBeCloseTo((2 * 2) / 3, 1);
  expect(raft?.['current read: messages']?.p50).toBeCloseTo(2 * 2 + (2 * 2) / 3, 1);
  expect(paxos?.['current read: messages']?.p50).toBeCloseTo(3 * 2 + 2 / 3, 1);

  const [fixed, random] = found.duels;
  expect(fixed).toMatchObject({ network: '10ms', backOff: 'fixed', runs: 1, undecided: 1 });
  expect(random).toMatchObject({ network: '10ms', backOff: 'random', runs: 1, undecided: 0 });
  expect(random?.decidedUs.max).toBeLessThan(2_000_000);
}, 300_000);

test('only protocols that are registered are compared', () => {
  for (const protocol of [...COMPARED, ...DUELLISTS.map((one) => one.protocol)]) {
    expect(PROTOCOL_NAMES).toContain(protocol);
  }
});
