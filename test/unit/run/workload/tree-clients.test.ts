import { describe, expect, test } from 'vitest';
import { RECIPE_NAMES } from '../../../../src/run/workload/kinds.ts';
import { type ClientStory, clientStory } from './client-story.ts';

/** The lines that match, without their times. */
function told({ lines }: ClientStory, what: RegExp): string[] {
  return lines.filter(({ text }) => what.test(text)).map(({ text }) => text);
}

function timeOf({ lines }: ClientStory, text: string): number {
  return lines.find((line) => line.text === text)?.atMs ?? Number.NaN;
}

describe('a client of the tree', () => {
  test('goes on at another server when its own crashes, with the same session', () => {
    const story = clientStory(
      `clients: { count: 1, connect: [1, 2], start: 1s, rate: 4/s, operations: 20, mix: { set: 1 } }
faults: [{ at: 3s, crash: 2 }]`,
    );
    expect(told(story, /asks|accepted/)).toEqual([
      'c1 asks 2 for a session',
      'c1 is accepted, 4000 ms',
      'c1 asks 1 for its session',
      'c1 is accepted, 4000 ms',
    ]);
    expect(story.outcome.clients.ok + story.outcome.clients.failed).toBeGreaterThan(15);
  });

  test('does not know what became of what was under way when its connection broke', () => {
    const story = clientStory(
      `clients: { count: 1, connect: [1], start: 1s, rate: 50/s, operations: 200, mix: { create: 1 } }
faults: [{ at: 3s, reset: { between: [[c1], [1]] } }]`,
    );
    expect(story.outcome.clients.unknown).toBeGreaterThanOrEqual(1);
    expect(told(story, /asks/)).toEqual(['c1 asks 1 for a session', 'c1 asks 1 for its session']);
  });

  test('learns at its next connection that its session expired, and opens another', () => {
    const story = clientStory(
      `clients: { count: 1, start: 1s, rate: 1/s, sessionTimeout: 4s, mix: { createEphemeral: 1 }, keys: 1 }
faults: [{ at: 4s, isolate: c1, for: 4500ms }]`,
    );
    expect(told(story, /asks|is /).slice(0, 8)).toEqual([
      'c1 asks 2 for a session',
      'c1 is accepted, 4000 ms',
      'c1 is disconnected: nothing was heard',
      'c1 is disconnected: no answer to the connect',
      'c1 asks 1 for its session',
      'c1 is expired, 0 ms',
      'c1 is disconnected: the session expired',
      'c1 asks 1 for a session',
    ]);
    // Its node went with the old session: it can be made anew.
    expect(told(story, /created/)).toHaveLength(2);
  });

  test('gives its session up when it has heard of no server for four thirds of the timeout', () => {
    const story = clientStory(
      `clients: { count: 1, start: 1s, rate: 1/s, sessionTimeout: 3s, mix: { createEphemeral: 1 }, keys: 1 }
faults: [{ at: 4s, isolate: c1, for: 5s }]`,
    );
    const given = 'c1 is disconnected: no server was heard of, the session is given up';
    expect(told(story, /asks|accepted|expired|heard/)).toEqual([
      'c1 asks 2 for a session',
      'c1 is accepted, 3000 ms',
      'c1 is disconnected: nothing was heard',
      given,
      'c1 asks 3 for a session',
      'c1 is accepted, 3000 ms',
    ]);
    // It looks with each attempt: one comes at most a connect's time, a pause and a round's pause later.
    expect(timeOf(story, given)).toBeGreaterThan(6900);
    expect(timeOf(story, given)).toBeLessThan(8000 + 2000 + 1000);
    // What was asked for while it tried is answered then (ClientCnxn.conLossPacket).
    expect(story.outcome.clients.unknown).toBeGreaterThan(0);
    expect(told(story, /created/)).toHaveLength(2);
  });

  test('keeps its session while servers take its connections, though none of them serves', () => {
    const story = clientStory(
      `clients: { count: 1, connect: [1], start: 1s, rate: 1/s, sessionTimeout: 4s, mix: { get: 1 } }
faults: [{ at: 4s, crash: [2, 3] }, { at: 10s, restart: 2 }]`,
    );
    expect(told(story, /given up/)).toEqual([]);
    expect(told(story, /is accepted|is expired/)).toEqual([
      'c1 is accepted, 4000 ms',
      'c1 is accepted, 4000 ms',
    ]);
  });

  test('waits for a drawn while before each attempt but the first, also before it ever had a session', () => {
    const story = clientStory(
      'clients: { count: 2, connect: [1], operations: 1, mix: { get: 1 } }',
      'start: { 2: never, 3: never }',
    );
    const attempts = story.lines.filter(({ text }) => text === 'c1 asks 1 for a session').slice(0, 7);
    const gaps = attempts.slice(1).map(({ atMs }, i) => atMs - (attempts[i]?.atMs ?? 0));
    // A round of its one server is over each time: a second, and up to a second more.
    expect(gaps.every((gap) => gap >= 1000 && gap < 2010)).toBe(true);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(200);
  });

  test('is hung up on, and not ignored, where it was connected before its server began to serve', () => {
    const story = clientStory('clients: { count: 200, connect: any, operations: 200, mix: { get: 1 } }');
    // Whoever comes in the moment before is told at its first packet.
    expect(told(story, /the other end/).length).toBeGreaterThan(0);
    expect(told(story, /no answer/)).toEqual([]);
  });

  test('gives a silent connection up after two thirds of its timeout', () => {
    const story = clientStory(
      `clients: { count: 1, connect: [2], start: 1s, operations: 1, sessionTimeout: 3s, mix: { get: 1 } }
faults: [{ at: 5s, cut: { from: [2], to: [c1] } }]`,
    );
    const lost = timeOf(story, 'c1 is disconnected: nothing was heard');
    // A ping was answered up to a second before the cut: it pings after 1 s of silence.
    expect(lost).toBeGreaterThan(6000);
    expect(lost).toBeLessThanOrEqual(7000);
  });

  test('keeps its session with pings when it has nothing to ask', () => {
    const story = clientStory(
      'clients: { count: 1, start: 1s, operations: 1, sessionTimeout: 1s, mix: { createEphemeral: 1 } }',
    );
    expect(told(story, /asks|disconnected/)).toEqual(['c1 asks 2 for a session']);
  });

  test('lives below its chroot, which it makes', () => {
    const story = clientStory(
      'clients: { count: 1, start: 1s, operations: 1, chroot: /a/b, mix: { create2: 1 }, keys: 1 }',
    );
    expect(told(story, /sends/).slice(0, 2)).toEqual(['c1 sends 1 create /a', 'c1 sends 2 create /a/b']);
    expect(told(story, /sends 3/)[0]).toMatch(/^c1 sends 3 create2 \/a\/b\/k0/);
  });

  test('brings its watches along to the next server, and hears there what it missed', () => {
    const story = clientStory(
      `clients: { count: 2, start: 1s, rate: 40/s, mix: { watch: 3, create: 1, set: 1, delete: 1 }, keys: 2 }
faults: [{ at: 3s, crash: 2 }]`,
    );
    const [since] = told(story, /c\d sends -8/);
    expect(since).toBe('c1 sends -8 setWatches');
    expect(told(story, /hears/).length).toBeGreaterThan(20);
    expect(story.outcome.verdict).toBe('passed');
  });

  test('proves its identity again on every connection', () => {
    const story = clientStory(
      'clients: { count: 1, start: 1s, rate: 2/s, operations: 8, mix: { move: 1, whoAmI: 1 } }',
    );
    const connections = told(story, /accepted/).length;
    expect(connections).toBeGreaterThan(2);
    expect(told(story, /sends -4 auth/)).toHaveLength(connections);
  });

  test('closes its session, and goes on with a new one', () => {
    const story = clientStory(
      `clients: { count: 1, start: 1s, rate: 2/s, operations: 8, keys: 1,
  mix: { close: 1, createEphemeral: 1 } }`,
    );
    expect(told(story, /closeSession/).length).toBeGreaterThan(0);
    expect(told(story, /its session/)).toEqual([]);
    expect(told(story, /for a session/).length).toBeGreaterThan(1);
  });

  test('makes do with a server without a quorum if it may, and leaves it for one that has a quorum', () => {
    const story = clientStory(
      `clients: { count: 1, connect: [1, 2], start: 1s, rate: 1/s, sessionTimeout: 2s, readOnly: true,
  mix: { get: 1, set: 1 }, keys: 1 }
faults: [{ at: 4s, crash: [2, 3] }, { at: 12s, restart: crashed }]`,
      'readonlymode.enabled: true, localSessionsEnabled: true',
    );
    expect(told(story, /read-only, 2000/)).toHaveLength(1);
    // Writes are refused there: NOTREADONLY.
    expect(told(story, /gets \d+ -119/).length).toBeGreaterThan(0);
    const accepted = told(story, /accepted/);
    expect(accepted.at(-1)).toBe('c1 is accepted, 2000 ms');
  });
});

