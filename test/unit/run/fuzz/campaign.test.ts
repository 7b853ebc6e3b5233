import { expect, test } from 'vitest';
import { seeded } from '../../../../src/core/decisions.ts';
import { type CampaignLimits, explore } from '../../../../src/run/fuzz/campaign.ts';
import type { Chunk, ChunkTask, FailedRun, TimedChunk } from '../../../../src/run/fuzz/chunk.ts';
import { sumUp } from '../../../../src/run/fuzz/failures.ts';
import { chunkLine, headLine, isSameCampaign, readJournal } from '../../../../src/run/fuzz/journal.ts';
import type { CampaignSettings, Recipe } from '../../../../src/run/fuzz/recipe.ts';

const SETTINGS: CampaignSettings = { profile: 'all', behaviour: [], seed: 7 };
const HEAD = { journal: 1, version: '1.2.3', settings: SETTINGS, probe: '0123456789abcdef' } as const;
const RUNS = 1203;

/** Stands in for the simulator: every seventh seed loses a commit, every twentieth stalls as well. */
function pretend({ from, recipes, frequent }: ChunkTask): Chunk {
  const failed = recipes.flatMap((recipe, i): FailedRun[] => {
    const { seed } = recipe;
    if (seed % 7 !== 0) return [];
    const lost = {
      signature: 'no-lost-commit: a commit is gone',
      invariant: 'no-lost-commit',
      tier: 1,
    } as const;
    const stalled = { signature: 'elects: nobody leads', invariant: 'elects', tier: 1 } as const;
    return [
      {
        index: from + i,
        recipe,
        findings: seed % 20 === 0 ? [lost, stalled] : [lost],
        fingerprint: 'f',
        msBeforeEnd: 0,
      },
    ];
  });
  const sum = recipes.reduce((all, { seed, ancestors }) => all + seed * (1 + ancestors.length), 0);
  // Fewer and fewer runs come upon anything new, copies more often than others.
  const rare = recipes.flatMap((recipe, i) => {
    const features = [recipe.seed % 97, (recipe.seed % 13) * (recipe.ancestors.length + 1)];
    const told = features.filter((feature) => !frequent.includes(feature));
    return told.length === 0 ? [] : [{ index: from + i, recipe, features: told }];
  });
  const to = from + recipes.length - 1;
  return { from, to, events: sum, virtualUs: 2 * sum, commits: 1, failed, rare, marks: [recipes.length] };
}

const ALL: CampaignLimits = { runs: RUNS, enough: () => false };

/** Chunks end in an order that depends on how many are under way at a time, and on chance. */
async function session(
  size: number,
  limits: CampaignLimits,
  earlier: readonly TimedChunk[] = [],
  onDone: (chunk: TimedChunk) => void = () => {},
) {
  const chance = seeded(size).stream('turns');
  const work = async (task: ChunkTask): Promise<Chunk> => {
    for (let turns = chance.draw(5); turns > 0; turns--) await Promise.resolve();
    return pretend(task);
  };
  return explore(SETTINGS, limits, earlier, { size, work, wallMs: () => 0, onDone });
}

test('a campaign finds the same, however many workers share it', async () => {
  const alone = await session(1, ALL);
  const sum = sumUp(alone.chunks);
  expect(sum.runs).toBe(RUNS);
  expect(sum.failures.map(({ invariant, count, first }) => [invariant, count, first.recipe.seed])).toEqual([
    ['no-lost-commit', 172, 7],
    ['elects', 8, 140],
  ]);
  for (const size of [2, 3, 8]) expect(await session(size, ALL)).toEqual(alone);
});

test('later generations change what earlier ones found worth while', async () => {
  const recipes: Recipe[] = [];
  const work = async (task: ChunkTask): Promise<Chunk> => {
    recipes.push(...task.recipes);
    return pretend(task);
  };
  await explore(SETTINGS, ALL, [], { size: 1, work, wallMs: () => 0, onDone: () => {} });
  const copies = recipes.filter(({ ancestors }) => ancestors.length > 0);
  expect(Math.min(...copies.map(({ seed }) => seed - SETTINGS.seed))).toBeGreaterThanOrEqual(512);
  expect(copies.length / (RUNS - 512)).toBeCloseTo(0.3, 1);
  for (const { seed, ancestors } of copies)
    expect(ancestors.every((parent) => parent < seed - 256)).toBe(true);
});

