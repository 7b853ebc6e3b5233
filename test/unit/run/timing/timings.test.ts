import { describe, expect, test } from 'vitest';
import { makeZxid } from '../../../../src/core/zxid.ts';
import type { TraceEvent } from '../../../../src/node/facts.ts';
import type { LinkId } from '../../../../src/node/ids.ts';
import { nodeId } from '../../../../src/node/ids.ts';
import { majority } from '../../../../src/node/quorum.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { atPhase } from '../../../../src/run/timing/at-phase.ts';
import { ClientTimings } from '../../../../src/run/timing/client-timings.ts';
import { EnsembleTimings, overlapsOf } from '../../../../src/run/timing/ensemble-timings.ts';
import { measure } from '../../../../src/run/timing/measure.ts';
import type { Sample } from '../../../../src/run/timing/measures.ts';
import { StaleReads } from '../../../../src/run/timing/stale-reads.ts';
import { standardMatrix } from '../../../../src/run/timing/standard-matrix.ts';
import { cellName } from '../../../../src/run/timing/timing-report.ts';
import * as t from '../testimony.ts';

const fault = (verb: string, ...sids: number[]): TraceEvent => ({
  kind: 'fault-fired',
  name: 'fault 1',
  verb,
  servers: t.sids(...sids),
  effect: true,
});
const synchronizing = (sid: number, epoch: number): TraceEvent => ({
  kind: 'leader-synchronizing',
  server: nodeId(sid),
  epoch,
  zxid: makeZxid(0, 0),
});
const chosen = (leader: number, learner: number, mode: 'diff' | 'snap'): TraceEvent => ({
  kind: 'sync-chosen',
  server: nodeId(leader),
  learner: nodeId(learner),
  mode,
  from: makeZxid(0, 0),
  zxid: makeZxid(1, 0),
});
const synced = (sid: number, leader: number): TraceEvent => ({
  kind: 'follower-synced',
  server: nodeId(sid),
  leader: nodeId(leader),
  epoch: 1,
  zxid: makeZxid(1, 0),
});
const asks = (client: number, cxid: number): TraceEvent => ({
  kind: 'invoked',
  server: nodeId(client),
  cxid,
  via: nodeId(1),
  operation: 'add',
});
const gets = (client: number, cxid: number, outcome: 'ok' | 'unknown' = 'ok'): TraceEvent => ({
  kind: 'returned',
  server: nodeId(client),
  cxid,
  outcome,
  zxid: makeZxid(1, 1),
});

/** `measure server ms` of each sample. */
function told(samples: readonly Sample[]): string[] {
  return samples.map(({ measure: name, server, value }) => `${name} ${server} ${value / 1000}`);
}

function ensemble(story: readonly t.Told[]): string[] {
  const timings = new EnsembleTimings(majority(t.sids(1, 2, 3)));
  t.tell(timings, story);
  return told(timings.samples);
}

function clients(story: readonly t.Told[], endMs: number): string[] {
  const timings = new ClientTimings();
  t.tell(timings, story);
  return told(timings.samples(endMs * 1000));
}

const FORMED: readonly t.Told[] = [
  [0, t.looking(1)],
  [40, t.looking(3)],
  [250, t.elected(3)],
  [270, synchronizing(3, 1)],
  [280, chosen(3, 1, 'diff')],
  [300, t.established(3, 1)],
  [310, synced(1, 3)],
];