describe('a mix', () => {
  test('does every operation that it knows, and nothing goes wrong', () => {
    const story = clientStory(
      `clients: { count: 3, start: 1s, rate: 300/s, pipeline: 3, keys: 3, mix: {
  create: 4, create2: 2, createEphemeral: 2, createSequential: 1, createEphemeralSequential: 1,
  createContainer: 1, createTTL: 1, delete: 3, set: 3, cas: 2, setACL: 1, multi: 2, check: 1, get: 2,
  exists: 1, getChildren: 1, getChildren2: 1, getACL: 1, getEphemerals: 1, getAllChildrenNumber: 1,
  multiRead: 1, whoAmI: 1, sync: 1, syncGet: 1, watch: 1, addWatch: 1, removeWatches: 1, move: 1, close: 1 } }
faults: [{ at: 3s, crash: leader }, { after: 2s, restart: crashed }]`,
      'extendedTypesEnabled: true',
    );
    expect(story.outcome.verdict).toBe('passed');
    expect(story.outcome.clients.ok).toBeGreaterThan(1000);
    const asked = new Set(told(story, /sends \d/).map((line) => line.split(' ')[3]));
    expect([...asked].sort()).toEqual([
      'addWatch',
      'closeSession',
      'create',
      'create2',
      'createContainer',
      'createTTL',
      'delete',
      'exists',
      'getACL',
      'getAllChildrenNumber',
      'getChildren',
      'getChildren2',
      'getData',
      'getEphemerals',
      'multi',
      'multiRead',
      'removeWatches',
      'setACL',
      'setData',
      'sync',
      'whoAmI',
    ]);
  });

  test('is left to the writers by those that only read', () => {
    const story = clientStory(
      'clients: { count: 3, readers: 1, start: 1s, operations: 300, mix: { create: 1, set: 1, get: 1 } }',
    );
    const asked = (client: string) =>
      new Set(told(story, new RegExp(`^${client} sends \\d`)).map((line) => line.split(' ')[3]));
    expect([...asked('c1')].sort()).toEqual(['create', 'getData', 'setData']);
    expect([...asked('c3')]).toEqual(['getData']);
  });

  test('gives the same run for the same seed', () => {
    const body =
      'clients: { count: 3, operations: 300, mix: { create: 1, set: 1, multi: 1, get: 1, move: 1 } }';
    expect(clientStory(body).outcome.fingerprint).toBe(clientStory(body).outcome.fingerprint);
  });

  test.each(RECIPE_NAMES)('waits before it asks again for what was refused: %s', (recipe) => {
    const story = clientStory(
      `clients: { count: 2, start: 1s, operations: 10, recipe: ${recipe}, hold: 10ms }`,
      'localSessionsEnabled: true, localSessionsUpgradingEnabled: false',
    );
    // A session that is not global may not own a node, and some recipes need one that does.
    expect(told(story, / sends /).length).toBeLessThan(2000);
  });
});

test('clients take the timeouts of a list in turn', () => {
  const story = clientStory(
    'clients: { count: 3, start: 1s, rate: 3/s, operations: 6, sessionTimeout: [4s, 3s], mix: { set: 1 } }',
  );
  expect(told(story, /accepted/).sort()).toEqual([
    'c1 is accepted, 4000 ms',
    'c2 is accepted, 3000 ms',
    'c3 is accepted, 4000 ms',
  ]);
});
