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
  'ZOOKEEPER-962': { runs: 28, cpuMs: 258, found: 10, ranges: 10 },
  'ZOOKEEPER-975': { runs: 2, cpuMs: 12, found: 10, ranges: 10 },
  'ZOOKEEPER-1090': { runs: 12, cpuMs: 123, found: 10, ranges: 10 },
  'ZOOKEEPER-1154': { runs: 70, cpuMs: 681, found: 10, ranges: 10 },
  'ZOOKEEPER-1156': { runs: 47, cpuMs: 388, found: 10, ranges: 10 },
  'ZOOKEEPER-1264': { runs: 3, cpuMs: 31, found: 10, ranges: 10 },
  'ZOOKEEPER-1277': { runs: 39, cpuMs: 643, found: 10, ranges: 10 },
  'ZOOKEEPER-1291': { runs: 147, cpuMs: 1297, found: 9, ranges: 10 },
  'ZOOKEEPER-1294': { runs: 42, cpuMs: 297, found: 10, ranges: 10 },
  'ZOOKEEPER-1343': { runs: 271, cpuMs: 3289, found: 7, ranges: 10 },
  'ZOOKEEPER-1419': { runs: 29, cpuMs: 360, found: 10, ranges: 10 },
  'ZOOKEEPER-1653': { runs: 171, cpuMs: 2004, found: 10, ranges: 10 },
  'ZOOKEEPER-2845': { runs: 6, cpuMs: 112, found: 10, ranges: 10 },
  'ZOOKEEPER-3023': { runs: 10, cpuMs: 528, found: 10, ranges: 10 },
  'ZOOKEEPER-3642': { runs: 185, cpuMs: 2338, found: 8, ranges: 10 },
  'ZOOKEEPER-3911': { runs: 10, cpuMs: 180, found: 10, ranges: 10 },
  'ZOOKEEPER-4646': { runs: 21, cpuMs: 233, found: 10, ranges: 10 },
  'ZOOKEEPER-4685': { runs: 7, cpuMs: 82, found: 10, ranges: 10 },
  'ZOOKEEPER-4712': { runs: 36, cpuMs: 494, found: 10, ranges: 10 },
  'ZOOKEEPER-4882': { runs: 60, cpuMs: 725, found: 9, ranges: 10 },
};
