import { expect, test } from 'vitest';
import { scenario, zabsim } from './zabsim.ts';

test.each([['run'], ['replay'], ['verify'], ['inspect'], ['bugs']])(
  '%s --help shows an example',
  (command) => {
    const { code, stdout, stderr } = zabsim(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  zabsim ${command} `));
  },
);

test('--help lists the commands and what the exit codes mean', () => {
  const { code, stdout } = zabsim('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('Exit codes:');
  expect(stdout).toMatch(/^ {2}verify /m);
});

test('--version prints the version alone', () => {
  const { code, stdout } = zabsim('--version');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each<[string, readonly string[], RegExp]>([
  ['no command', [], /Usage: zabsim/],
  ['an unknown command', ['runn'], /unknown command 'runn'[\s\S]*Did you mean run\?/],
  ['an unknown option', ['run', 'x.yaml', '--sed', '1'], /unknown option '--sed'[\s\S]*Did you mean/],
  ['no file', ['run'], /missing required argument/],
  ['a file that is not there', ['run', 'no-such.yaml'], /no-such\.yaml/],
  ['a seed that is no number', ['run', 'x.yaml', '--seed', 'one'], /A seed is an integer/],
  ['a range that is none', ['run', 'x.yaml', '--seeds', '5'], /A\.\.B/],
  ['an empty range', ['run', 'x.yaml', '--seeds', '5..1'], /The range is empty/],
  ['a seed and a range', ['run', 'x.yaml', '--seed', '1', '--seeds', '1..2'], /cannot be used with/],
  ['no workers', ['run', 'x.yaml', '--workers', '0'], /workers is 1 to 256/],
  ['a trace of many runs', ['run', scenario('failover.yaml'), '--seeds', '1..2', '--trace', 'x'], /--trace/],
  [
    'an invariant that there is not',
    ['explain', scenario('failover.yaml'), '--invariant', 'no-lost-comit'],
    /did you mean no-lost-commit\?/,
  ],
  ['a trace in no folder', ['run', scenario('failover.yaml'), '--trace', 'no/such/x'], /--trace no\/such\/x/],
])('%s is bad usage', (_name, args, message) => {
  const { code, stdout, stderr } = zabsim(...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('a malformed scenario is explained with its places, and nothing is run', () => {
  const { code, stdout, stderr } = zabsim(
    'run',
    scenario('failover.yaml'),
    scenario('malformed.yaml'),
    '--json',
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/malformed\.yaml:2:\d+ ensemble\.voters/);
  expect(stderr).toMatch(/malformed\.yaml:4:\d+ faults\[0\]\.at/);
  expect(stderr).toMatch(/malformed\.yaml:5:\d+ expct.*did you mean "expect"/);
  expect(stderr).not.toMatch(/\n\s+at /);
});
