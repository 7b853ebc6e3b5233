import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JournalFile } from '../../src/cli/journal-file.ts';
import { main } from '../../src/cli/main.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { UNPAINTED } from '../../src/report/paint.ts';
import { PROTOCOL_NAMES } from '../../src/run/registry/protocols.ts';
import { CLI, zabsim as installed } from './zabsim.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command line in this process. */
async function zabsim(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const shell: Shell = {
    print: (text) => {
      stdout += `${text}\n`;
    },
    warn: (text) => {
      stderr += `${text}\n`;
    },
    paint: UNPAINTED,
    width: 120,
    progress: () => ({ advance: () => {}, stop: () => {} }),
    exitCode: 0,
  };
  await main(args, shell);
  return { code: shell.exitCode, stdout, stderr };
}

test('random plans of the fixed behaviour do not fail', async () => {
  const args = ['fuzz', '--runs', '20', '--seed', '5', '--workers', '1', '--out', folder];
  const { code, stdout } = await zabsim(...args);
  expect(stdout).toMatch(/^No failure\. 20 runs, /);
  expect(code).toBe(0);
});

test.each(PROTOCOL_NAMES)('random plans for servers that run %s do not fail', async (protocol) => {
  const args = ['fuzz', '--protocol', protocol, '--seeds', '7..22', '--workers', '1', '--out', folder];
  const { code, stdout } = await zabsim(...args, '--json');
  const { failures, runs, commits, ...rest } = JSON.parse(stdout);
  expect({ failures, runs, protocol: rest.protocol }).toEqual({ failures: [], runs: 16, protocol });
  expect(commits).toBeGreaterThan(100);
  expect(code).toBe(0);
  // A campaign of another protocol has a journal of its own.
  expect(readdirSync(folder)).toEqual([
    `${protocol === 'zab' ? '' : `${protocol}-`}all-fixed-7.journal.jsonl`,
  ]);
});

test("ZooKeeper's bugs are no other protocol's", async () => {
  const args = ['--protocol', 'raft', '--behaviour', '3.8.0', '--out', folder];
  const { code, stderr } = await zabsim('fuzz', ...args);
  expect(stderr).toContain('`protocol: zab`: raft has no bugs of ZooKeeper');
  expect(code).toBe(2);
});

