/** What it took to find a bug from random seeds, with one core: medians of ranges of seeds. */
export interface Detection {
  /** Runs until the first violation of tier 1 or 2, that run included. */
  readonly runs: number;
  readonly cpuMs: number;
  /** In how many ranges, and of how many, it was found. */
  readonly found: number;
  readonly ranges: number;
}

/** Measured by `npm run bug-hunt`, which writes this file. */
export const DETECTION: Readonly<Record<string, Detection>> = {
  'ZOOKEEPER-1277': { runs: 39, cpuMs: 643, found: 10, ranges: 10 },
  'ZOOKEEPER-1419': { runs: 29, cpuMs: 360, found: 10, ranges: 10 },
  'ZOOKEEPER-2845': { runs: 6, cpuMs: 112, found: 10, ranges: 10 },
};
