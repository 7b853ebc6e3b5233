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
