import { expect, test } from 'vitest';
import { calm, pinned, seeded } from '../../../src/core/decisions.ts';
import { uniform } from '../../../src/core/distribution.ts';
import { Buggify } from '../../../src/sim/buggify.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import { pingPongSetup } from './toy-world.ts';

const PROFILE = { delay: uniform(1000, 50_000), untilUs: 1_000_000 };

test('a quarter of the sites is active in a run, and those are late once in eight times', () => {
  const buggify = new Buggify(seeded(1), PROFILE);
  const sites = Array.from({ length: 2000 }, (_, i) => buggify.site('stage', `${i} commit`));
  const active = sites.filter((site) => site !== undefined);
  expect(active.length / sites.length).toBeCloseTo(0.25, 1);
  const delays = active.map((site) => site.lateUs(0));
  const late = delays.filter((us) => us > 0);
  expect(late.length / delays.length).toBeCloseTo(1 / 8, 1);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(1000);
  expect(Math.max(...late)).toBeLessThanOrEqual(50_000);
});

test('after its end nothing is late, and nothing is drawn', () => {
  const pins = new Map([['buggify disk 1', new Map([0, 1, 2, 3].map((draw) => [draw, 7]))]]);
  const site = new Buggify(pinned(calm(), pins), PROFILE).site('disk', '1');
  expect(site?.lateUs(PROFILE.untilUs)).toBe(0);
  // The draws of the site begin where those of the end would have been.
  expect(site?.lateUs(0)).toBeGreaterThan(0);
});

test('calm choices, or no profile: no site is active', () => {
  expect(new Buggify(calm(), PROFILE).site('timer', '1 tick 0')).toBeUndefined();
  expect(new Buggify(seeded(1), undefined).site('send', '1>2 quorum')).toBeUndefined();
});

test('lateness changes a run, in the same way each time; without it the run is what it always was', () => {
  const run = (buggify: typeof PROFILE | undefined): string => {
    const simulation = new Simulation({ ...pingPongSetup(4, 7), buggify });
    simulation.run(2_000_000);
    return simulation.fingerprint();
  };
  expect(run(PROFILE)).toBe(run(PROFILE));
  expect(run(PROFILE)).not.toBe(run(undefined));
  expect(run({ ...PROFILE, untilUs: 0 })).toBe(run(undefined));
});
