import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a run of the command line came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as it is installed; `test/build-code.ts` has built it from the sources. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs the command line in a process of its own whose outputs are no terminals. */
export function zabsim(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** The path of a scenario file beside these tests. */
export function scenario(name: string): string {
  return fileURLToPath(new URL(`scenarios/${name}`, import.meta.url));
}
