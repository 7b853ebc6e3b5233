import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLI, scenario, zabsim } from './zabsim.ts';

const TREE = fileURLToPath(new URL('../../scenarios/consistency/partition.yaml', import.meta.url));

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-outputs-'));
  file = join(folder, 'x.yaml');
  copyFileSync(TREE, file);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['its own path', (path: string) => path],
  ['a path that goes round', (path: string) => join(path, '..', '..', ...path.split('/').slice(-2))],
  [
    'a symbolic link',
    (path: string) => {
      symlinkSync(path, `${path}.link`);
      return `${path}.link`;
    },
  ],
  [
    'a hard link',
    (path: string) => {
      linkSync(path, `${path}.link`);
      return `${path}.link`;
    },
  ],
])('the scenario that is read is not written over: %s', (_name, through) => {
  const path = through(file);
  for (const option of ['--trace', '--history', '--write-data']) {
    const { code, stderr } = zabsim('run', file, option, path);
    expect(stderr).toBe(`${option} ${path}: expected a file of its own, found ${file}, which is read\n`);
    expect(code).toBe(2);
  }
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(TREE, 'utf8'));
});

test('nor are the data directories that it names', () => {
  const real = fileURLToPath(new URL('../../scenarios/real-files/as-found.yaml', import.meta.url));
  const named = /dataDir: ([\w./-]+)/.exec(readFileSync(real, 'utf8'))?.[1] ?? '';
  const path = join(real, '..', named, 'server1', 'version-2', 'acceptedEpoch');
  const before = readFileSync(path, 'utf8');
  const { code, stderr } = zabsim('run', real, '--trace', path);
  expect(stderr).toContain('expected a file of its own');
  expect({ code, now: readFileSync(path, 'utf8') }).toEqual({ code: 2, now: before });
});

test('nor is its configuration', () => {
  const config = join(folder, 'zoo.cfg');
  const text = 'tickTime=200\ninitLimit=5\nsyncLimit=2\nserver.1=a:2888:3888\n';
  writeFileSync(config, text);
  writeFileSync(file, 'title: t\nduration: 1s\nensemble: { config: zoo.cfg }\n');
  const { code, stderr } = zabsim('run', file, '--trace', config);
  expect(stderr).toContain(`found ${config}, which is read`);
  expect({ code, now: readFileSync(config, 'utf8') }).toEqual({ code: 2, now: text });
});

test('two outputs are two files', () => {
  const [a, b] = [join(folder, 'out'), `${folder}/./out`];
  const { code, stderr } = zabsim('run', file, '--trace', a, '--history', b);
  expect(stderr).toBe(`--history ${b}: expected a file of its own, found that of --trace ${a}\n`);
  expect(code).toBe(2);
  expect(readdirSync(folder)).toEqual(['x.yaml']);
});

test('a trace that is exported is not written over', () => {
  const trace = join(folder, 'trace.jsonl');
  writeFileSync(trace, 'not read\n');
  const { code, stderr } = zabsim('export', trace, trace);
  expect(stderr).toContain('expected a file of its own');
  expect({ code, text: readFileSync(trace, 'utf8') }).toEqual({ code: 2, text: 'not read\n' });
});

test('devices may be named twice', () => {
  const { code, stderr } = zabsim('run', file, '--trace', '/dev/null', '--history', '/dev/null');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test.each([['--trace'], ['--history']])('%s on a full disk is explained', (option) => {
  const { code, stderr } = zabsim('run', file, option, '/dev/full');
  expect(stderr).toMatch(new RegExp(`^${option} /dev/full cannot be written: ENOSPC.*\\n$`));
  expect(code).toBe(2);
});

test.each([
  ['run', ''],
  ['run', '--json'],
  ['bugs', ''],
  ['--help', ''],
])('a full disk behind standard output is explained: %s %s', (command, more) => {
  const args = command === 'run' ? [command, scenario('failover.yaml'), more] : [command];
  const shell = 'exec "$0" "$@" > /dev/full';
  const line = [process.execPath, CLI, ...args.filter((arg) => arg !== '')];
  const { status, stderr } = spawnSync('sh', ['-c', shell, ...line], { encoding: 'utf8' });
  expect(stderr).toMatch(/^standard output cannot be written: ENOSPC.*\n$/);
  expect(status).toBe(2);
});

test.each([['--trace'], ['--history']])('a reader of %s that goes away is no mistake', (option) => {
  const shell = 'trap "" PIPE; { "$0" "$@"; echo $? >&2; } | head -1';
  const line = [process.execPath, CLI, 'run', file, option, '/dev/stdout'];
  const { stdout, stderr } = spawnSync('sh', ['-c', shell, ...line], { encoding: 'utf8' });
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('0\n');
});

test('a trace on standard output stands before the results, also in a file', () => {
  const out = join(folder, 'out.txt');
  const shell = `exec "$0" "$@" > "${out}"`;
  const line = [process.execPath, CLI, 'run', scenario('failover.yaml'), '--trace', '/dev/stdout'];
  expect(spawnSync('sh', ['-c', shell, ...line]).status).toBe(0);
  const lines = readFileSync(out, 'utf8').split('\n');
  expect(lines[0]).toMatch(/^ +0\.000 ms {2}1 +starts$/);
  expect(lines.at(-2)).toMatch(/^Other seeds: /);
});

test.each([['/sys/x'], ['/dev/null/x'], ['/proc/x'], ['/proc/self/x/y']])(
  'data directories are not written to %s',
  (path) => {
    const { code, stderr } = zabsim('run', file, '--write-data', path);
    expect(stderr).toMatch(new RegExp(`^--write-data ${path}: E[A-Z]+: .*\\n$`));
    expect(code).toBe(2);
  },
);

test('data directories are not written in place of a file, nor below one', () => {
  const taken = join(folder, 'taken');
  writeFileSync(taken, '');
  for (const path of [taken, join(taken, 'below')]) {
    const { code, stderr } = zabsim('run', file, '--write-data', path);
    expect(stderr).toMatch(new RegExp(`^--write-data ${path}: E[A-Z]+: .*\\n$`));
    expect(code).toBe(2);
  }
});

test.each([
  ['fuzz', ['--runs', '1', '--out', '/proc/x']],
  ['export', [scenario('failover.yaml'), '/proc/x/run.html']],
])('%s does not write below /proc', (command, args) => {
  const { code, stderr } = zabsim(command, ...args);
  expect(stderr).toMatch(/ENOENT.*\/proc\/x/);
  expect(code).toBe(2);
});
