import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

const folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two clients on two servers: one writes `/a` twice, the other reads between, behind a sync. */
const GOOD = fileURLToPath(new URL('histories/two-clients.jsonl', import.meta.url));

/** The good history with one text in place of another, as a file. */
function spoilt(name: string, from: string, to: string): string {
  const text = readFileSync(GOOD, 'utf8');
  expect(text).toContain(from);
  const path = join(folder, name);
  writeFileSync(path, text.replace(from, to));
  return path;
}

test('a history without fault ends with 0 and says what was checked', () => {
  const { code, stdout, stderr } = zabsim('check', GOOD);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('✓ no violation');
  expect(stdout).toContain('5 operations, 1 without an answer');
  expect(stdout).toMatch(/checked: K1 \d+ · K2 \d+/);
  expect(stdout).toContain('not checked K17');
});

test('a violation ends with 1 and is told by guarantee, invariant and operation', () => {
  const wrong = spoilt('wrong.jsonl', '"result":{"data":"one"', '"result":{"data":"uno"');
  const { code, stdout } = zabsim('check', GOOD, wrong);
  expect(code).toBe(1);
  expect(stdout).toMatch(/K5 reads-committed: a read did not answer from the state of its zxid \(1 ×\)/);
  expect(stdout).toContain('expected data "one" at 0x100000003, seen "uno"  [op 3]');
});

test('--json prints one document', () => {
  const wrong = spoilt('wrong.jsonl', '"result":{"data":"one"', '"result":{"data":"uno"');
  const { code, stdout, stderr } = zabsim('check', GOOD, wrong, '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const { version, results } = JSON.parse(stdout);
  expect(version).toBe(1);
  expect(results).toMatchObject([
    { file: GOOD, ok: true, operations: 5, unknown: 1, violations: [], skipped: { K17: expect.any(String) } },
    {
      file: wrong,
      ok: false,
      violations: [
        {
          predicate: 'K5',
          invariant: 'reads-committed',
          count: 1,
          first: [{ ops: [3], zxid: '0x100000003' }],
        },
        { predicate: 'lin', invariant: 'linearizable-writes' },
      ],
    },
  ]);
});

test('what `run --history` writes is a history without fault', () => {
  const file = join(folder, 'run.jsonl');
  const { code, stdout } = zabsim('run', scenario('tree.yaml'), '--json', '--history', file);
  expect(code).toBe(0);
  const [result] = JSON.parse(stdout).results;
  expect(result.history.operations).toBeGreaterThan(200);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'header', seed: '7', servers: [1, 2, 3] });
  expect(lines.filter((line) => line.startsWith('{"kind":"op"'))).toHaveLength(result.history.operations);
  const checked = zabsim('check', file, '--json');
  expect(checked.code).toBe(0);
  expect(JSON.parse(checked.stdout).results[0]).toMatchObject({
    ok: true,
    operations: result.history.operations,
  });
  const counter = zabsim('run', scenario('failover.yaml'), '--history', file);
  expect(counter.code).toBe(2);
  expect(counter.stderr).toContain('its servers keep a counter');
});

test('a file that is no history ends with 2 and names line, place, what was expected and found', () => {
  const cases: [string, string, string, RegExp][] = [
    ['number.jsonl', '"cxid":1,', '"cxid":"one",', /:\d+: cxid: expected an integer .*, found "one"/],
    ['broken.jsonl', '"kind":"conn"', '"kind:"conn"', /:2: expected one JSON object/],
  ];
  for (const [name, from, to, message] of cases) {
    const { code, stdout, stderr } = zabsim('check', spoilt(name, from, to));
    expect({ code, stdout }, name).toEqual({ code: 2, stdout: '' });
    expect(stderr, name).toMatch(message);
    expect(stderr, name).not.toContain('defect');
  }
  const none = zabsim('check', join(folder, 'none.jsonl'));
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toContain('none.jsonl: expected a history file, found none');
  const bytes = join(folder, 'bytes.jsonl');
  writeFileSync(bytes, Buffer.from([0xff, 0xfe, 0x00]));
  expect(zabsim('check', bytes).stderr).toContain('expected text in UTF-8');
});

test('an exception that is refused counts', () => {
  // The leader answers a sync before it has applied what others have seen.
  const answered = '"returnedUs":12000,"zxid":4294967299';
  const sync = spoilt('sync.jsonl', answered, answered.replace('299', '298'));
  const lines = readFileSync(sync, 'utf8').split('\n');
  lines[2] = (lines[2] ?? '').replace('"role":"follower"', '"role":"leader"');
  writeFileSync(sync, lines.join('\n'));
  const excused = zabsim('check', sync);
  expect(excused.stdout).toContain('excused 1 × leader-sync');
  expect(excused.code).toBe(0);
  const refused = zabsim('check', sync, '--refuse', 'leader-sync');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('K15 sync-is-a-barrier');
});
