import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Hunt, hunt, type Quarry } from './hunt.ts';
import { BUG_QUARRIES, MUTANTS, mutantQuarry, PROTOCOL_QUARRIES } from './quarries.ts';
import { type Row, reportText } from './report.ts';
import { drawnFaults, smallCase } from './small-case.ts';

/**
 * Hunts every bug and mutant from random seeds and writes `reports/bug-hunt.md`; what was measured already
 * stands in `reports/bug-hunt.json`, and is not measured again.
 *
 * @example
 * npm run bug-hunt
 * npm run bug-hunt -- ZOOKEEPER-2845 M01
 * CAP_MS=60000 npm run bug-hunt -- missed
 * CAP_MS=20000 npm run bug-hunt -- shrink
 */
const RANGES = 10;
/** Seeds between the starts of two ranges: more than a range ever uses. */
const APART = 10_000_000;
/** CPU time for one range. */
const CAP_MS = Number(process.env['CAP_MS'] ?? 10_000);
/** After so many ranges without a find the others are left. */
const PATIENCE = 3;

const JOURNAL = fileURLToPath(new URL('../../reports/bug-hunt.json', import.meta.url));
const REPORT = fileURLToPath(new URL('../../reports/bug-hunt.md', import.meta.url));
const DETECTION = fileURLToPath(new URL('../../src/run/detection.ts', import.meta.url));

const rows: Record<string, Row> = existsSync(JOURNAL) ? JSON.parse(readFileSync(JOURNAL, 'utf8')) : {};
const wanted = process.argv.slice(2);

if (wanted.includes('shrink')) for (const quarry of BUG_QUARRIES) noteSmall(quarry);
for (const quarry of BUG_QUARRIES) if (isDue(quarry.name)) note(quarry);
for (const mutant of MUTANTS) if (isDue(mutant.name)) note(await mutantQuarry(mutant));
for (const quarry of PROTOCOL_QUARRIES) if (isDue(quarry.name)) note(quarry);
write();

function isDue(name: string): boolean {
  const row = rows[name];
  if (wanted.length === 0) return row === undefined;
  return (
    wanted.includes(name) || (wanted.includes('missed') && row?.hunts.every(({ found }) => !found) === true)
  );
}

function note(quarry: Quarry): void {
  const hunts: Hunt[] = [];
  for (let range = 1; range <= RANGES; range++) {
    hunts.push(hunt(quarry, range * APART, quarry.harmless === undefined ? CAP_MS : CAP_MS / 2));
    if (hunts.length === PATIENCE && hunts.every(({ found }) => !found)) break;
  }
  const { name, title, group, harmless, tier } = quarry;
  rows[name] = {
    name,
    title,
    group,
    capMs: CAP_MS,
    hunts,
    ...(harmless === undefined ? {} : { harmless }),
    ...(tier === undefined ? {} : { tier }),
  };
  write();
  const found = hunts.filter((one) => one.found);
  process.stderr.write(`${name}: ${found.length} of ${hunts.length}\n`);
}

/**
 * Makes a find of a bug small, unless that stands already: of the finds that with the fewest faults, as
 * `fuzz` does. Where its seed gives another plan by now, one is looked for anew.
 */
function noteSmall(quarry: Quarry): void {
  const { name, tier = 2 } = quarry;
  const row = rows[name];
  if (row === undefined || row.small !== undefined) return;
  const finds = row.hunts
    .filter(({ found }) => found)
    .map((find) => ({ find, faults: drawnFaults(name, find) }))
    .sort((a, b) => a.faults - b.faults);
  if (finds[0] === undefined) return;
  const small =
    smallCase(name, finds[0].find, tier, CAP_MS) ??
    smallCase(name, hunt(quarry, APART, CAP_MS), tier, CAP_MS);
  if (small === undefined) return;
  rows[name] = { ...row, small };
  write();
  process.stderr.write(`${name}: ${small.drawn} faults, ${small.left} left\n`);
}

function write(): void {
  const order = [...BUG_QUARRIES, ...MUTANTS, ...PROTOCOL_QUARRIES].map(({ name }) => name);
  const sorted = order.flatMap((name) => (rows[name] === undefined ? [] : [rows[name]]));
  writeFileSync(JOURNAL, `${JSON.stringify(Object.fromEntries(sorted.map((row) => [row.name, row])))}\n`);
  const { report, detection } = reportText(sorted);
  writeFileSync(REPORT, report);
  writeFileSync(DETECTION, detection);
}
