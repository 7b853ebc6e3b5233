import { describe, expect, test } from 'vitest';
import { makeZxid } from '../../../../src/core/zxid.ts';
import type { TraceEvent } from '../../../../src/node/facts.ts';
import { nodeId } from '../../../../src/node/ids.ts';
import { storyText } from '../../../../src/report/explain/story-text.ts';
import { UNPAINTED } from '../../../../src/report/paint.ts';
import { coneOf } from '../../../../src/run/explain/cone.ts';
import { record } from '../../../../src/run/explain/record.ts';
import { Recording } from '../../../../src/run/explain/recording.ts';
import { StateBook } from '../../../../src/run/explain/state-book.ts';
import { tell } from '../../../../src/run/explain/story.ts';
import { targetOf } from '../../../../src/run/explain/target.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import * as t from '../testimony.ts';

const NOTHING_AMISS = { violations: [], stalls: [], unmet: [] };

type Message = 'sent' | 'delivered';
const message = (kind: Message, link: number, from: number, to: number, text: string): TraceEvent => ({
  kind,
  link,
  from: nodeId(from),
  to: nodeId(to),
  message: text,
});

function recorded(story: readonly t.Told[]): Recording['happenings'] {
  const recording = new Recording();
  t.tell(recording, story);
  return recording.happenings;
}

describe('the cone', () => {
  const happenings = recorded([
    [0, t.looking(1)],
    [0, t.looking(2)],
    [0, t.looking(3)],
    [1, message('sent', 5, 1, 2, 'a')],
    [2, message('sent', 5, 1, 2, 'b')],
    [3, message('sent', 6, 3, 2, 'c')],
    [4, message('delivered', 5, 1, 2, 'a')],
    [5, t.elected(2)],
    [6, message('delivered', 6, 3, 2, 'c')],
  ]);

  test('a delivery comes from the message of its place in its direction', () => {
    expect(happenings[6]?.cause).toBe(3);
    expect(happenings[8]?.cause).toBe(5);
  });

  test('holds what came before on the same server, and before what it was sent, and nothing else', () => {
    const cone = coneOf(happenings, [7]);
    expect(happenings.filter(cone).map(({ id }) => id)).toEqual([0, 1, 3, 6, 7]);
  });

  test('holds a fault that came before, and what it did', () => {
    const crash: readonly t.Told[] = [
      [0, t.looking(1)],
      [1, t.looking(2)],
    ];
    const recording = new Recording();
    t.tell(recording, crash);
    recording.observe(t.crashed(2), { atUs: 5000, event: 9 });
    const fired = {
      kind: 'fault-fired',
      name: 'f',
      verb: 'crash',
      servers: t.sids(2),
      effect: true,
    } as const;
    recording.observe(fired, { atUs: 5000, event: 9 });
    recording.observe(t.elected(1), { atUs: 6000, event: 10 });
    const all = recording.happenings;
    expect(all[2]?.cause).toBe(3);
    const cone = coneOf(all, [4]);
    expect(all.filter(cone).map(({ id }) => id)).toEqual([0, 2, 3, 4]);
  });
});

const LEADER_CRASH = `
title: The leader dies
duration: 30s
environment: lan
ensemble: { voters: 3 }
faults: [{ at: 5s, crash: leader }]
`;

const WIPED = `
title: A wiped voter forgets what a quorum had
duration: 30s
ensemble: { voters: 3 }
clients: { count: 2, operations: 200, rate: 20/s }
faults:
  - { at: 4s, isolate: 1 }
  - { at: 7s, crash: [2, 3] }
  - { after: 1s, wipe: 2 }
  - { after: 1s, heal: all }
  - { after: 1s, start: 2 }
`;

function storyOf(text: string, question = {}) {
  const { outcome, happenings } = record(parseScenario(text), 7);
  const target = targetOf(happenings, outcome, question);
  if (target === undefined) throw new Error('nothing to explain');
  return tell(happenings, target, t.sids(1, 2, 3));
}

const ONE_BLOW = `
title: Power fails when an acked transaction is on one disk
duration: 60s
ensemble: { voters: 3, behaviour: ZOOKEEPER-3911, start: { 1: never } }
initial:
  1: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1] }
  2: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1] }
  3: { acceptedEpoch: 1, currentEpoch: 1, log: [1:1..1:2] }
faults:
  - { when: { fact: leader-established, server: 3 }, powerCut: [2, 3] }
  - { after: 1s, start: [1, 2] }
`;

