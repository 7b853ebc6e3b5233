import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { zabsim } from './zabsim.ts';

interface Told {
  readonly jira: string;
  readonly releases: readonly string[];
  readonly scenario?: string;
}

test('bugs prints the catalogue, and says why it leaves out what it leaves out', () => {
  const { code, stdout, stderr } = zabsim('bugs');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/ZOOKEEPER-2845 .*3\.4\.0–3\.4\.11, 3\.5\.0–3\.5\.3 .*no-lost-commit/);
  expect(stdout).toMatch(/Not to be switched on:[\s\S]*ZOOKEEPER-1069/);
});

test('bugs tells bugs of older releases from those that no release is known to have', () => {
  const { stdout } = zabsim('bugs');
  const [old, open, mended] = ['962', '5010', '2845'].map((number) =>
    stdout.split('\n').find((line) => line.includes(`ZOOKEEPER-${number} `)),
  );
  expect(old).toContain('before 3.4.0');
  expect(open).toContain('none known');
  expect(mended).not.toMatch(/before|none/);
});

test('bugs --json names a scenario file that is there', () => {
  const { bugs } = JSON.parse(zabsim('bugs', '--json').stdout) as { readonly bugs: readonly Told[] };
  expect(bugs.length).toBeGreaterThan(30);
  const files = bugs.flatMap(({ scenario }) => (scenario === undefined ? [] : [scenario]));
  const missing = files.filter(
    (file) => !existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url))),
  );
  expect(missing).toEqual([]);
});

test('bugs --release prints those of a release', () => {
  const told = JSON.parse(zabsim('bugs', '--release', '3.9.3', '--json').stdout) as { bugs: readonly Told[] };
  const numbers = told.bugs.map(({ jira }) => jira);
  expect(numbers).toContain('ZOOKEEPER-1653');
  expect(numbers).not.toContain('ZOOKEEPER-4643');
});

test('bugs refuses a release that there never was', () => {
  expect(zabsim('bugs', '--release', '3.9.99').code).toBe(2);
});
