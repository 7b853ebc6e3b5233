import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import type { Plan } from '../../src/run/plan.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { writeScenario } from '../../src/run/scenario-writer.ts';
import { simulate } from '../../src/run/simulate.ts';
import { anyPlan } from './plan-arbitrary.ts';

/** The plan without the functions of its distributions, which no two plans share. */
function data(plan: Plan): unknown {
  return strip(plan);
}

function strip(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [key, strip(entry)]));
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'sample')
      .map(([key, entry]) => [key, strip(entry)]),
  );
}

test('a written plan reads back as an equal plan', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      expect(data(parseScenario(writeScenario(plan)))).toEqual(data(plan));
    }),
    { numRuns: 200 },
  );
});

test('a drawn plan runs as what is read of its file does', () => {
  // The first of them draws its operations in an order of its own.
  for (const seed of [43041548, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const drawn = nemesis(seed, { profile: 'all', behaviour: [] });
    const [own, read] = [drawn, parseScenario(writeScenario(drawn))].map((plan) =>
      simulate(plan, { untilSettled: true }),
    );
    expect(read?.fingerprint, `seed ${seed}`).toBe(own?.fingerprint);
  }
});

test('a plan that was read is written the same twice', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const text = writeScenario(plan);
      expect(writeScenario(parseScenario(text))).toBe(text);
    }),
    { numRuns: 100 },
  );
});
