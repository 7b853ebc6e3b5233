import { expect, test } from 'vitest';
import { nodeId } from '../../../src/node/ids.ts';
import { UNPAINTED } from '../../../src/report/paint.ts';
import { runFindings } from '../../../src/report/run-findings.ts';
import { sampleOutcome } from './sample-outcome.ts';

test('a run as expected has no findings', () => {
  expect(runFindings(sampleOutcome(), UNPAINTED)).toBe('');
});

test('violations, stalls, unmet expectations and notes each have a line', () => {
  const outcome = sampleOutcome({
    violations: [
      {
        invariant: 'no-lost-commit',
        tier: 1,
        atUs: 123_456,
        event: 99,
        servers: [nodeId(1), nodeId(3)],
        rule: 'a rule',
        message: '0x100000003 was committed and is gone',
      },
    ],
    stalls: [
      {
        invariant: 'elects',
        tier: 1,
        atUs: 1,
        event: 1,
        servers: [],
        rule: 'a rule',
        message: 'nobody leads',
      },
    ],
    unmet: [{ expect: 'leader', wanted: '3', got: 'none', atUs: 60_000_000 }],
    assumptions: ['the disk of voter 2 was wiped'],
    withoutEffect: ['fault 4'],
    timeline: [
      {
        atUs: 1,
        name: 'split',
        verb: 'partition',
        phase: 'fired',
        servers: [],
        twice: [nodeId(2)],
        effect: true,
      },
    ],
  });
  expect(runFindings(outcome, UNPAINTED)).toMatchInlineSnapshot(`
    "violated no-lost-commit at 123.5 ms (servers 1, 3): 0x100000003 was committed and is gone
    stalled elects: nobody leads
    unmet leader at 60000.0 ms: wanted 3, got none
    note: beyond what the protocol relies on: the disk of voter 2 was wiped
    note: fired and found nothing to do: fault 4
    note: in more than one group, and left in the first: 2 (split)"
  `);
});
