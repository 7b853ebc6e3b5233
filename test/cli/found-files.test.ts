import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FoundFiles } from '../../src/cli/found-files.ts';
import { readScenario } from '../../src/run/files.ts';
import { sumUp } from '../../src/run/fuzz/failures.ts';
import { type CampaignSettings, cook } from '../../src/run/fuzz/recipe.ts';
import { runChunk } from '../../src/run/fuzz/run-chunk.ts';

const SETTINGS: CampaignSettings = { profile: 'all', behaviour: ['ZOOKEEPER-3911'], seed: 1 };

test('of the runs that showed a failure the one with the fewest faults is kept', () => {
  const recipes = Array.from({ length: 24 }, (_, i) => ({ seed: i + 1, ancestors: [] }));
  const chunk = runChunk({ from: 0, recipes, frequent: [] }, SETTINGS);
  const { failures } = sumUp([{ ...chunk, wallMs: 0 }]);
  const often = failures.filter(({ early }) => early.length > 2);
  expect(often).not.toEqual([]);
  const directory = mkdtempSync(join(tmpdir(), 'zabsim-found-'));
  try {
    const found = new FoundFiles(directory, SETTINGS);
    for (const failure of often) {
      const counts = failure.early.map(({ recipe }) => cook(recipe, SETTINGS).faults.length);
      const [filed] = found.file([failure], () => ({ runs: 0, spent: () => 1 }));
      expect(filed).toMatchObject({ faultsBefore: Math.min(...counts), repeated: true });
      expect(readScenario(filed?.file ?? '').found?.signature).toBe(failure.signature);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
