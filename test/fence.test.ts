import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const rooms = ['core', 'node', 'protocols/zab', 'znode', 'check', 'sim', 'wire'];

/** One line each, and a word of the message that must answer it. */
const refused: [line: string, answer: string][] = [
  ...[
    'random',
    'sin',
    'cos',
    'tan',
    'exp',
    'log',
    'log2',
    'log10',
    'log1p',
    'expm1',
    'pow',
    'cbrt',
    'hypot',
  ].map((name): [string, string] => [`export const x = Math.${name}(2);`, 'approximate Math']),
  ...['asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'].map(
    (name): [string, string] => [`export const x = Math.${name};`, 'approximate Math'],
  ),
  ['export const m = Math;', 'no other name'],
  ['export const { sin } = Math;', 'no other name'],
  ["export const x = Math['cos'](1);", 'no other name'],
  ['export const x = Math?.random();', 'no other name'],
  ['export const x = [1].map((n) => pick(Math)(n));', 'no other name'],
  ['export const x = 2 ** 32;', 'power operator'],
  ['export let x = 2; x **= 2;', 'power operator'],
  ["export const x = 'a'.localeCompare('b');", 'locale method'],
  ["export const x = y?.localeCompare('b');", 'locale method'],
  ['export const x = (1).toLocaleString();', 'locale method'],
  ["export const x = 'A'.toLocaleLowerCase();", 'locale method'],
  ["export const x = 'a'.toLocaleUpperCase();", 'locale method'],
  ['export const x = [10, 9].sort();', 'pass a comparator'],
  ['export const x = y?.sort();', 'pass a comparator'],
  ['export const x = [10, 9].toSorted();', 'pass a comparator'],
  ['for (const key in y) use(key);', 'for-in'],
  ['export async function x() { await y; }', 'never an await'],
  ['for await (const x of y) use(x);', 'never an await'],
  ['export function x(y) { y.left = () => y; }', 'allocated as old'],
  ['export class X { #left; x() { this.#left = () => this; } }', 'allocated as old'],
  ['export function x(y) { y[0] = function () { return y; }; }', 'allocated as old'],
  ...['Date', 'Promise', 'Intl', 'WeakRef', 'FinalizationRegistry', 'globalThis'].map(
    (name): [string, string] => [`export const x = ${name};`, `global variable ${name}`],
  ),
];

const allowed = [
  'export const x = Math.floor(Math.max(1, Math.sqrt(2), Math.imul(3, 4)));',
  'export const x = [10, 9].toSorted((a, b) => a - b);',
  'export const x = [10, 9].sort(byTime);',
  'export const x = 2 * 2 * 2;',
  'for (const key of y) use(key);',
  'export function x(y) { const left = () => y; y.left = left; }',
];

interface Diagnostic {
  readonly message: string;
  readonly severity: string;
  readonly location: { readonly path: string };
}

describe('the determinism fence', () => {
  const tree = mkdtempSync(join(tmpdir(), 'zabsim-fence-'));
  const heard = new Map<string, string>();

  function plant(path: string, line: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${line}\n`);
  }

  beforeAll(() => {
    cpSync(join(project, '.biome.json'), join(tree, '.biome.json'));
    cpSync(join(project, '.biome'), join(tree, '.biome'), { recursive: true });
    for (const [i, [line]] of refused.entries()) {
      for (const room of i === 0 ? rooms : ['sim']) plant(`src/${room}/refused-${i}.ts`, line);
      plant(`src/run/free-${i}.ts`, line);
    }
    for (const [i, line] of allowed.entries()) plant(`src/sim/allowed-${i}.ts`, line);
    const biome = join(project, 'node_modules/@biomejs/biome/bin/biome');
    const flags = ['lint', '--reporter=json', '--max-diagnostics=none', 'src'];
    const { stdout } = spawnSync(process.execPath, [biome, ...flags], { cwd: tree, encoding: 'utf8' });
    for (const { location, message, severity } of (JSON.parse(stdout) as { diagnostics: Diagnostic[] })
      .diagnostics) {
      if (severity === 'error') heard.set(location.path, `${heard.get(location.path) ?? ''}${message}\n`);
    }
  });

  afterAll(() => rmSync(tree, { recursive: true }));

  test.each(refused.map(([line, answer], i) => ({ line, answer, i })))('refuses $line', ({ answer, i }) => {
    expect(heard.get(`src/sim/refused-${i}.ts`)).toContain(answer);
  });

  test.each(allowed.map((line, i) => ({ line, i })))('lets $line pass', ({ i }) => {
    expect(heard.get(`src/sim/allowed-${i}.ts`)).toBeUndefined();
  });

  test.each(rooms)('stands around src/%s', (room) => {
    expect(heard.get(`src/${room}/refused-0.ts`)).toContain('approximate Math');
  });

  test('leaves the rooms that talk to the outside world alone', () => {
    const complaints = refused.map((_, i) => heard.get(`src/run/free-${i}.ts`) ?? '').join('');
    for (const [, answer] of refused) expect(complaints).not.toContain(answer);
  });
});
