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
  'ZOOKEEPER-480': { runs: 147, cpuMs: 3226, found: 10, ranges: 10 },
  'ZOOKEEPER-790': { runs: 678, cpuMs: 7270, found: 10, ranges: 10 },
  'ZOOKEEPER-962': { runs: 31, cpuMs: 279, found: 10, ranges: 10 },
  'ZOOKEEPER-975': { runs: 3, cpuMs: 38, found: 10, ranges: 10 },
  'ZOOKEEPER-1046': { runs: 149, cpuMs: 1852, found: 10, ranges: 10 },
  'ZOOKEEPER-1090': { runs: 25, cpuMs: 493, found: 10, ranges: 10 },
  'ZOOKEEPER-1144': { runs: 14, cpuMs: 213, found: 10, ranges: 10 },
  'ZOOKEEPER-1154': { runs: 52, cpuMs: 723, found: 10, ranges: 10 },
  'ZOOKEEPER-1156': { runs: 139, cpuMs: 1782, found: 10, ranges: 10 },
  'ZOOKEEPER-1208': { runs: 10, cpuMs: 193, found: 10, ranges: 10 },
  'ZOOKEEPER-1264': { runs: 3, cpuMs: 36, found: 10, ranges: 10 },
  'ZOOKEEPER-1277': { runs: 44, cpuMs: 526, found: 10, ranges: 10 },
  'ZOOKEEPER-1282': { runs: 1, cpuMs: 2, found: 10, ranges: 10 },
  'ZOOKEEPER-1291': { runs: 249, cpuMs: 3591, found: 10, ranges: 10 },
  'ZOOKEEPER-1294': { runs: 40, cpuMs: 633, found: 10, ranges: 10 },
  'ZOOKEEPER-1324': { runs: 3, cpuMs: 30, found: 10, ranges: 10 },
  'ZOOKEEPER-1343': { runs: 21, cpuMs: 355, found: 10, ranges: 10 },
  'ZOOKEEPER-1367': { runs: 20, cpuMs: 410, found: 10, ranges: 10 },
  'ZOOKEEPER-1419': { runs: 7, cpuMs: 168, found: 10, ranges: 10 },
  'ZOOKEEPER-1549': { runs: 1090, cpuMs: 12694, found: 10, ranges: 10 },
  'ZOOKEEPER-1573': { runs: 470, cpuMs: 6905, found: 10, ranges: 10 },
  'ZOOKEEPER-1653': { runs: 64, cpuMs: 894, found: 10, ranges: 10 },
  'ZOOKEEPER-1732': { runs: 1407, cpuMs: 14603, found: 9, ranges: 10 },
  'ZOOKEEPER-2033': { runs: 295, cpuMs: 4393, found: 10, ranges: 10 },
  'ZOOKEEPER-2099': { runs: 2898, cpuMs: 33772, found: 7, ranges: 10 },
  'ZOOKEEPER-2247': { runs: 70, cpuMs: 802, found: 10, ranges: 10 },
  'ZOOKEEPER-2355': { runs: 230, cpuMs: 2735, found: 10, ranges: 10 },
  'ZOOKEEPER-2832': { runs: 2898, cpuMs: 34775, found: 7, ranges: 10 },
  'ZOOKEEPER-2845': { runs: 6, cpuMs: 45, found: 10, ranges: 10 },
  'ZOOKEEPER-2926': { runs: 3, cpuMs: 25, found: 10, ranges: 10 },
  'ZOOKEEPER-2959': { runs: 102, cpuMs: 1063, found: 10, ranges: 10 },
  'ZOOKEEPER-3023': { runs: 2, cpuMs: 20, found: 10, ranges: 10 },
  'ZOOKEEPER-3125': { runs: 988, cpuMs: 18545, found: 10, ranges: 10 },
  'ZOOKEEPER-3306': { runs: 681, cpuMs: 9303, found: 9, ranges: 10 },
  'ZOOKEEPER-3642': { runs: 103, cpuMs: 1515, found: 10, ranges: 10 },
  'ZOOKEEPER-3911': { runs: 2, cpuMs: 26, found: 10, ranges: 10 },
  'ZOOKEEPER-4394': { runs: 313, cpuMs: 5354, found: 10, ranges: 10 },
  'ZOOKEEPER-4643': { runs: 589, cpuMs: 8911, found: 10, ranges: 10 },
  'ZOOKEEPER-4646': { runs: 16, cpuMs: 284, found: 10, ranges: 10 },
  'ZOOKEEPER-4685': { runs: 9, cpuMs: 103, found: 10, ranges: 10 },
  'ZOOKEEPER-4712': { runs: 97, cpuMs: 1424, found: 10, ranges: 10 },
  'ZOOKEEPER-4882': { runs: 61, cpuMs: 904, found: 10, ranges: 10 },
  'ZOOKEEPER-5010': { runs: 33, cpuMs: 589, found: 10, ranges: 10 },
};
