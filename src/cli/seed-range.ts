import { InvalidArgumentError } from 'commander';

/** Seeds `from..to`, both included. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

const MAX_SEEDS = 1_000_000;

/** Reads `--seed N`: an integer from 0 on. Throws what commander shows as bad usage. */
export function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('A seed is an integer from 0 on.');
  return seed;
}

/** Reads `--seeds A..B`. Throws what commander shows as bad usage. */
export function parseSeedRange(text: string): SeedRange {
  const [from, to, ...rest] = text.split('..');
  if (from === undefined || to === undefined || rest.length > 0) {
    throw new InvalidArgumentError('A range of seeds is written A..B, e.g. 1..100.');
  }
  const range = { from: parseSeed(from), to: parseSeed(to) };
  if (range.to < range.from) throw new InvalidArgumentError('The range is empty: A..B needs A <= B.');
  if (range.to - range.from >= MAX_SEEDS)
    throw new InvalidArgumentError(`At most ${MAX_SEEDS} seeds at a time.`);
  return range;
}

/** Reads `--workers N`: 1 to 256. Throws what commander shows as bad usage. */
export function parseWorkers(text: string): number {
  const workers = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(workers >= 1 && workers <= 256)) throw new InvalidArgumentError('The number of workers is 1 to 256.');
  return workers;
}

/** Reads `--runs N`: a positive integer. Throws what commander shows as bad usage. */
export function parseRuns(text: string): number {
  const runs = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(runs >= 1 && Number.isSafeInteger(runs)))
    throw new InvalidArgumentError('A number of runs is 1 or more.');
  return runs;
}
