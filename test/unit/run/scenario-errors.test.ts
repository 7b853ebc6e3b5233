import { describe, expect, test } from 'vitest';
import { formatProblem, ScenarioErrors, type ScenarioProblem } from '../../../src/core/errors.ts';
import { parseScenario } from '../../../src/run/scenario.ts';

/** The problems of a text; none when it is sound. */
function problemsOf(text: string): readonly ScenarioProblem[] {
  try {
    parseScenario(text, 'x.yaml');
  } catch (error) {
    if (error instanceof ScenarioErrors) return error.problems;
    throw error;
  }
  return [];
}

/** What is wrong; the text after `title: t`; line:column; path; a fragment of the printed problem. */
type Row = readonly [what: string, text: string, place: string, path: string, fragment: string];

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
  ['a merge key', 'title: t\nclients:\n  <<: { count: 1 }', '3:3', 'clients', 'merge keys are not part of YAML 1.2'],
  ['a __proto__ key', 'title: t\n__proto__: { seed: 1 }', '2:1', '', 'found "__proto__"'],
  ['a list as a key', 'title: t\n? [a]\n: 1', '2:3', '', 'a key that is a plain word'],
  ['too many levels', `title: t\nsource: ${'['.repeat(40)}${']'.repeat(40)}`, '2:41', 'source', 'at most 32 levels'],
  ['a tower of brackets', '['.repeat(100000), '1:201', '', 'at most 32 levels'],
  ['a large file', `title: t #${'x'.repeat(1048576)}`, '1:1', '', 'at most 1 MiB'],
  ['YAML 1.1', '%YAML 1.1\n---\ntitle: t', '1:1', '', 'expected YAML 1.2, found version 1.1'],
];

