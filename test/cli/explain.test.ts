import { expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

test('a violation is explained by its chain of events, servers as columns', () => {
  const { code, stdout, stderr } = zabsim('explain', scenario('wiped-voter.yaml'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [rule, what] = stdout.split('\n');
  expect(rule).toMatch(/^no-lost-commit: \w/);
  expect(what).toMatch(/^\d:\w+ is committed and durable only at voters 3$/);
  expect(stdout).toContain('✗ fault 3 fires: wipe on 2');
  expect(stdout).not.toContain('\u001b');
});

test('--json prints the story as data', () => {
  const { code, stdout } = zabsim('explain', scenario('failover.yaml'), '--json');
  expect(code).toBe(0);
  const story = JSON.parse(stdout);
  expect(story).toMatchObject({ version: 1, explains: { invariant: null } });
  expect(story.scenes.at(-1)).toMatchObject({ kind: 'leader-established' });
});
