import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

test('runs in two processes are alike', () => {
  const { code, stdout, stderr } = zabsim('verify', scenario('failover.yaml'), '--seeds', '1..3');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('3 runs done twice in separate processes: all alike.');
});

test('a Node that draws other numbers is found out, at the first event that differs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
  try {
    const node = join(folder, 'node');
    const tampering = fileURLToPath(new URL('tampering.mjs', import.meta.url));
    writeFileSync(node, `#!/bin/sh\nexec "${process.execPath}" --import "${tampering}" "$@"\n`);
    chmodSync(node, 0o755);
    const { code, stdout } = zabsim('verify', scenario('failover.yaml'), '--node', node);
    expect(code).toBe(4);
    expect(stdout).toMatch(/seed 7: two runs differ, fingerprints [0-9a-f]{16} and [0-9a-f]{16}/);
    expect(stdout).toMatch(/run one {2}.*ms.*\n {2}run two {2}.*ms/);
    expect(stdout).toContain('1 of 1 runs are not deterministic.');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a Node that cannot be started is bad usage', () => {
  const { code, stderr } = zabsim('verify', scenario('failover.yaml'), '--node', '/no/such/node');
  expect(code).toBe(2);
  expect(stderr).toContain('/no/such/node');
});

test.each(['/bin/cat', '/bin/false'])(
  'what is no Node is refused before it is given anything: %s',
  (node) => {
    const { code, stdout, stderr } = zabsim('verify', scenario('failover.yaml'), '--node', node);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^--node ${node}: expected a Node binary.*\n$`));
  },
);
