import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a trace is explained and exported like the run that it is of', () => {
  const file = scenario('wiped-voter.yaml');
  const trace = join(folder, 'trace.jsonl');
  expect(zabsim('run', file, '--trace', trace).code).toBe(1);
  const [direct, read] = [zabsim('explain', file), zabsim('explain', trace)];
  expect(read.code).toBe(0);
  expect(read.stdout.replace(trace, file)).toBe(direct.stdout);
  const [a, b] = [join(folder, 'a.shiviz'), join(folder, 'b.shiviz')];
  expect(zabsim('export', file, a).stdout).toMatch(/a\.shiviz: \d+ KiB\n/);
  expect(zabsim('export', trace, b).code).toBe(0);
  expect(readFileSync(b, 'utf8')).toBe(readFileSync(a, 'utf8'));
});

test('an ending that says no format is bad usage', () => {
  const { code, stderr } = zabsim('export', scenario('failover.yaml'), join(folder, 'run.docx'));
  expect(code).toBe(2);
  expect(stderr).toContain('one of .html, .svg, .mmd, .json, .shiviz, .jsonl');
});