const sections: readonly Row[] = [
  ['an unknown key', 'sed: 1', '2:1', 'sed', 'found "sed" (did you mean "seed"?)'],
  ['a far-off key', 'xylophone: 1', '2:1', 'xylophone', 'one of the keys title, source'],
  ['a negative seed', 'seed: -1', '2:7', 'seed', 'found -1'],
  ['a large seed', 'seed: 99999999999999999999', '2:7', 'seed', 'found 99999999999999999999'],
  ['a fractional seed', 'seed: 1.5', '2:7', 'seed', 'an integer from 0'],
  ['no unit', 'duration: 60', '2:11', 'duration', 'found 60 (did you mean "60s"?)'],
  ['a long unit', 'duration: 5 min', '2:11', 'duration', 'found "5 min" (did you mean "5m"?)'],
  ['a long duration', 'duration: 721h', '2:11', 'duration', 'at most 720h'],
  ['a fine duration', 'duration: 0.5us', '2:11', 'duration', 'whole microseconds'],
  ['no duration', 'duration: 0s', '2:11', 'duration', 'at least 1us'],
  ['raft', 'protocol: raft', '2:11', 'protocol', 'raft is not available in this version'],
  ['a misspelt protocol', 'protocol: zap', '2:11', 'protocol', 'did you mean "zab"?'],
  ['no voters', 'ensemble: { voters: 0 }', '2:21', 'ensemble.voters', 'from 1 to 254'],
  ['many servers', 'ensemble: { voters: 200, observers: 55 }', '2:37', 'ensemble.observers', 'at most 254 servers'],
  ['a config file', 'ensemble: { config: zoo.cfg }', '2:13', 'ensemble.config', 'not available in this version'],
  ['a release', 'ensemble: { behaviour: 3.8.0 }', '2:24', 'ensemble.behaviour', '3.8.0 is not available'],
  ['a bug', 'ensemble: { behaviour: [fixd] }', '2:25', 'ensemble.behaviour[0]', 'did you mean "fixed"?'],
  ['a bare tick', 'ensemble: { tickTime: 2000 }', '2:23', 'ensemble.tickTime', 'did you mean "2000ms"?'],
  ['a large factor', 'ensemble: { snapshotSizeFactor: 1.5 }', '2:33', 'ensemble.snapshotSizeFactor', 'from 0 to 1'],
  ['a start of a stranger', 'ensemble: { start: { 4: 1s } }', '2:22', 'ensemble.start.4', '1 to 3'],
  ['a start by name', 'ensemble: { start: { a: 1s } }', '2:22', 'ensemble.start.a', 'a server id'],
  ['a late start', 'ensemble: { start: { 1: nver } }', '2:25', 'ensemble.start.1', 'did you mean "never"?'],
  ['weights of 0', 'ensemble: { voters: 1, weights: { 1: 0 } }', '2:33', 'ensemble.weights', 'not 0'],
  ['a voter in no group', 'ensemble: { groups: [[1, 2]] }', '2:21', 'ensemble.groups', '3 is in none'],
  ['a voter in two groups', 'ensemble: { groups: [[1, 2], [2, 3]] }', '2:31', 'ensemble.groups[1][0]', 'one group only'],
  ['crossed intervals', 'ensemble: { minNotificationInterval: 2m }', '2:38', 'ensemble.minNotificationInterval', 'above'],
  ['a data directory', 'initial: { 1: { dataDir: d } }', '2:17', 'initial.1.dataDir', 'not available in this version'],
  ['a disk of a stranger', 'initial: { 9: {} }', '2:12', 'initial.9', 'a server of the ensemble'],
  ['a decimal zxid', 'initial: { 1: { log: [3] } }', '2:23', 'initial.1.log[0]', 'found 3 (did you mean "0x3"?)'],
  ['a falling log', 'initial: { 1: { log: [1:2, 1:1] } }', '2:28', 'initial.1.log[1]', 'a zxid above 0x100000002'],
  ['a late epoch', 'initial: { 1: { snapshot: 2097152:0 } }', '2:27', 'initial.1.snapshot', 'at most 2097151'],
  ['a huge zxid', 'initial: { 1: { log: [0xffffffffffffffff] } }', '2:23', 'initial.1.log[0]', '0xffffffffffffffff'],
  ['a long log', 'initial: { 1: { log: [1:1..1:999999] } }', '2:23', 'initial.1.log[0]', 'at most 100000'],
  ['a text for an epoch', 'initial: { 1: { acceptedEpoch: one } }', '2:32', 'initial.1.acceptedEpoch', 'an epoch'],
  ['a backward range', 'network: { latency: 4ms..1ms }', '2:21', 'network.latency', 'the smaller first'],
  ['a half tail', 'network: { latency: { median: 1ms } }', '2:21', 'network.latency.p99', 'found nothing'],
  ['a low p99', 'stages: { median: 2ms, p99: 1ms }', '2:29', 'stages.p99', 'not below the median'],
  ['one side of a link', 'network: { links: [{ between: [1], latency: 1ms }] }', '2:31', 'network.links[0].between', 'two groups'],
  ['a link to nobody', 'network: { links: [{ between: [1, c1], latency: 1ms }] }', '2:35', 'network.links[0].between[1]', 'no clients'],
  ['a unitless drift', 'clock: { drift: 0..200 }', '2:17', 'clock.drift', '0ppm..200ppm'],
  ['a mix', 'clients: { count: 1, mix: { create: 1 } }', '2:22', 'clients.mix', 'not available in this version'],
  ['many operations', 'clients: { count: 1, operations: 10000001 }', '2:34', 'clients.operations', '10000000'],
  ['many clients', 'clients: { count: 1001 }', '2:19', 'clients.count', '1000'],
  ['operations of nobody', 'clients: { operations: 5 }', '2:12', 'clients.operations', '`count` of at least 1'],
  ['a bare rate', 'clients: { count: 1, rate: 100 }', '2:28', 'clients.rate', 'a rate such as 100/s'],
  ['a stray connect', 'clients: { count: 1, connect: [1, 7] }', '2:35', 'clients.connect[1]', 'a server of the ensemble'],
  ['a pin of a word', 'decisions: { pins: { a: { x: 1 } } }', '2:27', 'decisions.pins.a.x', 'the number of a draw'],
  ['a bare fingerprint', 'found: { signature: s, fingerprint: 1234567890123456, version: v }', '2:37', 'found.fingerprint', 'in quotes'],
];

