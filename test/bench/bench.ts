import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { MUST_BE_ZERO, ROWS, type Row, type Term } from './benchmarks.ts';
import type { Figures } from './measure.ts';
import { asJson, asMarkdown, asTable, type Measured } from './report.ts';
import { spreadOf } from './statistics.ts';
import type { Variant } from './variants.ts';

const HELP = `Usage: npm run bench -- [options]

Measures how fast zabsim is, and writes reports/benchmarks.md and reports/benchmarks.json.
Every variant runs in processes of its own, in turns with the others, and is measured in CPU time.

Options:
  --only <ids>    only these benchmarks, such as P2,P5; prints the table, writes no report
  --rounds <n>    how often each variant runs (default: 3)
  -h, --help      shows this

Benchmarks:
  P1  the event queue with timers, against tinyqueue with tombstones
  P2  steady broadcast: 5 servers, 50 clients, 2 M events, against an idiomatic reference
  P3  the same with 3, 9, 51 and 101 servers
  P4  idle ensembles of 5 and 101 servers
  P5  short runs with faults, as a fuzzer makes them
  P6  the first 200 of them, from a cold start
  P7  what the monitors cost
  P8  20 M events against 2 M
  P9  bytes allocated per event
  W1  ZooKeeper's own bytes: a proposal through the codecs
  W2  a log of 100 MB, read
  W3  P2 where servers and clients speak in bytes
`;

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD = join(PROJECT, 'node_modules/.cache/zabsim-bench');
/** The long run is long: it goes in this many rounds at most. */
const LONG_ROUNDS = 2;

main();

function main(): void {
  const { only, rounds } = readOptions();
  const rows = ROWS.filter((row) => only === undefined || only.includes(row.id));
  build();
  const variants = [
    ...new Set(rows.flatMap((row) => [row.of, row.by ?? row.of]).map(([variant]) => variant)),
  ];
  const results = runAll(variants, rounds);
  const measured = rows.map((row) => ({ row, spread: spreadOf(valuesOf(row, results)) }));
  process.stdout.write(`${asTable(measured)}\n`);
  if (only === undefined) writeReports(measured, rounds);
}

function readOptions(): { only: readonly string[] | undefined; rounds: number } {
  const values = parsed();
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const only = values.only?.toUpperCase().split(',');
  const unknown = only?.find((id) => !ROWS.some((row) => row.id === id));
  if (unknown !== undefined) refuse(`--only: there is no benchmark ${unknown}`);
  const rounds = Number(values.rounds ?? 3);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) refuse('--rounds: a number from 1 to 100');
  return { only, rounds };
}

function parsed() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  process.stderr.write(`bench: ${why}\nTry npm run bench -- --help\n`);
  process.exit(2);
}

/** Builds the benchmarks, as `npm run build:code` does the sources. */
function build(): void {
  rmSync(BUILD, { recursive: true, force: true });
  buildSync({
    entryPoints: [fileURLToPath(new URL('child.ts', import.meta.url))],
    outdir: BUILD,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    packages: 'external',
  });
  writeFileSync(join(BUILD, 'package.json'), '{ "type": "module" }\n');
}

/** Round after round, each variant in turn: what slows the machine for a while slows all alike. */
function runAll(variants: readonly Variant[], rounds: number): ReadonlyMap<Variant, readonly Figures[]> {
  const results = new Map<Variant, Figures[]>(variants.map((variant) => [variant, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const variant of variants) {
      if (variant === 'long' && round > LONG_ROUNDS) continue;
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kround ${round} of ${rounds}: ${variant}`);
      results.get(variant)?.push(runChild(variant));
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return results;
}

function runChild(variant: Variant): Figures {
  const child = join(BUILD, 'child.js');
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', child, variant], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${variant} ended with ${status}`);
  const figures = JSON.parse(stdout) as Figures;
  for (const name of MUST_BE_ZERO) {
    if ((figures[name] ?? 0) !== 0) throw new Error(`${variant}: ${name} is ${figures[name]}`);
  }
  return figures;
}

/** A row's value in each round; a ratio is of two children of the same round. */
function valuesOf(row: Row, results: ReadonlyMap<Variant, readonly Figures[]>): number[] {
  const above = figuresOf(row.of, results);
  if (row.by === undefined) return above;
  const below = figuresOf(row.by, results);
  return above.map((value, round) => value / (below[round] ?? Number.NaN));
}

function figuresOf([variant, name]: Term, results: ReadonlyMap<Variant, readonly Figures[]>): number[] {
  return (results.get(variant) ?? []).map((figures) => {
    const value = figures[name];
    if (value === undefined) throw new Error(`${variant} does not tell ${name}`);
    return value;
  });
}

function writeReports(measured: readonly Measured[], rounds: number): void {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', node: process.version, rounds };
  const folder = join(PROJECT, 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'benchmarks.md'), asMarkdown(measured, machine));
  writeFileSync(join(folder, 'benchmarks.json'), asJson(measured, machine));
}
