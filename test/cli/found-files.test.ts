import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FoundFiles } from '../../src/cli/found-files.ts';
import { readScenario } from '../../src/run/files.ts';
import type { FailedRun } from '../../src/run/fuzz/chunk.ts';
import { sumUp } from '../../src/run/fuzz/failures.ts';
import { type CampaignSettings, cook } from '../../src/run/fuzz/recipe.ts';
import { runChunk } from '../../src/run/fuzz/run-chunk.ts';

const SETTINGS: CampaignSettings = { profile: 'all', behaviour: ['ZOOKEEPER-3911'], seed: 1 };

const recipes = Array.from({ length: 24 }, (_, i) => ({ seed: i + 1, ancestors: [] }));
const noTime = () => ({ runs: 0, spent: () => 1 });

test('of the runs that showed a failure the one with the fewest faults is kept, under the first', () => {
  const chunk = runChunk({ from: 0, recipes, frequent: [] }, SETTINGS);
  const { failures } = sumUp([{ ...chunk, wallMs: 0 }]);
  const often = failures.filter(({ early }) => early.length > 2);
  expect(often).not.toEqual([]);
  const directory = mkdtempSync(join(tmpdir(), 'zabsim-found-'));
  try {
    const found = new FoundFiles(directory, SETTINGS);
    for (const failure of often) {
      const seeds = failure.early.map(({ recipe }) => recipe.seed);
      const counts = failure.early.map(({ recipe }) => cook(recipe, SETTINGS).faults.length);
      const least = Math.min(...counts);
      const [filed] = found.file([failure], noTime);
      const figures = { faultsBefore: counts[0], faultsAfter: least, fileSeed: seeds[counts.indexOf(least)] };
      expect(filed).toMatchObject({ ...figures, repeated: true });
      expect(filed?.file).toContain(`${failure.invariant}-${seeds[0]}.yaml`);
      const { found: shown, seed } = readScenario(filed?.file ?? '');
      expect({ signature: shown?.signature, seed }).toEqual({
        signature: failure.signature,
        seed: figures.fileSeed,
      });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('what an earlier session has kept stays, though a plainer run has come since', () => {
  const { failures } = sumUp([{ ...runChunk({ from: 0, recipes, frequent: [] }, SETTINGS), wallMs: 0 }]);
  const faults = ({ recipe }: FailedRun) => cook(recipe, SETTINGS).faults.length;
  const failure = failures.find(({ first, early }) => early.some((run) => faults(run) < faults(first)));
  if (failure === undefined) throw new Error('the first run of each failure is the plainest');
  const directory = mkdtempSync(join(tmpdir(), 'zabsim-found-'));
  try {
    const found = new FoundFiles(directory, SETTINGS);
    const seedOf = (early: readonly FailedRun[]) => {
      const [filed] = found.file([{ ...failure, early }], noTime);
      return { file: filed?.file ?? '', seed: filed?.fileSeed };
    };
    const afresh = seedOf(failure.early);
    rmSync(afresh.file);
    const kept = seedOf([failure.first]);
    expect(kept.seed).not.toBe(afresh.seed);
    expect(seedOf(failure.early)).toEqual(kept);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('two failures of one invariant that one run showed have a file each', () => {
  const settings: CampaignSettings = { profile: 'all', behaviour: ['ZOOKEEPER-1343'], seed: 929 };
  const chunk = runChunk({ from: 0, recipes: [{ seed: 929, ancestors: [] }], frequent: [] }, settings);
  const { failures } = sumUp([{ ...chunk, wallMs: 0 }]);
  const alike = failures.filter(({ invariant }) => invariant === 'epoch-never-reused');
  expect(alike).toHaveLength(2);
  const directory = mkdtempSync(join(tmpdir(), 'zabsim-found-'));
  try {
    const files = alike.map((failure) => {
      const [filed] = new FoundFiles(directory, settings).file([failure], noTime);
      return [filed?.file ?? '', failure.signature] as const;
    });
    for (const [file, signature] of files) expect(readScenario(file).found?.signature).toBe(signature);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('all that is said of a failure belongs together, also where one plan shows several', () => {
  const { failures } = sumUp([{ ...runChunk({ from: 0, recipes, frequent: [] }, SETTINGS), wallMs: 0 }]);
  const directory = mkdtempSync(join(tmpdir(), 'zabsim-found-'));
  try {
    const filed = new FoundFiles(directory, SETTINGS).file(failures, noTime);
    expect(filed.map(({ failure }) => failure)).toEqual(failures);
    expect(new Set(filed.map(({ file }) => file)).size).toBe(failures.length);
    for (const { failure, file, fileSeed, faultsBefore, faultsAfter } of filed) {
      const { found, expect: expected, seed, faults } = readScenario(file);
      expect(found?.signature).toBe(failure.signature);
      if (expected.verdict === 'violated') expect(expected.violates).toBe(failure.invariant);
      expect({ seed, faults: faults.length }).toEqual({ seed: fileSeed, faults: faultsAfter });
      expect(file).toContain(`${failure.invariant}-${failure.first.recipe.seed}`);
      expect(cook(failure.first.recipe, SETTINGS).faults).toHaveLength(faultsBefore);
      expect(faultsAfter).toBeLessThanOrEqual(faultsBefore);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