const faults: readonly Row[] = [
  ['faults that are a map', 'faults: { at: 1s, crash: 1 }', '2:9', 'faults', 'a list of faults'],
  ['faults that are nothing', 'faults:', '2:8', 'faults', 'found nothing'],
  ['a fault that is a word', 'faults: [crash]', '2:10', 'faults[0]', 'a fault such as'],
  ['a fault without a verb', 'faults: [{ at: 1s }]', '2:10', 'faults[0]', 'one verb (crash, powerCut'],
  ['a misspelt verb', 'faults: [{ at: 1s, powercut: 1 }]', '2:20', 'faults[0].powercut', 'did you mean "powerCut"?'],
  ['two verbs', 'faults: [{ at: 1s, crash: 1, stop: 2 }]', '2:30', 'faults[0].stop', 'found crash and stop'],
  ['a spaced time', 'faults: [{ at: 5 sec, crash: 1 }]', '2:16', 'faults[0].at', 'found "5 sec" (did you mean "5s"?)'],
  ['no trigger', 'faults: [{ crash: 1 }]', '2:10', 'faults[0]', 'one of at, after and when'],
  ['two triggers', 'faults: [{ at: 1s, after: 1s, crash: 1 }]', '2:20', 'faults[0].after', 'stand together'],
  ['a stranger', 'faults: [{ at: 1s, crash: 4 }]', '2:27', 'faults[0].crash', 'a server of the ensemble (1 to 3), found 4'],
  ['server 0', 'faults: [{ at: 1s, crash: 0 }]', '2:27', 'faults[0].crash', 'a server id'],
  ['a misspelt selector', 'faults: [{ at: 1s, crash: leadr }]', '2:27', 'faults[0].crash', 'did you mean "leader"?'],
  ['a selector in a list', 'faults: [{ at: 1s, crash: [1, lader] }]', '2:31', 'faults[0].crash[1]', 'did you mean "leader"?'],
  ['a client that crashes', 'clients: { count: 1 }\nfaults: [{ at: 1s, crash: c1 }]', '3:27', 'faults[0].crash', 'found "c1"'],
  ['nobody', 'faults: [{ at: 1s, crash: [] }]', '2:27', 'faults[0].crash', 'found []'],
  ['a server twice', 'faults: [{ at: 1s, crash: [1, 1] }]', '2:31', 'faults[0].crash[1]', 'each participant once'],
  ['one group', 'faults: [{ at: 1s, partition: [[1, 2]] }]', '2:31', 'faults[0].partition', 'at least two groups'],
  ['a server in two groups', 'faults: [{ at: 1s, partition: [[1], [2, 1]] }]', '2:41', 'faults[0].partition[1][1]', 'one group only'],
  ['no such client', 'clients: { count: 1 }\nfaults: [{ at: 1s, isolate: c2 }]', '3:29', 'faults[0].isolate', 'c1 to c1'],
  ['a cut without to', 'faults: [{ at: 1s, cut: { from: 1 } }]', '2:25', 'faults[0].cut.to', 'found nothing'],
  ['a slow of nobody', 'faults: [{ at: 1s, slow: { latency: 1s } }]', '2:26', 'faults[0].slow', 'exactly one of between and server'],
  ['a loss above all', 'faults: [{ at: 1s, loss: { between: [1, 2], rate: 101% } }]', '2:51', 'faults[0].loss.rate', '100%'],
  ['a bare bandwidth', 'faults: [{ at: 1s, bandwidth: { between: [1, 2], rate: 100 } }]', '2:56', 'faults[0].bandwidth.rate', '100kB/s'],
  ['a fine jump', 'faults: [{ at: 1s, jump: { server: 1, by: 5us } }]', '2:43', 'faults[0].jump.by', 'whole milliseconds'],
  ['a bad damage', 'faults: [{ at: 1s, corrupt: { server: 1, how: fliped } }]', '2:47', 'faults[0].corrupt.how', '"flipped"'],
  ['for beside a crash', 'faults: [{ at: 1s, crash: 1, for: 5s }]', '2:30', 'faults[0].for', 'crash is over at once'],
  ['a heal of nothing', 'faults: [{ at: 1s, heal: spilt }]', '2:26', 'faults[0].heal', 'the name of an earlier fault'],
  ['a heal of a crash', 'faults: [{ name: a, at: 1s, crash: 1 }, { after: 1s, heal: a }]', '2:60', 'faults[1].heal', 'a fault that lasts'],
  ['a misspelt heal', 'faults: [{ name: split, at: 1s, isolate: 1 }, { after: 1s, heal: spilt }]', '2:66', 'faults[1].heal', '"split"'],
  ['a name twice', 'faults: [{ name: a, at: 1s, crash: 1 }, { name: a, at: 2s, crash: 2 }]', '2:49', 'faults[1].name', 'no other fault'],
  ['a name like a default', 'faults: [{ name: fault 2, at: 1s, crash: 1 }, { at: 2s, crash: 2 }]', '2:47', 'faults[1].name', 'found "fault 2"'],
  ['a fault called all', 'faults: [{ name: all, at: 1s, isolate: 1 }]', '2:18', 'faults[0].name', 'other than all'],
  ['a misspelt fact', 'faults: [{ when: { fact: leader-elect }, crash: 1 }]', '2:26', 'faults[0].when.fact', '"leader-elected"'],
  ['the 0th fact', 'faults: [{ when: { fact: crashed, nth: 0 }, crash: 1 }]', '2:40', 'faults[0].when.nth', 'from 1'],
  ['a fact alone', 'faults: [{ when: crashed, crash: 1 }]', '2:18', 'faults[0].when', '{ fact: leader-established }'],
  ['an unknown key', 'faults: [{ at: 1s, crash: 1, optionl: true }]', '2:30', 'faults[0].optionl', 'did you mean "optional"?'],
  ['an unknown word', 'faults: [{ at: 1s, crash: 1, optional: yes }]', '2:40', 'faults[0].optional', 'true or false'],
];

