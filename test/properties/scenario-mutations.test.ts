import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ScenarioErrors } from '../../src/core/errors.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { writeScenario } from '../../src/run/scenario-writer.ts';
import { anyPlan } from './plan-arbitrary.ts';

const SOURCES: fc.Arbitrary<string> = anyPlan.map(writeScenario);

/** Either a plan or the reader's own error, with a place for every problem. */
function survives(text: string): void {
  try {
    expect(parseScenario(text).title).not.toBe('');
  } catch (error) {
    if (!(error instanceof ScenarioErrors)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const problem of error.problems) {
      expect(problem.line).toBeGreaterThan(0);
      expect(problem.column).toBeGreaterThan(0);
    }
    // Words of ours that are none; those of the file may be quoted.
    for (const [word] of String(error).matchAll(/undefined|\[object|NaN|Invalid input/g)) {
      expect(text).toContain(word);
    }
  }
}

const SPECIAL = [
  ...'{}[]:,-?*&!|>\'"%@`#<= \n\t\0',
  '<<: ',
  '&a ',
  '*a',
  '---\n',
  '!!set ',
  '\ufeff',
  '\r',
  '\ud800',
  '~',
];

test('characters deleted, replaced or inserted anywhere make an error or another scenario', () => {
  const edit = fc.tuple(
    fc.nat(),
    fc.nat(3),
    fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ maxLength: 3 })),
  );
  fc.assert(
    fc.property(SOURCES, fc.array(edit, { minLength: 1, maxLength: 4 }), (source, edits) => {
      let text = source;
      for (const [position, length, inserted] of edits) {
        const at = position % (text.length + 1);
        text = text.slice(0, at) + inserted + text.slice(at + length);
      }
      survives(text);
    }),
    { numRuns: 250 },
  );
});

test('lines deleted, doubled, swapped or indented make an error or another scenario', () => {
  const edit = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('delete', 'double', 'swap', 'indent', 'outdent'));
  fc.assert(
    fc.property(SOURCES, fc.array(edit, { minLength: 1, maxLength: 3 }), (source, edits) => {
      const lines = source.split('\n');
      for (const [a, b, how] of edits) {
        const from = a % lines.length;
        const to = b % lines.length;
        const line = lines[from] ?? '';
        if (how === 'delete') lines.splice(from, 1);
        if (how === 'double') lines.splice(to, 0, line);
        if (how === 'swap') [lines[from], lines[to]] = [lines[to] ?? '', line];
        if (how === 'indent') lines[from] = `  ${line}`;
        if (how === 'outdent') lines[from] = line.trimStart();
      }
      survives(lines.join('\n'));
    }),
    { numRuns: 250 },
  );
});

const VALUE = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1.5,
    1e300,
    '1s',
    'leader',
    'rest',
    'c1',
    [],
    {},
    [[]],
    [1],
    { 1: 1 },
    '1:1',
  ),
  fc
    .constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length')
    .map((key) => ({ [key]: key })),
);

test('any YAML value in the place of any value makes an error or another scenario', () => {
  fc.assert(
    fc.property(SOURCES, fc.nat(), VALUE, (source, choice, value) => {
      const places = [...source.matchAll(/[:[,] ([^,[\]{}\n]+)/g)];
      const place = places[choice % Math.max(1, places.length)];
      if (place === undefined) return;
      const start = place.index + 2;
      const flow = JSON.stringify(value) ?? 'null';
      survives(source.slice(0, start) + flow + source.slice(start + (place[1] ?? '').length));
    }),
    { numRuns: 250 },
  );
});

test('any value under any key of the format makes an error or a scenario', () => {
  const key = fc.constantFrom(
    ...[
      'title',
      'ensemble',
      'initial',
      'network',
      'clients',
      'faults',
      'expect',
      'decisions',
      'found',
      'stages',
    ],
  );
  fc.assert(
    fc.property(fc.dictionary(key, VALUE), (value) => survives(stringify({ title: 't', ...value }))),
    { numRuns: 250, examples: [[{ title: ['NaN'] }]] },
  );
});

test('any text at all makes an error or a scenario', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom(...SPECIAL, 'a', '1', 'title', 'faults'), { maxLength: 60 })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (value) => survives(value)),
    { numRuns: 1000 },
  );
});
