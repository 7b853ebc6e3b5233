import { expect, test } from 'vitest';
import { atPhase } from '../../../../src/run/timing/at-phase.ts';

test('each seed has its own moment of the tick, and a hundred of them cover it', () => {
  expect(atPhase('{ at: $4000, for: 3s }', 1)).toBe('{ at: 4613ms, for: 3s }');
  const phases = Array.from({ length: 100 }, (_, index) => Number(/\d+/.exec(atPhase('$0', index + 1))?.[0]));
  const tenths = new Set(phases.map((ms) => Math.floor(ms / 200)));
  expect(new Set(phases).size).toBe(100);
  expect(tenths.size).toBe(10);
});
