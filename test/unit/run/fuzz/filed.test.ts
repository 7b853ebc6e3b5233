import { expect, test } from 'vitest';
import { nemesis } from '../../../../src/run/fuzz/nemesis.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { writeScenario } from '../../../../src/run/scenario-writer.ts';
import { simulate } from '../../../../src/run/simulate.ts';

test('a drawn plan runs as the file that is written of it does', () => {
  // The first of them draws its operations in an order of its own.
  for (const seed of [43041548, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const plan = nemesis(seed, { profile: 'all', behaviour: [] });
    const filed = parseScenario(writeScenario(plan));
    expect(simulate(filed, { untilSettled: true }).fingerprint, `seed ${seed}`).toBe(
      simulate(plan, { untilSettled: true }).fingerprint,
    );
  }
});
