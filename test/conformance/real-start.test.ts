import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ScenarioErrors } from '../../src/core/errors.ts';
import type { Fact } from '../../src/node/facts.ts';
import { readScenario } from '../../src/run/files.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { startOf } from '../../src/run/real-disks.ts';
import { simulate } from '../../src/run/simulate.ts';
import { diskPath } from './disk/real-disk.ts';

/*
 * Runs that begin from the directories of real servers: both hold 41 transactions, up to 0x100000029.
 */

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-start-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of a real server's files, to be damaged. */
function copyOf(server: 'server1' | 'server2', as: string = server): string {
  const path = join(folder, as);
  cpSync(diskPath(`${server}/version-2`), join(path, 'version-2'), { recursive: true });
  return join(path, 'version-2');
}

interface Told {
  readonly outcome: Outcome;
  facts<K extends Fact['kind']>(kind: K): Extract<Fact, { kind: K }>[];
}

/** Runs a scenario that lies beside the copies. */
function run(text: string): Told {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, `title: a start from real files\nduration: 100s\n${text}`);
  const facts: Fact[] = [];
  const outcome = simulate(readScenario(file), { trace: (event) => facts.push({ ...event } as Fact) });
  return {
    outcome,
    facts: (kind) => facts.filter((fact) => fact.kind === kind) as never,
  };
}

function problems(text: string): string[] {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, `title: a start from real files\n${text}`);
  try {
    readScenario(file);
  } catch (error) {
    if (!(error instanceof ScenarioErrors)) throw error;
    return error.problems.map(({ path, expected }) => `${path}: ${expected}`);
  }
  return [];
}

