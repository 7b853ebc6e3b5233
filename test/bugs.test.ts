import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FIXED_RULES } from '../src/protocols/zab/rules.ts';
import { BUGS, behaviourOf, bugsOf, clashOf, RELEASES } from '../src/run/behaviour.ts';
import { LEFT_OUT } from '../src/run/bug-catalogue.ts';
import { readScenario } from '../src/run/files.ts';
import { INVARIANTS } from '../src/run/invariants.ts';
import { simulate } from '../src/run/simulate.ts';
import { FIXED_ZNODE_RULES } from '../src/znode/rules.ts';

function scenarioOf(jira: string) {
  return readScenario(
    fileURLToPath(new URL(`../scenarios/bugs/${jira.toLowerCase()}.yaml`, import.meta.url)),
  );
}

describe.each(BUGS)('$jira: $title', ({ jira, breaks }) => {
  const plan = scenarioOf(jira);

  test('shows in its scenario, by itself', () => {
    expect(plan.ensemble.behaviour).toEqual([jira]);
    const { violations, stalls, unmet } = simulate(plan);
    expect(unmet).toEqual([]);
    const broken = [...violations, ...stalls].map((found) => found.invariant);
    // A bug that costs nothing but time shows at a checkpoint.
    if (plan.expect.checkpoints.length === 0) expect(broken).toContain(breaks);
  });

  test('does not show with the correct rules', () => {
    const outcome = simulate({ ...plan, ensemble: { ...plan.ensemble, behaviour: [] } });
    expect([...outcome.violations, ...outcome.stalls]).toEqual([]);
    expect(outcome.expected).toBe(false);
  });
});

test.each(BUGS)('$jira names an invariant that is watched, and replaces rules that there are', (bug) => {
  expect(INVARIANTS).toContain(bug.breaks);
  expect(Object.keys({ ...FIXED_RULES, ...FIXED_ZNODE_RULES })).toEqual(
    expect.arrayContaining(Object.keys(bug.rules)),
  );
  expect(Object.keys(bug.rules).length).toBeGreaterThan(0);
});

test('the correct rules are those of no bug', () => {
  expect(behaviourOf([])).toEqual({ zab: FIXED_RULES, znode: FIXED_ZNODE_RULES });
});

test.each(RELEASES)('%s is one behaviour: its bugs can be in one server', (release) => {
  expect(clashOf([release])).toBeUndefined();
});

test('a release has the bugs that were not mended before it', () => {
  expect(bugsOf('3.4.2')).toContain('ZOOKEEPER-1343');
  expect(bugsOf('3.4.3')).not.toContain('ZOOKEEPER-1343');
  expect(bugsOf('3.5.0')).not.toContain('ZOOKEEPER-1343');
});

test('every bug of the catalogue is either to be switched on or left out, with a reason', () => {
  const numbers = [...BUGS, ...LEFT_OUT].map(({ jira }) => jira);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers).toHaveLength(53);
});
