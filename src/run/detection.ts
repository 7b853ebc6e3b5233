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
  'ZOOKEEPER-480': { runs: 346, cpuMs: 5108, found: 10, ranges: 10 },
  'ZOOKEEPER-790': { runs: 844, cpuMs: 11842, found: 10, ranges: 10 },
  'ZOOKEEPER-962': { runs: 20, cpuMs: 629, found: 10, ranges: 10 },
  'ZOOKEEPER-975': { runs: 3, cpuMs: 145, found: 10, ranges: 10 },
  'ZOOKEEPER-1046': { runs: 106, cpuMs: 1292, found: 10, ranges: 10 },
  'ZOOKEEPER-1090': { runs: 25, cpuMs: 493, found: 10, ranges: 10 },
  'ZOOKEEPER-1144': { runs: 14, cpuMs: 241, found: 10, ranges: 10 },
  'ZOOKEEPER-1154': { runs: 52, cpuMs: 884, found: 10, ranges: 10 },
  'ZOOKEEPER-1156': { runs: 201, cpuMs: 2866, found: 10, ranges: 10 },
  'ZOOKEEPER-1208': { runs: 9, cpuMs: 283, found: 10, ranges: 10 },
  'ZOOKEEPER-1264': { runs: 3, cpuMs: 58, found: 10, ranges: 10 },
  'ZOOKEEPER-1277': { runs: 32, cpuMs: 744, found: 10, ranges: 10 },
  'ZOOKEEPER-1282': { runs: 1, cpuMs: 2, found: 10, ranges: 10 },
  'ZOOKEEPER-1291': { runs: 235, cpuMs: 3603, found: 10, ranges: 10 },
  'ZOOKEEPER-1294': { runs: 30, cpuMs: 624, found: 10, ranges: 10 },
  'ZOOKEEPER-1324': { runs: 3, cpuMs: 45, found: 10, ranges: 10 },
  'ZOOKEEPER-1343': { runs: 108, cpuMs: 1292, found: 10, ranges: 10 },
  'ZOOKEEPER-1367': { runs: 33, cpuMs: 395, found: 10, ranges: 10 },
  'ZOOKEEPER-1419': { runs: 7, cpuMs: 110, found: 10, ranges: 10 },
  'ZOOKEEPER-1549': { runs: 951, cpuMs: 12954, found: 9, ranges: 10 },
  'ZOOKEEPER-1573': { runs: 453, cpuMs: 8991, found: 10, ranges: 10 },
  'ZOOKEEPER-1653': { runs: 31, cpuMs: 721, found: 10, ranges: 10 },
  'ZOOKEEPER-1697': { runs: 741, cpuMs: 10934, found: 7, ranges: 10 },
  'ZOOKEEPER-1732': { runs: 1407, cpuMs: 32389, found: 7, ranges: 10 },
  'ZOOKEEPER-2033': { runs: 295, cpuMs: 6475, found: 10, ranges: 10 },
  'ZOOKEEPER-2099': { runs: 1435, cpuMs: 29490, found: 10, ranges: 10 },
  'ZOOKEEPER-2247': { runs: 31, cpuMs: 447, found: 10, ranges: 10 },
  'ZOOKEEPER-2355': { runs: 230, cpuMs: 3623, found: 10, ranges: 10 },
  'ZOOKEEPER-2832': { runs: 1435, cpuMs: 28447, found: 8, ranges: 10 },
  'ZOOKEEPER-2845': { runs: 5, cpuMs: 224, found: 10, ranges: 10 },
  'ZOOKEEPER-2926': { runs: 3, cpuMs: 22, found: 10, ranges: 10 },
  'ZOOKEEPER-2959': { runs: 240, cpuMs: 5295, found: 10, ranges: 10 },
  'ZOOKEEPER-3023': { runs: 4, cpuMs: 50, found: 10, ranges: 10 },
  'ZOOKEEPER-3125': { runs: 259, cpuMs: 4972, found: 10, ranges: 10 },
  'ZOOKEEPER-3306': { runs: 649, cpuMs: 9639, found: 10, ranges: 10 },
  'ZOOKEEPER-3642': { runs: 55, cpuMs: 851, found: 10, ranges: 10 },
  'ZOOKEEPER-3911': { runs: 4, cpuMs: 14, found: 10, ranges: 10 },
  'ZOOKEEPER-4394': { runs: 504, cpuMs: 7134, found: 10, ranges: 10 },
  'ZOOKEEPER-4643': { runs: 545, cpuMs: 9416, found: 10, ranges: 10 },
  'ZOOKEEPER-4646': { runs: 14, cpuMs: 488, found: 10, ranges: 10 },
  'ZOOKEEPER-4685': { runs: 9, cpuMs: 162, found: 10, ranges: 10 },
  'ZOOKEEPER-4712': { runs: 46, cpuMs: 1013, found: 10, ranges: 10 },
  'ZOOKEEPER-4882': { runs: 54, cpuMs: 1204, found: 10, ranges: 10 },
  'ZOOKEEPER-5010': { runs: 20, cpuMs: 330, found: 10, ranges: 10 },
};