const expectations: readonly Row[] = [
  ['an unknown verdict', 'expect: { verdict: pased }', '2:20', 'expect.verdict', 'did you mean "passed"?'],
  ['a violation of a pass', 'expect: { violates: agreement }', '2:11', 'expect.violates', '`verdict: violated` beside it'],
  ['a misspelt invariant', 'expect: { verdict: violated, violates: agrement }', '2:40', 'expect.violates', '"agreement"'],
  ['a strange leader', 'expect: { leader: 5 }', '2:19', 'expect.leader', 'a server of the ensemble'],
  ['an observer as leader', 'ensemble: { observers: 1 }\nexpect: { leader: 4 }', '3:19', 'expect.leader', 'observers never lead'],
  ['an unknown state', 'expect: { roles: { 1: folowing } }', '2:23', 'expect.roles.1', 'did you mean "following"?'],
  ['a bare comparison', 'expect:\n  commits: >= 200', '3:13', '', "did you mean \"'>= 200'\"?"],
  ['a comparison of words', 'expect: { commits: many }', '2:20', 'expect.commits', 'a comparison such as ">= 200"'],
  ['a unitless span', 'expect: { unavailable: < 12 }', '2:24', 'expect.unavailable', '"< 12s"'],
  ['a late checkpoint', 'expect: { checkpoints: [{ at: 61s }] }', '2:31', 'expect.checkpoints[0].at', 'within the duration'],
  ['a timeless checkpoint', 'expect: { checkpoints: [{ leader: 1 }] }', '2:25', 'expect.checkpoints[0].at', 'found nothing'],
];

function check([, text, place, path, fragment]: Row): void {
  const problems = problemsOf(text);
  const printed = problems.map(formatProblem);
  expect(printed).toHaveLength(1);
  expect(printed[0]).toContain(fragment);
  expect(`${problems[0]?.line}:${problems[0]?.column}`, printed[0]).toBe(place);
  expect(problems[0]?.path).toBe(path);
}

function titled(rows: readonly Row[]): readonly Row[] {
  return rows.map(([what, text, ...rest]) => [what, `title: t\n${text}`, ...rest]);
}

describe('a malformed scenario is refused with the place and the reason of its one problem', () => {
  test.each(whole)('as a file: %s', (...row) => check(row));
  test.each(titled(sections))('in a section: %s', (...row) => check(row));
  test.each(titled(faults))('in the faults: %s', (...row) => check(row));
  test.each(titled(expectations))('in the expectations: %s', (...row) => check(row));
});

describe('the errors of a scenario', () => {
  test('are all reported at once, in the order of the file', () => {
    const problems = problemsOf('title: 5\nseed: x\nfaults:\n  - { at: 1, crash: 9 }\n  - { at: 1s, stp: 1 }\n');
    expect(problems.map((problem) => problem.path)).toEqual(['title', 'seed', 'faults[0].at', 'faults[1].stp']);
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