test('a campaign that was killed is gone on with', async () => {
  const out = join(folder, 'out');
  const args = ['fuzz', '--seeds', '1..20', '--out', out, '--workers', '1', '--json'];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const journal = join(out, 'all-fixed-1.journal.jsonl');
  while (!existsSync(journal) || readFileSync(journal, 'utf8').split('\n').length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  await ended;
  const resumed = await zabsim(...args);
  expect(resumed.stderr).toContain('going on with this campaign');
  const elsewhere = ['--out', join(folder, 'whole'), '--workers', '1', '--json'];
  const whole = await zabsim('fuzz', '--seeds', '1..20', ...elsewhere);
  const figures = ({ stdout }: { stdout: string }) => {
    const { wallMs, ...rest } = JSON.parse(stdout);
    expect(wallMs).toBeGreaterThan(0);
    return rest;
  };
  expect(figures(resumed)).toEqual(figures(whole));
  expect(figures(whole)).toMatchObject({ version: 1, runs: 20, seed: 1, workers: 1, failures: [] });
}, 600_000);

test('a journal of another version is not gone on with, but thrown away when that is wanted', () => {
  const settings = { profile: 'all', behaviour: [], seed: 1 } as const;
  const head = { journal: 1, version: '1.0.0', settings, probe: '0123456789abcdef' } as const;
  const chunk = { from: 0, to: 15, events: 9, virtualUs: 9, commits: 9, failed: [], rare: [], marks: [] };
  new JournalFile(folder, head, false).add({ ...chunk, wallMs: 9 });
  expect(new JournalFile(folder, head, false).earlier).toEqual([{ ...chunk, wallMs: 9 }]);
  const newer = { ...head, version: '1.0.1' };
  expect(() => new JournalFile(folder, newer, false)).toThrow('expected the journal of this campaign');
  expect(new JournalFile(folder, newer, true).earlier).toEqual([]);
  expect(new JournalFile(folder, newer, false).earlier).toEqual([]);
});

test('a bug of history is found from random seeds, and becomes a small scenario that shows it', async () => {
  const args = ['fuzz', '--behaviour', 'ZOOKEEPER-1419', '--seeds', '41..48', '--workers', '1'];
  const { code, stdout } = await zabsim(...args, '--out', folder, '--json');
  expect(code).toBe(1);
  const { failures, coverage } = JSON.parse(stdout);
  expect(failures[0]).toMatchObject({ invariant: 'vote-only-improves', tier: 2 });
  const [{ file, faultsBefore, faultsAfter, seed, runsToFind }] = failures;
  expect(runsToFind).toBe(seed - 41 + 1);
  expect(faultsAfter).toBeLessThanOrEqual(Math.max(4, faultsBefore / 2));
  expect(coverage.seen).toBeGreaterThan(100);
  expect(coverage.marks['a leader was established']).toBe(8);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('behaviour: [ ZOOKEEPER-1419 ]');
  expect(text).toMatch(/story:\n( {4}- .*\n)* {4}- ".*vote-only-improves/);
  const replayed = await zabsim('replay', file);
  expect(replayed.stdout).toContain('Confirmed.');
  expect(replayed.code).toBe(0);
  expect((await zabsim('run', file)).code).toBe(0);
  // What was found is not searched for again, nor made smaller again.
  const again = JSON.parse((await zabsim(...args, '--out', folder, '--json')).stdout);
  expect(again.failures).toEqual(failures);
}, 600_000);

test('with --first the first run that fails is the last, however many workers there are', () => {
  const args = [
    'fuzz',
    '--behaviour',
    'ZOOKEEPER-1419',
    '--seed',
    '41',
    '--first',
    '--shrink',
    '0s',
    '--json',
  ];
  const told: unknown[] = [];
  for (const workers of ['1', '2']) {
    const { stdout } = installed(...args, '--workers', workers, '--out', join(folder, workers));
    const { runs, failedRuns, failures, events } = JSON.parse(stdout);
    expect(failedRuns).toBe(1);
    for (const { runsToFind, seed, wallMsToFind } of failures) {
      expect({ runsToFind, seed }).toEqual({ runsToFind: runs, seed: 41 + runs - 1 });
      expect(wallMsToFind).toBeGreaterThan(0);
    }
    told.push({ runs, events });
  }
  expect(told[0]).toEqual(told[1]);
}, 600_000);

test('no run has a seed that a scenario cannot name', async () => {
  const last = ['fuzz', '--seed', String(Number.MAX_SAFE_INTEGER - 1), '--workers', '1', '--out', folder];
  const { code, stderr } = await zabsim(...last, '--runs', '6');
  expect(stderr).toBe(
    '--runs 6: expected at most 2 from seed 9007199254740990 on (the last is 9007199254740991)\n',
  );
  expect({ code, files: readdirSync(folder) }).toEqual({ code: 2, files: [] });
  // With a time limit the campaign ends with the last seed.
  const timed = await zabsim(...last, '--time', '1h', '--json');
  expect(JSON.parse(timed.stdout).runs).toBe(2);
});

test.each([
  ['--behaviour', '9.9.9', /--behaviour 9\.9\.9: expected fixed/],
  ['--time', 'soon', /--time soon: expected a duration/],
  ['--shrink', 'little', /--shrink little: expected a duration/],
])('bad usage is explained: %s %s', async (option, value, message) => {
  const { code, stderr } = await zabsim('fuzz', option, value, '--out', folder);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test.each([
  ['--runs', '0'],
  ['--profile', 'mayhem'],
  ['--protocol', 'viewstamped'],
  ['--seeds', '9..1'],
])('bad usage is refused: %s %s', async (option, value) => {
  expect((await zabsim('fuzz', option, value, '--out', folder)).code).toBe(2);
});
