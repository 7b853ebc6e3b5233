import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FIXED_RULES } from '../src/protocols/zab/rules.ts';
import { BUGS, behaviourOf, bugsOf, clashOf, RELEASES } from '../src/run/behaviour.ts';
import { readScenario } from '../src/run/files.ts';
import { INVARIANTS } from '../src/run/invariants.ts';
import { simulate } from '../src/run/simulate.ts';

function scenarioOf(jira: string) {
  return readScenario(
    fileURLToPath(new URL(`../scenarios/bugs/${jira.toLowerCase()}.yaml`, import.meta.url)),
  );
}

describe.each(BUGS)('$jira: $title', ({ jira, breaks, rules }) => {
  const plan = scenarioOf(jira);

  test('breaks its invariant in its scenario, and nothing else is needed', () => {
    expect(plan.ensemble.behaviour).toEqual([jira]);
    const { violations, stalls } = simulate(plan);
    expect([...violations, ...stalls].map((found) => found.invariant)).toContain(breaks);
  });

  test('is not there with the correct rules: the same scenario passes', () => {
    const { violations, stalls } = simulate({ ...plan, ensemble: { ...plan.ensemble, behaviour: [] } });
    expect([...violations, ...stalls]).toEqual([]);
  });

  test('names an invariant that is watched, and replaces rules that there are', () => {
    expect(INVARIANTS).toContain(breaks);
    expect(Object.keys(FIXED_RULES)).toEqual(expect.arrayContaining(Object.keys(rules)));
    expect(Object.keys(rules).length).toBeGreaterThan(0);
  });
});

test('the correct rules are those of no bug', () => {
  expect(behaviourOf([]).zab).toEqual(FIXED_RULES);
});

test.each(RELEASES)('%s is one behaviour: its bugs can be in one server', (release) => {
  expect(clashOf([release])).toBeUndefined();
});

test('a release has the bugs that were not mended before it', () => {
  expect(bugsOf('3.4.2')).toContain('ZOOKEEPER-1343');
  expect(bugsOf('3.4.3')).not.toContain('ZOOKEEPER-1343');
  expect(bugsOf('3.5.0')).not.toContain('ZOOKEEPER-1343');
});