test('a campaign that is killed again and again finds what it would have found in one go', async () => {
  const whole = await session(1, ALL);
  for (let kills = 0; kills < 6; kills++) {
    const chance = seeded(kills).stream('kill');
    let text = headLine(HEAD);
    let ended = false;
    for (let size = 1; !ended; size = 1 + ((size + 1) % 4)) {
      const journal = readJournal(text);
      expect(journal && isSameCampaign(journal.head, HEAD)).toBe(true);
      text = text.slice(0, journal?.length);
      // A kill: from some chunk on nothing is written any more, but for a torn line.
      let left = chance.draw(6);
      const done = await session(size, ALL, journal?.chunks ?? [], (chunk) => {
        const line = chunkLine(chunk);
        if (left-- > 0) text += line;
        else if (left === -1) text += line.slice(0, chance.draw(line.length));
      });
      ended = left >= 0;
      if (ended) expect(done).toEqual(whole);
    }
  }
});

test('a campaign that was ended early goes on with more runs', async () => {
  const chunks: TimedChunk[] = [];
  await session(2, { runs: 100, enough: () => false }, [], (chunk) => chunks.push(chunk));
  const worked: number[] = [];
  const more = await session(2, ALL, chunks, (chunk) => worked.push(chunk.from));
  expect(more).toEqual(await session(1, ALL));
  // The last chunk had four runs of sixteen.
  expect(Math.min(...worked)).toBe(96);
});

test('when time is up, what was begun is done, and counts', async () => {
  let asked = 0;
  const { chunks } = await session(3, { runs: undefined, enough: () => asked++ >= 10 });
  expect(chunks.map((chunk) => chunk.from)).toEqual(Array.from({ length: 10 }, (_, i) => i * 16));
});

test('a campaign that ends with its first failure is the same, however many workers share it', async () => {
  const settings = { ...SETTINGS, seed: 27 };
  const crew = { wallMs: () => 0, onDone: () => {} };
  const work = async (task: ChunkTask): Promise<Chunk> => {
    // The second chunk is done before the first, which has the failure: at seed 28.
    for (let turns = task.from === 0 ? 9 : 0; turns > 0; turns--) await Promise.resolve();
    expect(task.first).toBe(true);
    return pretend(task.from === 0 ? { ...task, recipes: task.recipes.slice(0, 2) } : task);
  };
  const limits = { ...ALL, first: true };
  for (const size of [1, 2, 5]) {
    const { chunks, discovery } = await explore(settings, limits, [], { ...crew, size, work });
    expect(sumUp(chunks)).toMatchObject({ runs: 2, failedRuns: 1, failures: [{ first: { index: 1 } }] });
    expect(discovery.curve.at(-1)?.[0]).toBe(2);
    // Gone on with, there is nothing left to do.
    const idle = { ...crew, size, work: () => Promise.reject(new Error('no more work')) };
    expect((await explore(settings, limits, chunks, idle)).chunks).toEqual(chunks);
  }
});

test('what is found is dated by its run, not by the end of the chunk', () => {
  const chunk = pretend({ from: 0, recipes: [{ seed: 7, ancestors: [] }], frequent: [] });
  const failed = chunk.failed.map((run) => ({ ...run, msBeforeEnd: 300 }));
  expect(sumUp([{ ...chunk, failed, wallMs: 1000 }]).failures[0]?.wallMsToFind).toBe(700);
});

test('a journal is told from other files, and from those of other campaigns', () => {
  expect(readJournal('')).toBeUndefined();
  expect(readJournal('nothing of the sort\n')).toBeUndefined();
  expect(readJournal(`${headLine(HEAD)}{"from":1}\n`)).toBeUndefined();
  const journal = readJournal(`${headLine(HEAD)}{"from":1`);
  expect(journal?.chunks).toEqual([]);
  expect(isSameCampaign(HEAD, { ...HEAD, probe: 'fedcba9876543210' })).toBe(false);
  expect(isSameCampaign(HEAD, { ...HEAD, settings: { ...SETTINGS, seed: 8 } })).toBe(false);
});
