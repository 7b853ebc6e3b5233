import { spawnSync } from 'node:child_process';
import { UsageError } from './usage-error.ts';

/** More than any Node needs to tell its version. */
const PATIENCE_MS = 30_000;

/**
 * Throws a UsageError unless the binary answers as Node does: others, given a script, do who knows what.
 */
export function checkNode(path: string): void {
  const { error, status, stdout } = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined) throw new UsageError(`--node ${path}: ${error.message}`);
  if (status === 0 && /^v\d+\.\d+\.\d+\S*\s*$/.test(stdout)) return;
  const [line = ''] = stdout.split('\n', 1);
  const told = line === '' ? `one that ends with code ${status}` : JSON.stringify(line.slice(0, 60));
  throw new UsageError(
    `--node ${path}: expected a Node binary, which tells a version such as v20.19.0, found ${told}`,
  );
}
