import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandLine, zabsim } from './zabsim.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('random plans of the fixed behaviour do not fail', () => {
  const { code, stdout } = zabsim('fuzz', '--runs', '20', '--seed', '5', '--out', folder);
  expect(stdout).toMatch(/^No failure\. 20 runs, /);
  expect(code).toBe(0);
});

test('a campaign that was killed is gone on with', async () => {
  const out = join(folder, 'out');
  const args = ['fuzz', '--seeds', '1..24', '--out', out, '--workers', '2', '--json'];
  const child = spawn(process.execPath, commandLine(args), { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const journal = join(out, 'all-fixed-1.journal.jsonl');
  while (!existsSync(journal) || readFileSync(journal, 'utf8').split('\n').length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  await ended;
  const resumed = zabsim(...args);
  expect(resumed.stderr).toContain('going on with this campaign');
  const whole = zabsim(
    'fuzz',
    '--seeds',
    '1..24',
    '--out',
    join(folder, 'whole'),
    '--workers',
    '1',
    '--json',
  );
  const figures = ({ stdout }: { stdout: string }) => {
    const { runs, events, virtualUs, commits, failures } = JSON.parse(stdout);
    return { runs, events, virtualUs, commits, failures };
  };
  expect(figures(resumed)).toEqual(figures(whole));
  expect(figures(whole).runs).toBe(24);
}, 300_000);

test('a journal of another version is not gone on with, but thrown away when that is wanted', () => {
  const args = ['fuzz', '--runs', '1', '--out', folder];
  zabsim(...args);
  const journal = join(folder, 'all-fixed-1.journal.jsonl');
  writeFileSync(journal, readFileSync(journal, 'utf8').replace(/"version":"[^"]+"/, '"version":"0.0.0"'));
  const refused = zabsim(...args);
  expect(refused.stderr).toContain('expected the journal of this campaign');
  expect(refused.code).toBe(2);
  expect(zabsim(...args, '--afresh').code).toBe(0);
});

test('a bug of history is found from random seeds, and becomes a small scenario that shows it again', () => {
  const args = ['fuzz', '--behaviour', 'ZOOKEEPER-1419', '--seeds', '10..25', '--shrink', '20s'];
  const { code, stdout } = zabsim(...args, '--out', folder, '--json');
  expect(code).toBe(1);
  const { failures, coverage } = JSON.parse(stdout);
  expect(failures).toMatchObject([{ invariant: 'vote-only-improves', tier: 2 }]);
  const [{ file, faultsBefore, faultsAfter, seed, runsToFind }] = failures;
  expect(runsToFind).toBe(seed - 10 + 1);
  expect(faultsAfter).toBeLessThanOrEqual(Math.max(4, faultsBefore / 2));
  expect(coverage.seen).toBeGreaterThan(100);
  expect(coverage.marks['a leader was established']).toBe(16);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('behaviour: [ ZOOKEEPER-1419 ]');
  expect(text).toMatch(/story:\n( {4}- .*\n)* {4}- ".*vote-only-improves/);
  const replayed = zabsim('replay', file);
  expect(replayed.stdout).toContain('Confirmed.');
  expect(replayed.code).toBe(0);
  expect(zabsim('run', file).code).toBe(0);
  // What was found is not searched for again, nor made smaller again.
  const again = JSON.parse(zabsim(...args, '--out', folder, '--json').stdout);
  expect(again.failures).toEqual(failures);
}, 300_000);

test.each([
  ['--behaviour', '9.9.9', /--behaviour 9\.9\.9: expected fixed/],
  ['--time', 'soon', /--time soon: expected a duration/],
  ['--runs', '0', /1 or more/],
  ['--profile', 'mayhem', /Allowed choices are split-brain, crash-recovery, all/],
])('bad usage is explained: %s %s', (option, value, message) => {
  const { code, stderr } = zabsim('fuzz', option, value, '--out', folder);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
