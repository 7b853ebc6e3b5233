import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readScenario } from '../src/run/files.ts';
import { simulate } from '../src/run/simulate.ts';

const FOLDER = fileURLToPath(new URL('../scenarios', import.meta.url));
const TABLE = fileURLToPath(new URL('fingerprints.json', import.meta.url));
const REWRITE = process.env['REWRITE'] === '1';

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort((a, b) => (a < b ? -1 : 1));
const pinned = JSON.parse(readFileSync(TABLE, 'utf8')) as Readonly<Record<string, string>>;
const seen: Record<string, string> = {};

test.each(files)('%s is as it expects', (name) => {
  const outcome = simulate(readScenario(join(FOLDER, name)));
  seen[name] = outcome.fingerprint;
  expect({ unmet: outcome.unmet, verdict: outcome.verdict, expected: outcome.expected }).toMatchObject({
    unmet: [],
    expected: true,
  });
  if (!REWRITE) expect(outcome.fingerprint, 'REWRITE=1 pins it anew').toBe(pinned[name]);
});

test('no fingerprint is pinned for a scenario that is gone', () => {
  if (!REWRITE) expect(Object.keys(pinned).filter((name) => !files.includes(name))).toEqual([]);
});

afterAll(() => {
  if (REWRITE) writeFileSync(TABLE, `${JSON.stringify(seen, null, 2)}\n`);
});
