import { expect, test } from 'vitest';
import { makeZxid } from '../../../src/core/zxid.ts';
import type { TraceEvent } from '../../../src/node/facts.ts';
import { nodeId } from '../../../src/node/ids.ts';
import { traceJsonl } from '../../../src/report/trace-jsonl.ts';
import { traceText } from '../../../src/report/trace-text.ts';

const MOMENT = { atUs: 1_234_567, event: 42 };
const sid = nodeId(3);

test.each<[TraceEvent, string]>([
  [
    {
      kind: 'leader-elected',
      server: sid,
      electionEpoch: 2,
      leader: sid,
      zxid: makeZxid(1, 5),
      peerEpoch: 1,
      settled: false,
    },
    '      1234.567 ms  3      is elected: for 3 (epoch 1, zxid 0x100000005) in round 2',
  ],
  [
    { kind: 'txn-committed', server: sid, zxid: makeZxid(1, 5) },
    '      1234.567 ms  3      commits 0x100000005',
  ],
  [
    { kind: 'returned', server: nodeId(1001), cxid: 4, outcome: 'ok', zxid: makeZxid(1, 5) },
    '      1234.567 ms  c1     has request 4 end: ok at 0x100000005',
  ],
  [
    { kind: 'fault-fired', name: 'fault 1', verb: 'crash', servers: [sid], effect: false },
    '      1234.567 ms  world  fault 1 fires: crash on 3, without effect',
  ],
  [
    {
      kind: 'fault-fired',
      name: 'split',
      verb: 'partition',
      servers: [nodeId(1), nodeId(2), sid],
      sides: [[nodeId(1), nodeId(2)], [sid]],
      effect: true,
    },
    '      1234.567 ms  world  split fires: partition of 1, 2 | 3',
  ],
  [
    {
      kind: 'fault-fired',
      name: 'f',
      verb: 'cut',
      servers: [nodeId(1), sid],
      sides: [[sid], [nodeId(1)]],
      effect: true,
    },
    '      1234.567 ms  world  f fires: cut from 3 to 1',
  ],
  [
    { kind: 'reachable', from: nodeId(1), to: sid, reachable: false },
    '      1234.567 ms  1      cannot reach 3',
  ],
  [
    { kind: 'appended', server: sid, file: 'log.1', record: 'txn', position: makeZxid(1, 5), digest: 9 },
    '      1234.567 ms  3      appends txn 0x100000005 to log.1',
  ],
  [
    { kind: 'restarted', server: sid, incarnation: 2 },
    '      1234.567 ms  3      starts again, for the 2nd time',
  ],
])('the trace reads: %#', (event, line) => {
  expect(traceText(event, MOMENT)).toBe(line);
});

test('a JSON line has the moment, then the event, with zxids as ZooKeeper prints them', () => {
  const event: TraceEvent = {
    kind: 'sync-chosen',
    server: sid,
    learner: nodeId(1),
    mode: 'diff',
    from: makeZxid(1, 1),
    zxid: makeZxid(1, 5),
  };
  expect(traceJsonl(event, MOMENT)).toBe(
    '{"atUs":1234567,"event":42,"kind":"sync-chosen","server":3,"learner":1,"mode":"diff",' +
      '"from":"0x100000001","zxid":"0x100000005"}',
  );
  expect(traceJsonl({ kind: 'reachable', from: sid, to: nodeId(1), reachable: true }, MOMENT)).toContain(
    '"from":3',
  );
});
