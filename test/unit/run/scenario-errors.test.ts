import { describe, expect, test } from 'vitest';
import { formatProblem, ScenarioErrors } from '../../../src/core/errors.ts';
import { check, problemsOf, type Row } from './scenario-problems.ts';

const whole: readonly Row[] = [
  ['an empty file', '', '1:1', '', 'found an empty file'],
  ['a file of comments', '# nothing\n', '1:1', '', 'found an empty file'],
  ['a list', '- 1\n', '1:1', '', 'expected a scenario: a map with at least a title'],
  ['a word', 'hello', '1:1', '', 'found "hello"'],
  ['no title', 'seed: 1', '1:1', 'title', 'found nothing'],
  ['a numeric title', 'title: 2845', '1:8', 'title', 'expected what the scenario shows'],
  ['an empty title', 'title: ""', '1:8', 'title', 'found ""'],
  ['a title with a control character', 'title: "a\\u0007b"', '1:8', 'title', 'text in one line'],
  ['a tab for indentation', 'title: t\nnetwork:\n\tlatency: 1ms\n', '3:1', '', 'valid YAML 1.2'],
  ['a NUL byte', 'title: t\nsource: a\0b', '2:10', '', 'U+0000'],
  ['a lone surrogate', 'title: \ud800', '1:8', '', 'U+D800'],
  ['two documents', 'title: t\n---\ntitle: u\n', '2:1', '', 'one scenario per file'],
  ['an unclosed bracket', 'title: t\nfaults: [', '2:10', '', 'valid YAML 1.2'],
  ['a duplicate key', 'title: t\nseed: 1\nseed: 2', '3:1', 'seed', 'each key once'],
  ['a duplicate id', 'title: t\ninitial:\n  1: {}\n  "1": {}', '4:3', 'initial.1', 'each key once'],
  ['an unknown tag', 'title: !text t', '1:8', '', 'Unresolved tag'],
  ['an unknown alias', 'title: *t', '1:8', 'title', 'an alias of an anchor above it'],
  ['an alias in itself', 'title: t\nfaults: &f [*f]', '2:13', 'faults[0]', 'does not contain itself'],
  [
    'a merge key',
    'title: t\nclients:\n  <<: { count: 1 }',
    '3:3',
    'clients',
    'merge keys are not part of YAML 1.2',
  ],
  ['a __proto__ key', 'title: t\n__proto__: { seed: 1 }', '2:1', '', 'found "__proto__"'],
  ['a list as a key', 'title: t\n? [a]\n: 1', '2:3', '', 'a key that is a plain word'],
  [
    'too many levels',
    `title: t\nsource: ${'['.repeat(40)}${']'.repeat(40)}`,
    '2:41',
    'source',
    'at most 32 levels',
  ],
  ['a tower of brackets', '['.repeat(100000), '1:201', '', 'at most 32 levels'],
  ['a large file', `title: t #${'x'.repeat(1048576)}`, '1:1', '', 'at most 1 MiB'],
  ['YAML 1.1', '%YAML 1.1\n---\ntitle: t', '1:1', '', 'expected YAML 1.2, found version 1.1'],
];

describe('a malformed file is refused with the place and the reason of its one problem', () => {
  test.each(whole)('%s', (...row) => check(row));
});

describe('the errors of a scenario', () => {
  test('are all reported at once, in the order of the file', () => {
    const problems = problemsOf(
      'title: 5\nseed: x\nfaults:\n  - { at: 1, crash: 9 }\n  - { at: 1s, stp: 1 }\n',
    );
    expect(problems.map((problem) => problem.path)).toEqual([
      'title',
      'seed',
      'faults[0].at',
      'faults[1].stp',
    ]);
  });

  test('say nothing of servers while the ensemble itself is wrong', () => {
    expect(problemsOf('title: t\nensemble: { voters: x }\nexpect: { leader: 9 }')).toHaveLength(1);
  });

  test('are printed as file:line:column path: expected, found, did you mean', () => {
    const [problem] = problemsOf('title: t\nfaults:\n  - { at: 5 sec, crash: leader }\n');
    expect(problem && formatProblem(problem)).toBe(
      'x.yaml:3:11 faults[0].at: expected a duration such as 250ms, found "5 sec" (did you mean "5s"?)',
    );
  });

  test('point at the anchor when an alias stands for what is wrong', () => {
    const [problem] = problemsOf('title: t\nduration: &d 5 sec\nfaults: [{ at: *d, crash: 1 }]');
    expect(problem?.line).toBe(2);
  });

  test('end an alias bomb before it is written out', () => {
    const rows = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (const [index, name] of [...'bcdefghij'].entries()) {
      rows.push(`${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(', ')}]`);
    }
    expect(problemsOf(rows.join('\n'))[0]?.expected).toContain('once aliases are written out');
  });

  test('stop at a thousand, and print twenty-five', () => {
    const text = `title: t\n${Array.from({ length: 5000 }, (_, index) => `key${index}: 1`).join('\n')}`;
    expect(problemsOf(text)).toHaveLength(1000);
    expect(String(new ScenarioErrors(problemsOf(text)))).toContain('… and 975 more');
  });

  test('include too many faults', () => {
    const text = `title: t\nfaults:\n${'- { at: 1s, crash: 1 }\n'.repeat(10001)}`;
    expect(problemsOf(text)[0]?.expected).toBe('at most 10000 faults');
  });
});
