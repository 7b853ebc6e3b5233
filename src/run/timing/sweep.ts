import { type Document, isCollection, isMap, isSeq, parseDocument } from 'yaml';
import { ScenarioErrors } from '../../core/errors.ts';
import { ENSEMBLE_KEYS } from '../ensemble-schema.ts';
import { parseScenarioOf } from '../files.ts';
import { pathText } from '../findings.ts';
import { SECTIONS } from '../schema.ts';
import { suggest } from '../suggest.ts';
import type { Path } from '../yaml-source.ts';
import { type Cell, cellName } from './timing-report.ts';

/** A key of a scenario, and the values that it is to have, as the file would spell them. */
export interface Sweep {
  readonly key: string;
  readonly values: readonly string[];
}

/** The keys that a path may begin with. */
const KEYS = [...Object.keys(SECTIONS), 'faults'];

/** The most cells of a grid. */
const MOST_CELLS = 1000;

/**
 * Reads `key=a,b,c`. Commas inside brackets and braces part nothing: `network.latency={ median: 1ms, p99: 9ms
 * },2ms` has two values. Returns undefined for what is none.
 */
export function parseSweep(text: string): Sweep | undefined {
  const [, key, list] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
  if (key === undefined || list === undefined) return undefined;
  const values: string[] = [];
  let [depth, value] = [0, ''];
  for (const character of list) {
    if ('[{'.includes(character)) depth++;
    if (']}'.includes(character)) depth--;
    if (character === ',' && depth === 0) {
      values.push(value.trim());
      value = '';
    } else value += character;
  }
  values.push(value.trim());
  const distinct = new Set(values);
  return depth !== 0 || distinct.has('') || distinct.size < values.length ? undefined : { key, values };
}

/**
 * The grid over a scenario: a cell for each combination of the swept values, the last key changing fastest.
 * Each of them is a sound scenario.
 *
 * @param text the scenario, which is sound itself
 * @throws ScenarioErrors for a key that is none, or a value that does not fit it
 */
export function sweptCells(file: string, text: string, sweeps: readonly Sweep[]): readonly Cell[] {
  const count = sweeps.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_CELLS) throw refused(file, '', `a grid of at most ${MOST_CELLS} cells`, String(count));
  const paths = sweeps.map((sweep) => pathOf(sweep.key, file, text));
  return combinations(sweeps).map((values) => {
    const labels = Object.fromEntries(sweeps.map(({ key }, index) => [key, values[index] ?? '']));
    const document = parseDocument(text);
    for (const [index, path] of paths.entries()) put(document, path, values[index] ?? '', file);
    const cell = { labels, text: document.toString({ lineWidth: 0 }), file };
    check(cell, paths);
    return cell;
  });
}

function combinations(sweeps: readonly Sweep[]): readonly (readonly string[])[] {
  return sweeps.reduce<readonly (readonly string[])[]>(
    (rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/**
 * `tickTime` means `ensemble.tickTime`; `faults[1].for` and `faults.split.for` the second fault, and the one
 * of that name.
 */
function pathOf(key: string, file: string, text: string): Path {
  const [first = '', ...rest] = key.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  if (rest.length === 0 && ENSEMBLE_KEYS.includes(first)) return ['ensemble', first];
  if (!KEYS.includes(first)) {
    const suggestion = suggest(first, [...KEYS, ...ENSEMBLE_KEYS]);
    throw refused(file, '', 'a path to a key of the scenario, or a key of its ensemble', key, suggestion);
  }
  if (first === 'ensemble') return [first, rest.join('.')];
  const path: (string | number)[] = [first];
  let node: unknown = parseDocument(text).get(first, true);
  for (const step of rest) {
    if (isSeq(node)) {
      const named = node.items.findIndex((item) => isMap(item) && String(item.get('name')) === step);
      const index = /^\d+$/.test(step) ? Number(step) : named;
      if (index < 0 || index >= node.items.length) {
        throw refused(file, key, `one of the ${node.items.length} in the list, by number or name`, step);
      }
      path.push(index);
      node = node.items[index];
    } else {
      path.push(step);
      node = isMap(node) ? node.get(step, true) : undefined;
    }
  }
  return path;
}

function put(document: Document, path: Path, value: string, file: string): void {
  const parsed = parseDocument(value);
  if (parsed.errors.length > 0) throw refused(file, pathText(path), 'a value in YAML', value);
  // A value may stand where there was a map or a list: what is there is replaced as a whole.
  const parent = document.getIn(path.slice(0, -1), true);
  if (parent !== undefined && path.length > 1 && !isCollection(parent)) {
    throw refused(file, pathText(path), 'a key of a map', 'no map around it');
  }
  document.setIn(path, parsed.contents);
}

/** Says what is wrong with a cell in the words of the sweep, not in places of a text that nobody wrote. */
function check({ file, text, labels }: Cell, paths: readonly Path[]): void {
  try {
    parseScenarioOf(text, file);
  } catch (error) {
    if (!(error instanceof ScenarioErrors)) throw error;
    const swept = paths.map(pathText);
    const guilty = error.problems.filter(({ path }) => swept.some((one) => path.startsWith(one)));
    const problems = guilty.length > 0 ? guilty : error.problems;
    const where = `${file} with ${cellName(labels)}`;
    throw new ScenarioErrors(problems.map((one) => ({ ...one, file: where, line: 0, column: 0 })));
  }
}

function refused(
  file: string,
  path: string,
  expected: string,
  found: string,
  suggestion?: string,
): ScenarioErrors {
  return new ScenarioErrors([{ file, line: 0, column: 0, path, expected, found, suggestion }]);
}