test('a blow that hits several at once is told with what each had done, and how it left them', () => {
  const { scenes, views } = storyOf(ONE_BLOW, { invariant: 'no-lost-commit' });
  const led = scenes.filter(({ happening }) => happening.event.kind === 'leader-established');
  expect(led.map(({ happening }) => happening.who)).toEqual([3]);
  expect(views.map(({ role }) => role)).toEqual(['off', 'down', 'down']);
  // What did not reach the disk: the proposal came, and no record of it was written.
  const kinds = scenes
    .filter(({ happening }) => happening.who === 2)
    .map(({ happening }) => happening.event.kind);
  expect(kinds).toContain('delivered');
  expect(kinds).not.toContain('appended');
});

describe('a delay', () => {
  const story = storyOf(LEADER_CRASH);
  const kinds = story.scenes.map(({ happening }) => happening.event.kind);

  test('begins with the fault and ends with the leader that was waited for', () => {
    expect(story.target.text).toMatch(/^No leader for \d+\.\d ms, then [12] is established$/);
    expect(story.target.sinceUs).toBe(5_000_000);
    expect(kinds).toContain('fault-fired');
    expect(kinds.indexOf('fault-fired')).toBeLessThan(kinds.indexOf('leader-elected'));
    expect(kinds.at(-1)).toBe('leader-established');
  });

  test('is parted into stretches without gaps, among them the wait for a better vote', () => {
    const { stretches, target } = story;
    expect(stretches[0]?.fromUs).toBe(target.sinceUs);
    expect(stretches.at(-1)?.toUs).toBe(target.atUs);
    for (const [index, { fromUs }] of stretches.slice(1).entries())
      expect(fromUs).toBe(stretches[index]?.toUs);
    const finalize = stretches.find(({ what }) => what.includes('timer: finalize'));
    expect((finalize?.toUs ?? 0) - (finalize?.fromUs ?? 0)).toBeGreaterThanOrEqual(195_000);
  });
});

