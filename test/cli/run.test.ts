import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

interface Document {
  readonly version: number;
  readonly results: readonly Readonly<Record<string, unknown>>[];
}

/** The JSON document that a command printed, its times of the machine left out. */
function documentOf(stdout: string): Document {
  const { version, results } = JSON.parse(stdout) as Document;
  return { version, results: results.map((result) => ({ ...result, wallMs: 0 })) };
}

test('a run that is as expected ends with 0 and tells what happened', () => {
  const { code, stdout, stderr } = zabsim('run', scenario('failover.yaml'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('✓ passed');
  expect(stdout).toContain('As expected:');
  expect(stdout).toContain('invariants checked');
  // Standard output is no terminal here: no colours.
  expect(stdout).not.toContain('\u001b');
});

test('--json prints one document and nothing else', () => {
  const { code, stdout, stderr } = zabsim('run', scenario('failover.yaml'), '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { version, results } = documentOf(stdout);
  expect(version).toBe(1);
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({
    title: 'The leader dies and a follower takes over',
    protocol: 'zab',
    seed: 7,
    verdict: 'passed',
    expected: true,
    unmet: [],
    virtualUs: 40_000_000,
    violations: [],
    leaders: [
      { server: 3, epoch: 1 },
      { epoch: 2, endedAtUs: -1 },
    ],
  });
  expect(results[0]?.['fingerprint']).toMatch(/^[0-9a-f]{16}$/);
});

test('an unmet expectation ends with 1 and says what was wanted and what was got', () => {
  const { code, stdout } = zabsim('run', scenario('unmet.yaml'));
  expect(code).toBe(1);
  expect(stdout).toMatch(/unmet leader at 10000\.0 ms: wanted 1, got 3/);
});

test('--seed overrides the seed of the file', () => {
  const { stdout } = zabsim('run', scenario('failover.yaml'), '--seed', '8', '--json');
  expect(documentOf(stdout).results[0]).toMatchObject({ seed: 8 });
});

test('a range of seeds gives the same results whatever the number of workers, in order', () => {
  const file = scenario('failover.yaml');
  const one = zabsim('run', file, '--seeds', '1..20', '--json', '--workers', '1');
  const three = zabsim('run', file, '--seeds', '1..20', '--json', '--workers', '3');
  expect(documentOf(three.stdout)).toEqual(documentOf(one.stdout));
  expect(documentOf(one.stdout).results.map((result) => result['seed'])).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});

test('a range of seeds is summed up', () => {
  const { stdout } = zabsim('run', scenario('failover.yaml'), '--seeds', '1..4');
  expect(stdout).toMatch(/4 seeds, /);
  expect(stdout).toMatch(/unavailable/);
});

test('--trace writes every event, as text or as JSON lines, and changes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
  try {
    const file = scenario('failover.yaml');
    const plain = documentOf(zabsim('run', file, '--json').stdout);
    const text = join(folder, 'trace.txt');
    const lines = join(folder, 'trace.jsonl');
    expect(documentOf(zabsim('run', file, '--json', '--trace', text).stdout)).toEqual(plain);
    expect(documentOf(zabsim('run', file, '--json', '--trace', lines).stdout)).toEqual(plain);
    expect(readFileSync(text, 'utf8')).toMatch(/ms {2}3 {6}is established: it leads epoch 1\n/);
    const events = readFileSync(lines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter((event) => event.kind === 'leader-established')).toHaveLength(2);
    expect(events.length).toBe(readFileSync(text, 'utf8').trimEnd().split('\n').length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
