import { createRequire } from 'node:module';

/** The version of this package: its manifest is found by its name, from the sources as from what is built. */
export function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('zabsim/package.json');
  return (manifest as { version: string }).version;
}