describe('the servers', () => {
  test('the phases of a first election begin when a quorum looks', () => {
    expect(ensemble([...FORMED, [320, t.committed(3, 1, 1)], [330, t.committed(3, 1, 2)]])).toEqual([
      'election 3 210',
      'discovery 3 20',
      'synchronization 3 30',
      'establishment 3 260',
      'first-commit 3 20',
    ]);
  });

  test('a server that finds an established leader rejoins, by the mode that the leader chose', () => {
    const late: readonly t.Told[] = [
      [1000, t.looking(2)],
      [1040, chosen(3, 2, 'snap')],
      [1080, synced(2, 3)],
    ];
    expect(ensemble([...FORMED, ...late]).slice(4)).toEqual(['rejoin-snap 2 80']);
  });

  test('a crash is detected by who had a leader, and the next leader ends the failover', () => {
    const story: readonly t.Told[] = [
      ...FORMED,
      [1000, t.looking(2)],
      [1040, chosen(3, 2, 'diff')],
      [1080, synced(2, 3)],
      [5000, fault('crash', 3)],
      [5000, t.crashed(3)],
      [5016, t.looking(1)],
      [5018, t.looking(2)],
      [5230, t.elected(2)],
      [5300, synchronizing(2, 2)],
      [5360, t.established(2, 2)],
    ];
    expect(ensemble(story).slice(5)).toEqual([
      'detection 1 16',
      'election 2 212',
      'discovery 2 70',
      'synchronization 2 60',
      'establishment 2 342',
      'failover 2 360',
    ]);
  });

  test('a restart is no blow: who starts looks for nobody it has lost', () => {
    const story: readonly t.Told[] = [...FORMED, [900, fault('restart', 2)], [950, t.looking(2)]];
    expect(ensemble(story).slice(4)).toEqual([]);
  });

  test('two leaders overlap from the later establishment to the first end', () => {
    const term = { lookingAtUs: 0, electedAtUs: 1, ended: '' };
    const terms = [
      { ...term, server: nodeId(3), epoch: 1, establishedAtUs: 400, endedAtUs: 12_000 },
      { ...term, server: nodeId(2), epoch: 2, establishedAtUs: 10_300, endedAtUs: -1 },
    ];
    expect(overlapsOf(terms, 60_000)).toEqual([{ measure: 'overlap', value: 1700, atUs: 12_000, server: 2 }]);
    expect(overlapsOf(terms.slice(1), 60_000)).toEqual([]);
  });
});

describe('the clients', () => {
  const CALM: readonly t.Told[] = [
    [10, asks(4097, 1)],
    [14, gets(4097, 1)],
    [20, asks(4097, 2)],
    [26, gets(4097, 2)],
    [30, asks(4097, 3)],
    [34, gets(4097, 3)],
  ];

  test('before a fault, latency is the median and throughput counts the answers', () => {
    expect(clients(CALM, 1000)).toEqual(['write-latency 0 4', 'throughput 0 0.1']);
  });

  test('the gap is the longest time between two answers that ends after a fault', () => {
    const story: readonly t.Told[] = [
      ...CALM,
      [36, asks(4097, 4)],
      [40, fault('crash', 3)],
      [41, gets(4097, 4, 'unknown')],
      [500, asks(4097, 5)],
      [540, gets(4097, 5)],
      [541, asks(4097, 6)],
      [550, gets(4097, 6)],
    ];
    expect(clients(story, 1000)).toContain('write-gap 0 506');
  });

  test('a gap that nobody ends lasts to the end of the run', () => {
    const story: readonly t.Told[] = [...CALM, [40, fault('crash', 2, 3)], [60, asks(4097, 4)]];
    expect(clients(story, 1000)).toContain('write-gap 0 966');
  });
});

describe('reads and writes', () => {
  const asksFor = (client: number, cxid: number, operation: string): TraceEvent => ({
    ...(asks(client, cxid) as Extract<TraceEvent, { kind: 'invoked' }>),
    operation,
  });

  test('have gaps and latencies of their own', () => {
    const story: readonly t.Told[] = [
      [10, asksFor(4097, 1, 'setData /a')],
      [14, gets(4097, 1)],
      [20, asksFor(4098, 1, 'getData /a')],
      [21, gets(4098, 1)],
      [22, asksFor(4098, 2, 'sync /a')],
      [23, gets(4098, 2)],
      [40, fault('crash', 3)],
      [50, asksFor(4098, 3, 'getData /a')],
      [55, gets(4098, 3)],
      [60, asksFor(4097, 2, 'setData /a')],
      [600, gets(4097, 2)],
    ];
    expect(clients(story, 1000)).toEqual([
      'write-gap 0 586',
      'write-latency 0 4',
      'read-gap 0 34',
      'read-latency 0 1',
    ]);
  });

  test('a write that was given up ends the wait for it, and no gap lasts to the end', () => {
    const story: readonly t.Told[] = [
      [10, asks(4097, 1)],
      [14, gets(4097, 1)],
      [40, fault('crash', 3)],
      [41, asks(4097, 2)],
      [300, gets(4097, 2, 'unknown')],
    ];
    expect(clients(story, 1000)).toContain('write-gap 0 286');
  });
});

