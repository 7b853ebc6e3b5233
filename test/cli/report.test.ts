import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ONLY = ['--only', 'leader crash', 'tickTime 200 ms, voters 3'];

/** All files below a folder, by name. */
function filesOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
  );
}

test('the same seeds give the same files, byte for byte, whatever the number of workers', () => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  const first = zabsim('report', ...ONLY, '--seeds', '1..15', '--out', a, '--workers', '1');
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/leader crash\n┌/);
  expect(first.stdout).toMatch(/All 30 runs as expected: 2 cells in/);
  expect(zabsim('report', ...ONLY, '--seeds', '1..15', '--out', b, '--workers', '3').code).toBe(0);
  expect(Object.keys(filesOf(a))).toEqual(expect.arrayContaining(['timing.csv', 'timing.json', 'timing.md']));
  expect(filesOf(b)).toEqual(filesOf(a));
});

test('--json prints what the JSON file holds', () => {
  const out = join(folder, 'json');
  const { code, stdout } = zabsim(
    'report',
    ...ONLY,
    '--seeds',
    '1..3',
    '--out',
    out,
    '--json',
    '--workers',
    '1',
  );
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toEqual(JSON.parse(readFileSync(join(out, 'timing.json'), 'utf8')));
  expect(report).toMatchObject({ version: 1, seeds: { from: 1, to: 3 } });
  expect(report.cells).toHaveLength(2);
  const { runs, verdicts, measures } = report.cells[0];
  expect({ runs, verdicts }).toEqual({ runs: 3, verdicts: { passed: 3, violated: 0, stalled: 0 } });
  // Three survivors' elections and that of the start; the winner waits 200 ms for a better vote.
  expect(measures.failover.count).toBe(3);
  expect(measures.failover.min).toBeGreaterThan(200_000);
});

test('a choice of no cell is bad usage, and says how cells are named', () => {
  const { code, stderr } = zabsim('report', '--only', 'leader crush');
  expect(code).toBe(2);
  expect(stderr).toContain('no cell holds leader crush');
  expect(stderr).toContain('story cold start, tickTime 200 ms, voters 3, observers 0');
});

test('a folder that cannot be made is bad usage', () => {
  const { code, stderr } = zabsim('report', ...ONLY, '--seeds', '1..1', '--out', '/dev/null/reports');
  expect(code).toBe(2);
  expect(stderr).toContain('cannot be written');
});

test('a sweep measures a scenario over a grid, and gives each cell its verdict', () => {
  const file = scenario('failover.yaml');
  const sweep = ['--sweep', 'tickTime=1s,2s', '--sweep', 'network.latency=1ms,2ms'];
  const { code, stdout, stderr } = zabsim('report', file, ...sweep, '--seeds', '1..1', '--workers', '1');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/│ tickTime │ network\.latency │ runs/);
  expect(stdout.match(/✓ 1 passed/g)).toHaveLength(4);
  expect(zabsim('report', file, '--sweep', 'tickTime=long').code).toBe(2);
});

test('protocols are compared, and the tables written', () => {
  const out = join(folder, 'protocols');
  const { code, stdout } = zabsim('report', '--protocols', '--seeds', '1..1', '--workers', '2', '--out', out);
  expect(code).toBe(0);
  expect(stdout).toMatch(/What a write costs\n┌/);
  expect(stdout).toMatch(/All 128 runs as expected/);
  const { 'protocols.md': page = '', 'protocols.csv': csv = '', 'protocols.json': json = '' } = filesOf(out);
  for (const members of [3, 5, 7, 9]) expect(page).toMatch(new RegExp(`\\| raft \\| ${members} \\|`));
  expect(csv.split('\r\n')[0]).toBe('protocol,members,figure,unit,count,min,p50,p90,p99,max,undecided');
  const { version, seeds, ensembles, duels } = JSON.parse(json);
  expect({ version, seeds }).toEqual({ version: 1, seeds: { from: 1, to: 1 } });
  expect(ensembles).toHaveLength(12);
  expect(duels).toHaveLength(8);
  const refused = zabsim('report', '--protocols', '--environment', 'wan');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--protocols goes with');
});

test('a baseline that was better ends with 1', () => {
  const out = join(folder, 'baseline');
  expect(zabsim('report', ...ONLY, '--seeds', '1..6', '--out', out, '--workers', '1').code).toBe(0);
  const path = join(out, 'timing.json');
  const faster = JSON.parse(readFileSync(path, 'utf8'));
  for (const name of ['p50', 'least', 'most']) faster.cells[0].measures.failover[name] = 50_000;
  writeFileSync(path, JSON.stringify(faster));
  const slower = zabsim(
    'report',
    ...ONLY,
    '--seeds',
    '1..6',
    '--out',
    out,
    '--workers',
    '1',
    '--baseline',
    path,
  );
  expect(slower.code).toBe(1);
  expect(slower.stdout).toMatch(/✗ worse │ story leader crash,.*│ failover ms/);
});
