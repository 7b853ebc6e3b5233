import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readScenario, readScenarios, scenarioFiles } from '../../../src/run/files.ts';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'zabsim-files-'));
  mkdirSync(join(directory, 'tree', 'deep'), { recursive: true });
  mkdirSync(join(directory, 'bare'));
  for (const name of ['tree/b.yaml', 'tree/a.yaml', 'tree/deep/c.yml']) {
    writeFileSync(join(directory, name), `title: ${name}\n`);
  }
  writeFileSync(join(directory, 'tree', 'notes.txt'), 'no scenario');
  writeFileSync(join(directory, 'large.yaml'), `title: t #${'x'.repeat(1048576)}`);
  writeFileSync(join(directory, 'latin.yaml'), Uint8Array.from([0x74, 0x3a, 0xe4, 0x0a]));
  writeFileSync(join(directory, 'bad.yaml'), 'title: t\nsed: 1\n');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a directory stands for all the scenarios below it, sorted', () => {
  const plans = readScenarios([join(directory, 'tree')]);
  expect(plans.map((plan) => plan.title)).toEqual(['tree/a.yaml', 'tree/b.yaml', 'tree/deep/c.yml']);
});

test('a link to a directory above it leads nowhere new', () => {
  const above = join(directory, 'looped');
  mkdirSync(join(above, 'a'), { recursive: true });
  writeFileSync(join(above, 'a', 'one.yaml'), 'title: one');
  symlinkSync('..', join(above, 'a', 'up'));
  expect(scenarioFiles([above])).toEqual([join(above, 'a', 'one.yaml')]);
});

test('a file that is named twice is read once', () => {
  const file = join(directory, 'tree', 'a.yaml');
  expect(scenarioFiles([file, join(directory, 'tree'), file])).toHaveLength(3);
});

test.each([
  ['missing.yaml', 'expected a file that can be read, found no such file'],
  ['large.yaml', 'expected a file of at most 1 MiB'],
  ['tree', 'expected a file, found a directory'],
])('%s is refused with its name', (name, message) => {
  const file = join(directory, name);
  expect(() => readScenario(file)).toThrowError(`${file}: ${message}`);
});

test('a directory without scenarios is refused', () => {
  expect(() => readScenarios([join(directory, 'bare')])).toThrowError('a directory with *.yaml files');
});

test('the problems of all files are reported together', () => {
  const files = [join(directory, 'bad.yaml'), join(directory, 'latin.yaml')];
  expect(() => readScenarios(files)).toThrowError(
    /bad\.yaml:2:1 sed: .*\n.*latin\.yaml:1:3: expected text in UTF-8, found the byte 0xE4/,
  );
});

test('a file that is no text is refused with its place, also where a scenario names it', () => {
  expect(() => readScenario(join(directory, 'latin.yaml'))).toThrowError(
    /latin\.yaml:1:3: expected text in UTF-8/,
  );
  const names = join(directory, 'names.yaml');
  writeFileSync(names, 'title: t\nensemble: { config: latin.yaml }\n');
  expect(() => readScenario(names)).toThrowError(/names\.yaml:2:21 ensemble\.config: .*\(1:3: the byte 0xE4/);
});