test('stale reads: of an old epoch, after a newer one was established, without a write acked before', () => {
  const [old, young] = [7 as LinkId, 8 as LinkId];
  const sends = (link: LinkId, xid: number, kind: 'getData' | 'setData'): TraceEvent => ({
    kind: 'client-sent',
    server: nodeId(link === old ? 4097 : 4098),
    link,
    xid,
    operation: { kind } as never,
  });
  const receives = (link: LinkId, xid: number, zxid: number): TraceEvent => ({
    kind: 'client-received',
    server: nodeId(link === old ? 4097 : 4098),
    link,
    message: { kind: 'reply', xid, zxid, err: 0, result: undefined } as never,
  });
  const connecting = (link: LinkId, via: number): TraceEvent => ({
    kind: 'client-connecting',
    server: nodeId(link === old ? 4097 : 4098),
    handle: 1,
    link,
    via: nodeId(via),
    session: '0' as never,
    lastZxidSeen: makeZxid(1, 0),
    timeoutMs: 4000,
    address: 'c1',
    password: '',
  });
  const [before, after] = [makeZxid(1, 5), makeZxid(2, 1)];
  const story: readonly t.Told[] = [
    [0, t.established(3, 1)],
    [1, connecting(old, 3)],
    [2, connecting(young, 2)],
    [10, sends(old, 1, 'getData')],
    [11, receives(old, 1, before)],
    [300, t.established(2, 2)],
    // The write is acknowledged after this read was sent: the two were concurrent.
    [310, sends(young, 1, 'setData')],
    [311, sends(old, 2, 'getData')],
    [312, receives(young, 1, after)],
    [313, receives(old, 2, before)],
    [320, sends(old, 3, 'getData')],
    [321, receives(old, 3, before)],
    [322, sends(young, 2, 'getData')],
    [323, receives(young, 2, after)],
    [330, t.resigned(3, 1)],
    [340, sends(old, 4, 'getData')],
    [341, receives(old, 4, before)],
  ];
  const reads = new StaleReads();
  t.tell(reads, story);
  expect(reads.samples(true)).toEqual([{ measure: 'stale-reads', value: 1, atUs: 321_000, server: 0 }]);
  expect(reads.samples(false)).toEqual([]);
});

test('a partition of the standard matrix: reads go on at the old leader, and some are stale', () => {
  const labels = { story: 'leader partitioned', tickTime: '2000 ms', voters: '3', observers: '0' };
  const cell = standardMatrix('lan').find((one) => cellName(one.labels) === cellName(labels));
  // With this seed the old leader lasts for a second and a half beside the new one.
  const { outcome, samples } = measure(parseScenario(atPhase(cell?.text ?? '', 4)), 4);
  const of = (name: string) => samples.filter(({ measure: one }) => one === name).map(({ value }) => value);
  expect(outcome.liveness.judged).toBe(true);
  expect(of('stale-reads')[0]).toBeGreaterThan(0);
  expect(of('read-gap')[0]).toBeLessThan(1_000_000);
  expect(of('write-gap')[0]).toBeGreaterThan(10_000_000);
});

test('a story of the standard matrix has a server come back by TRUNC', () => {
  const labels = { story: 'old tail returns', tickTime: '2000 ms', voters: '3', observers: '0' };
  const cell = standardMatrix('lan').find((one) => cellName(one.labels) === cellName(labels));
  const { outcome, samples } = measure(parseScenario(atPhase(cell?.text ?? '', 1)), 1);
  expect(outcome.verdict).toBe('passed');
  expect(samples.filter(({ measure: name }) => name.startsWith('rejoin-'))).toMatchObject([
    { measure: 'rejoin-trunc', server: 3 },
  ]);
});

test('a run is measured without being changed', () => {
  const plan = parseScenario(`
title: A crash
duration: 20s
ensemble: { voters: 3 }
clients: { count: 1, operations: 100, rate: 20/s }
faults: [{ at: 2s, crash: leader }, { at: 8s, restart: crashed }]
`);
  const { outcome, samples } = measure(plan, 7);
  expect(outcome.fingerprint).toBe(measure(plan, 7).outcome.fingerprint);
  expect(new Set(samples.map((sample) => sample.measure))).toEqual(
    new Set([
      ...['unavailable', 'leaders'],
      ...['election', 'discovery', 'synchronization', 'establishment', 'first-commit', 'detection'],
      ...['failover', 'rejoin-diff', 'write-gap', 'write-latency', 'throughput'],
    ]),
  );
  const terms = outcome.leaders.map((term) => term.electedAtUs - term.lookingAtUs);
  expect(samples.filter(({ measure: name }) => name === 'election').map(({ value }) => value)).toEqual(terms);
});