describe('an ensemble that begins with the disks of real servers', () => {
  test('comes to the same tree on both, and goes on in a new epoch', () => {
    copyOf('server1');
    copyOf('server2');
    const { outcome, facts } = run('initial: { dataDir: . }');
    const starts = facts('recovered').map(({ server, zxid, records }) => [server, zxid, records]);
    expect(starts).toEqual([
      [1, 0x100000029, 10],
      [2, 0x100000029, 15],
      [3, 0, 0],
    ]);
    const [one, two] = facts('recovered').map(({ state }) => state);
    expect(one).toBe(two);
    expect(outcome).toMatchObject({ verdict: 'passed', leaders: [{ server: 2, epoch: 2 }] });
    // The sessions in the files have no client any more: they expire, and their ends are committed.
    const expired = facts('session-expired').map(({ session }) => session);
    expect(expired).toEqual(['0100001db41c0000', '0300001db6bb0000']);
    const last = new Set(outcome.servers.map(({ lastCommitted }) => lastCommitted));
    expect([...last]).toEqual(['0x200000002']);
  });

  test('is led by whoever has the longest log, and loses nothing of it', () => {
    const two = copyOf('server2');
    copyOf('server1');
    truncateSync(join(two, 'log.10000001c'), 691);
    const { outcome, facts } = run('initial: { dataDir: . }');
    expect(facts('recovered').map(({ zxid }) => zxid)).toEqual([0x100000029, 0x100000023, 0]);
    expect(outcome).toMatchObject({ verdict: 'passed', assumptions: [], leaders: [{ server: 1, epoch: 2 }] });
    expect(facts('sync-chosen').map(({ learner, mode }) => `${learner} ${mode}`)).toContain('2 diff');
    expect(facts('log-truncated')).toEqual([]);
    expect(outcome.lost).toEqual([]);
  });

  test('cuts the end of the longest log when its server comes too late', () => {
    const two = copyOf('server2');
    copyOf('server1');
    truncateSync(join(two, 'log.10000001c'), 691);
    const { outcome, facts } = run('ensemble: { start: { 1: 10s } }\ninitial: { dataDir: . }');
    expect(outcome).toMatchObject({ verdict: 'passed', leaders: [{ server: 2, epoch: 2 }] });
    expect(facts('log-truncated').map(({ server, zxid }) => [server, zxid])).toEqual([[1, 0x100000023]]);
    // The third disk is empty: nobody can say that a client was not told of them.
    expect(
      outcome.lost.map(({ zxid, change, servers, mayBeCommitted, left }) => [
        zxid,
        change,
        ...servers,
        mayBeCommitted,
        left.length,
      ]),
    ).toEqual([
      ['0x100000024', 'createSession', 1, true, 0],
      ['0x100000025', 'closeSession', 1, true, 0],
      ['0x100000026', 'createSession', 1, true, 0],
      ['0x100000027', 'closeSession', 1, true, 0],
      ['0x100000028', 'createSession', 1, true, 0],
      ['0x100000029', 'closeSession', 1, true, 0],
    ]);
  });

  test('tells of what only a snapshot holds, where its log is gone', () => {
    const one = copyOf('server1');
    for (const name of readdirSync(one)) if (name.startsWith('log.')) rmSync(join(one, name));
    const { outcome } = run('ensemble: { start: { 1: 10s } }\ninitial: { dataDir: . }');
    expect(outcome.leaders[0]).toMatchObject({ server: 3 });
    expect(outcome.lost).toMatchObject([{ zxid: '0x10000001f', servers: [1], mayBeCommitted: true }]);
  });

  test('does without a server whose epoch file is empty', () => {
    const two = copyOf('server2');
    copyOf('server1');
    truncateSync(join(two, 'currentEpoch'), 0);
    const { outcome } = run('initial: { dataDir: . }');
    expect(outcome.verdict).toBe('passed');
    expect(outcome.servers.map(({ state }) => state)).toEqual(['leading', 'stopped', 'following']);
    expect(outcome.assumptions[0]).toBe('a record of currentEpoch on voter 2 was damaged');
  });

  test('takes an older snapshot where the newest is cut short', () => {
    const one = copyOf('server1');
    copyOf('server2');
    truncateSync(join(one, 'snapshot.10000001f'), 900);
    const { outcome, facts } = run('initial: { dataDir: . }');
    expect(facts('recovered')[0]).toMatchObject({ server: 1, snapshot: 0x100000010, zxid: 0x100000029 });
    expect(facts('recovered')[0]?.state).toBe(facts('recovered')[1]?.state);
    expect(outcome.verdict).toBe('passed');
  });

  test('begins at the time of its newest transaction', () => {
    copyOf('server1');
    const file = join(folder, 'scenario.yaml');
    writeFileSync(file, 'title: a start from real files\ninitial: { dataDir: . }');
    expect(startOf(readScenario(file))).toBe(1795337880204);
  });
});

describe('a data directory that cannot be one', () => {
  test('is refused with its place', () => {
    expect(problems('initial: { 1: { dataDir: nowhere } }')).toEqual([
      expect.stringMatching(/^initial\.1\.dataDir: a data directory, with log/),
    ]);
    expect(problems('initial: { dataDir: . }')).toEqual([
      expect.stringMatching(/^initial\.dataDir: a folder with data directories: server1/),
    ]);
  });

  test('is refused where it is that of another server', () => {
    copyOf('server2');
    writeFileSync(join(folder, 'server2', 'myid'), '2\n');
    expect(problems('initial: { 1: { dataDir: server2 } }')).toEqual([
      'initial.1.dataDir: the data directory of server 1 (its myid says 2)',
    ]);
    expect(problems('initial: { 2: { dataDir: server2 } }')).toEqual([]);
  });

  test('stands alone', () => {
    copyOf('server1');
    mkdirSync(join(folder, 'logs'));
    expect(problems('initial: { 1: { dataDir: server1, log: [1:1] }, 2: { log: [1:1] } }')).toEqual([
      'initial.1.log: no other content beside `dataDir`',
      'initial.2.log: no `log` beside a `dataDir`',
    ]);
    expect(problems('initial: { 1: { dataLogDir: logs } }')).toEqual([
      'initial.1.dataLogDir: `dataDir` beside it',
    ]);
  });
});
