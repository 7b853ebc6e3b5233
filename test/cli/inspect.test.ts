import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { UNPAINTED } from '../../src/report/paint.ts';
import { diskPath, diskText } from '../conformance/disk/real-disk.ts';
import type { Ended } from './zabsim.ts';

const scratch = mkdtempSync(join(tmpdir(), 'zabsim-inspect-'));
let copies = 0;

afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs the command line in this process. */
async function zabsim(...args: readonly string[]): Promise<Ended> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const shell: Shell = {
    print: (text) => void stdout.push(`${text}\n`),
    warn: (text) => void stderr.push(`${text}\n`),
    paint: UNPAINTED,
    width: 120,
    progress: () => ({ advance: () => {}, stop: () => {} }),
    exitCode: 0,
  };
  await main(args, shell);
  return { code: shell.exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** A copy of a server's directory, changed. */
function copyOf(server: string, change: (folder: string) => void): string {
  const path = join(scratch, `copy${copies++}`);
  cpSync(diskPath(server), path, { recursive: true });
  change(join(path, 'version-2'));
  return path;
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

describe('inspect', () => {
  test.each(['server1', 'server2'])("prints of %s what ZooKeeper's own tools print", async (server) => {
    const { code, stdout, stderr } = await zabsim('inspect', diskPath(server), '--zookeeper');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      diskText(`${server}/snapshot-formatter.txt`) + diskText(`${server}/txn-log-toolkit.txt`),
    );
  });

  test('shows a log as a table, one line a transaction', async () => {
    const { code, stdout } = await zabsim('inspect', diskPath('server1/version-2/log.100000001'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^zxid +time \(UTC\) +session +cxid +type +bytes {2}path, change$/m);
    expect(stdout).toMatch(
      /^0x10000000a {2}2026-11-22 08:57:59\.350 {2}0x100001db41c0000 +0x9 +create +93 {2}\/app\/eph {2}1 B/m,
    );
    expect(stdout).toMatch(/2 parts, aborted: create \/m9 .*; error -101 NONODE$/m);
    expect(stdout).toMatch(/^16 transactions; then 4496 bytes ahead of use$/m);
  });

  test.each([
    ['server1/version-2/log.100000011', 'txns', 16],
    ['server1/version-2/snapshot.10000001f', 'nodes', 15],
    ['compressed/snapshot.100000029.snappy', 'nodes', 16],
  ])('prints %s as one JSON document', async (path, key, count) => {
    const { code, stdout } = await zabsim('inspect', diskPath(path), '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Record<string, unknown[]>)[key]).toHaveLength(count);
  });

  test('says what a start makes of a directory', async () => {
    const { code, stdout } = await zabsim('inspect', diskPath('server1'));
    expect(code).toBe(0);
    expect(stdout).toContain('A server starts from this: it votes with epoch 1 and zxid 0x100000029.');
    expect(stdout).toContain(
      'replays 10 transactions, and has 16 znodes and 2 sessions then; 11 of 11 digests',
    );
  });

  test('says where a flipped bit keeps a server from starting', async () => {
    const path = copyOf('server1', (folder) => flip(join(folder, 'log.100000021'), 40));
    const { code, stdout } = await zabsim('inspect', path);
    expect(code).toBe(1);
    expect(stdout).toContain('log.100000021 at byte 16: damaged: the checksum says');
    expect(stdout).toContain('A server does not start from this: log.100000021 is damaged at byte 16.');
  });

  test('says that a torn end is dropped, and that the newest whole snapshot is taken', async () => {
    const path = copyOf('server1', (folder) => {
      const log = join(folder, 'log.100000021');
      writeFileSync(log, readFileSync(log).subarray(0, 600));
      flip(join(folder, 'snapshot.10000001f'), 300);
    });
    const { code, stdout } = await zabsim('inspect', path, '--json');
    const shown = JSON.parse(stdout) as {
      notes: { file: string; message: string }[];
      snapshots: { used: boolean }[];
      start: { starts: boolean; lastZxid: string; replayed: number };
    };
    expect(code).toBe(0);
    expect(shown.notes.map(({ file }) => file)).toEqual(['snapshot.10000001f', 'log.100000021']);
    expect(shown.notes[0]?.message).toMatch(/^a start passes it over: the seal of the nodes says 0x/);
    expect(shown.notes[1]?.message).toMatch(
      /^torn: the file ends in the middle of a record; a start takes this/,
    );
    expect(shown.snapshots.map(({ used }) => used)).toEqual([false, true, false]);
    expect(shown.start).toMatchObject({ starts: true, lastZxid: '0x100000028', replayed: 24 });
  });

  test('finds where two servers part, and the znodes that differ', async () => {
    const path = copyOf('server2', (folder) => {
      // A server that missed the last ones: the tail is zeros.
      const log = join(folder, 'log.10000001c');
      const bytes = readFileSync(log);
      bytes.fill(0, 540);
      writeFileSync(log, bytes);
    });
    const { code, stdout } = await zabsim('inspect', diskPath('server1'), '--diff', path);
    expect(code).toBe(1);
    expect(stdout).toContain('The logs have 33 transactions in common, 0x100000001 to 0x100000021.');
    expect(stdout).toMatch(/^ {2}8 more on the left$/m);
    expect(stdout).toMatch(/^ {2}\/eph2 {2}left only$/m);
    const same = await zabsim('inspect', diskPath('server1'), '--diff', diskPath('server2'));
    expect(same.code).toBe(0);
  });

  test.each<[string, string[], RegExp]>([
    [
      'a path that is not there',
      ['no-such'],
      /^no-such: expected a file or a directory that can be read, found none/,
    ],
    ['a folder of something else', [diskPath('..')], /expected a data directory, with log\.\*/],
    ['a file of something else', [diskPath('README.md')], /expected a log, a snapshot or an epoch file/],
    ['a file against a directory', [diskPath('server1'), '--diff', diskPath('README.md')], /found a file/],
  ])('%s is bad usage', async (_name, args, message) => {
    const { code, stdout, stderr } = await zabsim('inspect', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
