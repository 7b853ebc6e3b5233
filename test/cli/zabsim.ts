import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What a run of the command line came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Runs the command line, from its sources, in a process of its own whose outputs are no terminals. */
export function zabsim(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, commandLine(args), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** The arguments of Node that run the command line from its sources. */
export function commandLine(args: readonly string[]): string[] {
  return ['--import', LOADER, CLI, ...args];
}

/** The path of a scenario file beside these tests. */
export function scenario(name: string): string {
  return fileURLToPath(new URL(`scenarios/${name}`, import.meta.url));
}
