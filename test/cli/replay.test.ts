import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

test('a scenario written by hand is run twice and compared', () => {
  const { code, stdout } = zabsim('replay', scenario('failover.yaml'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/The same twice: fingerprint [0-9a-f]{16}, verdict passed/);
});

test.each([
  ['0.0.1', 'another version', /not demanded/],
  [undefined, 'this version', /wanted 0123456789abcdef, got/],
])('a failure that does not show again is not confirmed (found by %s: %s)', (version, _who, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
  try {
    const file = join(folder, 'found.yaml');
    const own = zabsim('--version').stdout.trim();
    const marks = "signature: 'agreement: a rule', fingerprint: '0123456789abcdef'";
    const found = `found: { ${marks}, version: '${version ?? own}' }`;
    writeFileSync(file, `${readFileSync(scenario('failover.yaml'), 'utf8')}${found}\n`);
    const { code, stdout } = zabsim('replay', file);
    expect(stdout).toMatch(message);
    expect(stdout).toContain('Not confirmed.');
    expect(code).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
