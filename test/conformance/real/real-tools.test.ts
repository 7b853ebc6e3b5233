import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { Shell } from '../../../src/cli/shell.ts';
import { UNPAINTED } from '../../../src/report/paint.ts';
import { diskPath, realFiles } from '../disk/real-disk.ts';
import { INSTALLED, JARS } from './real-servers.ts';

/*
 * ZooKeeper's own tools, where they are installed, print of the captured files what `inspect --zookeeper`
 * does.
 */

const FIXED = ['-Duser.timezone=UTC', '-Duser.language=en', '-Duser.country=US', '-Dfile.encoding=UTF-8'];

const TOOLS = {
  log: 'org.apache.zookeeper.server.persistence.TxnLogToolkit',
  snapshot: 'org.apache.zookeeper.server.SnapshotFormatter',
} as const;

function toolText(tool: string, path: string): string {
  const args = [...FIXED, '-XX:TieredStopAtLevel=1', '-cp', JARS.join(':'), tool, path];
  const { status, stdout, stderr } = spawnSync('java', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  expect(status, stderr).toBe(0);
  return stdout;
}

async function inspectText(path: string): Promise<string> {
  const printed: string[] = [];
  const shell: Shell = {
    print: (text) => void printed.push(`${text}\n`),
    warn: () => {},
    paint: UNPAINTED,
    width: 80,
    progress: () => ({ advance: () => {}, stop: () => {} }),
    exitCode: 0,
  };
  await main(['inspect', '--zookeeper', path], shell);
  expect(shell.exitCode).toBe(0);
  return printed.join('');
}

describe.skipIf(!INSTALLED)('inspect --zookeeper prints what the installed tools do of', () => {
  const files = (['log', 'snapshot'] as const).flatMap((kind) =>
    realFiles(`${kind}.`).map(({ server, name }) => [`${server} ${name}`, kind, server, name] as const),
  );
  test.each(files)('%s', async (_title, kind, server, name) => {
    const path = diskPath(`${server}/version-2/${name}`);
    expect(await inspectText(path)).toBe(toolText(TOOLS[kind], path));
  });
});