describe('a violation', () => {
  const story = storyOf(WIPED);

  test('is told with the transaction that it names, and with the fault that broke it', () => {
    expect(story.target.text).toMatch(/^no-lost-commit: a quorum exists whose disks do not hold/);
    expect(story.target.detail).toMatch(/^0x1[0-9a-f]{8} is committed and durable only at voters 3$/);
    const zxid = Number(/0x[0-9a-f]+/.exec(story.target.detail)?.[0]);
    const told = story.scenes.map(({ happening }) => happening.event);
    const about = told.flatMap((event) => ('zxid' in event && event.zxid === zxid ? [event.kind] : []));
    expect(about).toEqual(
      expect.arrayContaining(['txn-proposed', 'txn-logged', 'txn-acked', 'txn-committed']),
    );
    expect(told).toContainEqual({ kind: 'wiped', server: 2 });
  });

  test('the last states of the servers are those at its time', () => {
    expect(story.views.map(({ role }) => role)).toEqual(['with 3', 'down', 'down']);
    expect(story.views[1]?.logged).toBe(-1);
  });

  test('fits a screen, with servers as columns', () => {
    const lines = storyText(story, { width: 100, paint: UNPAINTED }).split('\n');
    expect(lines.length).toBeLessThan(60);
    expect(Math.max(...lines.slice(3).map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(lines[1]).toMatch(/^1:[0-9a-f]+ is committed and durable only at voters 3$/);
    expect(lines[4]).toMatch(/^ +ms {2}server 1 +server 2 +server 3$/);
    expect(lines.filter((line) => line.includes('▶'))).toHaveLength(1);
    expect(lines.find((line) => line.includes('DISK WIPED'))).toMatch(/^ +8000\.0▶ · +DISK WIPED +·$/);
  });
});

test('a scenario that expects a violation has that one explained, not an earlier one', () => {
  const accusation = (invariant: string, event: number) => ({
    ...{ invariant, tier: 2 as const, atUs: event, event, servers: [], rule: 'r', message: 'm' },
  });
  const outcome = { ...NOTHING_AMISS, violations: [accusation('agreement', 1), accusation('no-bad-ack', 2)] };
  const happenings = recorded([
    [0, t.looking(1)],
    [1, t.looking(2)],
  ]);
  const textOf = (question: object) => targetOf(happenings, outcome, question)?.text;
  expect(textOf({})).toBe('agreement: r');
  expect(textOf({ expected: 'no-bad-ack' })).toBe('no-bad-ack: r');
  expect(textOf({ expected: 'integrity' })).toBe('agreement: r');
  expect(textOf({ invariant: 'agreement', expected: 'no-bad-ack' })).toBe('agreement: r');
});

describe('how a server stands', () => {
  const file = (kind: 'replaced' | 'appended', name: string, position: number): TraceEvent => ({
    ...{ kind, server: nodeId(1), file: name, record: 'record', position, digest: 0 },
  });
  const synced = (name: string): TraceEvent => ({ kind: 'synced', server: nodeId(1), file: name, count: 1 });
  const view = (...events: readonly TraceEvent[]) => {
    const book = new StateBook();
    for (const event of events) book.observe(event);
    return book.view(nodeId(1));
  };
  const accepted: TraceEvent = { kind: 'epoch-accepted', server: nodeId(1), epoch: 3 };

  test('what it says of its epochs is told apart from what its disk holds', () => {
    expect(view(file('replaced', 'acceptedEpoch', 3), accepted)).toMatchObject({
      acceptedEpoch: 3,
      acceptedOnDisk: -1,
    });
    const durable = [file('replaced', 'acceptedEpoch', 2), synced('acceptedEpoch'), accepted];
    expect(view(...durable)).toMatchObject({ acceptedEpoch: 3, acceptedOnDisk: 2 });
    // A new process says what the disk holds.
    expect(view(...durable, t.restarted(1))).toMatchObject({ acceptedEpoch: 2, acceptedOnDisk: 2 });
  });

  test('a snapshot that was received is in memory, and on the disk once it is synced', () => {
    const zxid = makeZxid(2, 7);
    const installed: TraceEvent = { kind: 'snapshot-installed', server: nodeId(1), leader: nodeId(3), zxid };
    expect(view(installed)).toMatchObject({ applied: zxid, logged: -1 });
    expect(view(installed, file('appended', 'snapshot.200000007', zxid))).toMatchObject({ logged: -1 });
    expect(
      view(installed, file('appended', 'snapshot.200000007', zxid), synced('snapshot.200000007')),
    ).toMatchObject({ logged: zxid });
  });
});

test('what had happened by a time can be asked for', () => {
  expect(storyOf(LEADER_CRASH, { atUs: 4_000_000 }).target.atUs).toBeLessThanOrEqual(4_000_000);
  const { happenings, outcome } = record(parseScenario(LEADER_CRASH), 7);
  expect(targetOf(happenings, outcome, { invariant: 'agreement' })).toBeUndefined();
  expect(targetOf([], NOTHING_AMISS)).toBeUndefined();
});

test('a run without any leader is told to its end', () => {
  const lonely = LEADER_CRASH.replace(/faults.*/, '').replace(
    'voters: 3',
    'voters: 3, start: { 2: never, 3: never }',
  );
  const story = storyOf(lonely);
  expect(story.target.text).toBe('No leader was ever established');
  expect(story.scenes.at(-1)?.happening.event.kind).not.toBe('leader-established');
  expect(story.scenes.some(({ happening }) => happening.event.kind === 'looking')).toBe(true);
});

test('a violation is of what a server concerned did in its step, not of what came last in it', () => {
  const happenings = recorded([[0, t.looking(1)]]);
  const recording = new Recording();
  for (const { event } of happenings) recording.observe(event, { atUs: 0, event: 1 });
  recording.observe(t.elected(1), { atUs: 5000, event: 2 });
  recording.observe(t.looking(2), { atUs: 5000, event: 2 });
  const violation = { invariant: 'x', tier: 1, atUs: 5000, event: 2, rule: 'r', message: 'm' } as const;
  const about = (servers: readonly number[]) =>
    targetOf(recording.happenings, {
      ...NOTHING_AMISS,
      violations: [{ ...violation, servers: t.sids(...servers) }],
    });
  expect(about([1])?.id).toBe(1);
  expect(about([3])?.id).toBe(2);
});

test('a story tells of as many servers as there is room for, those that it is about first', () => {
  const nine = LEADER_CRASH.replace('voters: 3', 'voters: 9');
  const { outcome, happenings } = record(parseScenario(nine), 7);
  const target = targetOf(happenings, outcome);
  if (target === undefined) throw new Error('nothing to explain');
  const lines = storyText(tell(happenings, target), { width: 80, paint: UNPAINTED }).split('\n');
  expect(lines[3]?.match(/server \d/g)).toHaveLength(4);
  expect(lines[3]).toContain(`server ${target.servers[0]}`);
});
