import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePorts } from '../free-ports.ts';
import { CLI, zabsim } from './zabsim.ts';

/*
 * `zabsim serve`: a server on real sockets and files.
 */

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-serve-'));
  mkdirSync(join(folder, 'data'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a zoo.cfg, and says where it is. */
function configured(lines: Readonly<Record<string, string | undefined>>): string {
  const all = {
    tickTime: '200',
    initLimit: '10',
    syncLimit: '5',
    dataDir: join(folder, 'data'),
    clientPort: '1',
    'server.1': '127.0.0.1:2:3',
    ...lines,
  };
  const path = join(folder, 'zoo.cfg');
  const text = Object.entries(all).map(([key, value]) => (value === undefined ? '' : `${key}=${value}\n`));
  writeFileSync(path, text.join(''));
  return path;
}

function refusalOf(lines: Readonly<Record<string, string | undefined>>, ...options: string[]): string {
  const { code, stdout, stderr } = zabsim('serve', configured(lines), ...options);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/ at .*[.]js/);
  return stderr;
}

describe('what is refused, with its place', () => {
  test('a file that is not there', () => {
    const { code, stderr } = zabsim('serve', join(folder, 'nowhere.cfg'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere[.]cfg: expected a file that can be read, found no such file/);
  });

  test('a number that is none', () => {
    expect(refusalOf({ tickTime: 'often' })).toMatch(
      /zoo[.]cfg:1:10 tickTime: expected an integer .*"often"/,
    );
  });

  test('no myid', () => {
    expect(refusalOf({})).toMatch(/zoo[.]cfg:4:9 dataDir: expected a directory whose file `myid` holds/);
  });

  test('a myid of another ensemble', () => {
    writeFileSync(join(folder, 'data', 'myid'), '7\n');
    expect(refusalOf({})).toMatch(/the number of a server here \(1\)/);
  });

  test('no port for clients', () => {
    writeFileSync(join(folder, 'data', 'myid'), '1\n');
    expect(refusalOf({ clientPort: undefined })).toMatch(/clientPort: expected the port for clients/);
    expect(refusalOf({ clientPort: '70000' })).toMatch(/clientPort: expected an integer from 1 to 65535/);
  });

  test('no data directory', () => {
    expect(refusalOf({ dataDir: undefined })).toMatch(/dataDir: expected the directory of its snapshots/);
  });

  test('members in a file that is not there, and none of which this is in one beside it', () => {
    const dynamic = { dynamicConfigFile: '/elsewhere/zoo.cfg.dynamic', 'server.1': undefined };
    expect(refusalOf(dynamic)).toMatch(
      /dynamicConfigFile: expected a file that can be read, there or beside/,
    );
    writeFileSync(join(folder, 'zoo.cfg.dynamic'), 'server.4=127.0.0.1:2:3\n');
    writeFileSync(join(folder, 'data', 'myid'), '1\n');
    expect(refusalOf(dynamic)).toMatch(/the number of a server here \(4\)/);
  });

  test('a bug that nobody knows', () => {
    expect(refusalOf({}, '--behaviour', 'ZOOKEEPER-1')).toMatch(/^--behaviour ZOOKEEPER-1: expected fixed/);
  });
});

/** Runs it until it prints a line like this, then sends the signal. */
async function served(path: string, line: RegExp, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [CLI, 'serve', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr += String(bytes);
  });
  child.stdout.on('data', (bytes) => {
    stdout += String(bytes);
    if (line.test(stdout)) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

test('it leads an ensemble of one, and ends with 0 when it is told to', async () => {
  const [clientPort, quorumPort, electionPort] = await freePorts(3);
  writeFileSync(join(folder, 'data', 'myid'), '1\n');
  const path = configured({
    clientPort: String(clientPort),
    'server.1': `127.0.0.1:${quorumPort}:${electionPort}`,
  });
  for (const [epoch, signal] of [
    [1, 'SIGTERM'],
    [2, 'SIGINT'],
  ] as const) {
    const { code, stdout, stderr } = await served(path, /it leads epoch/, signal);
    expect(stdout).toContain(`it leads epoch ${epoch}`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }
  expect(readdirSync(join(folder, 'data', 'version-2'))).toEqual([
    'acceptedEpoch',
    'currentEpoch',
    'snapshot.0',
  ]);
});

test('it ends with 1, and says why, when its port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  writeFileSync(join(folder, 'data', 'myid'), '1\n');
  const path = configured({ clientPort: String(port), clientPortAddress: '127.0.0.1' });
  const { code, stderr } = await served(path, /never/, 'SIGTERM');
  taken.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^server 1 ended: the client port 127[.]0[.]0[.]1:\d+ cannot be opened/);
});

test('it ends with 1, and says why, on files that no server starts from', async () => {
  mkdirSync(join(folder, 'data', 'version-2'));
  writeFileSync(join(folder, 'data', 'myid'), '1\n');
  writeFileSync(join(folder, 'data', 'version-2', 'currentEpoch'), 'no number');
  const [clientPort] = await freePorts(1);
  const { code, stderr } = await served(configured({ clientPort: String(clientPort) }), /never/, 'SIGTERM');
  expect(code).toBe(1);
  expect(stderr).toMatch(/server 1 ended: recovery: currentEpoch holds no epoch/);
});
