import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

const REAL = fileURLToPath(new URL('../../scenarios/real-files/as-found.yaml', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-write-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the directories that a run leaves can be inspected, and begin another run', () => {
  const out = join(folder, 'after');
  const { code, stderr } = zabsim('run', REAL, '--write-data', out);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(readdirSync(out)).toEqual(['server1', 'server2', 'server3']);
  expect(readFileSync(join(out, 'server2', 'myid'), 'utf8')).toBe('2\n');
  const inspected = zabsim('inspect', join(out, 'server1'), '--diff', join(out, 'server3'));
  expect(inspected.stdout).toContain('The trees are the same');
  const again = zabsim('run', REAL, '--write-data', out);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('is there already, and is not written over');
});

test('a run whose servers keep a counter has no such files', () => {
  const { code, stderr } = zabsim('run', scenario('failover.yaml'), '--write-data', join(folder, 'none'));
  expect(code).toBe(2);
  expect(stderr).toContain('its servers keep a counter');
});

test('several runs are not written into one folder', () => {
  const { code, stderr } = zabsim('run', REAL, '--seeds', '1..2', '--write-data', join(folder, 'many'));
  expect(code).toBe(2);
  expect(stderr).toContain('--write-data writes one run');
});
