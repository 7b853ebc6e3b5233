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
  'ZOOKEEPER-480': { runs: 346, cpuMs: 4482, found: 10, ranges: 10 },
  'ZOOKEEPER-790': { runs: 356, cpuMs: 3959, found: 10, ranges: 10 },
  'ZOOKEEPER-962': { runs: 11, cpuMs: 129, found: 10, ranges: 10 },
  'ZOOKEEPER-975': { runs: 2, cpuMs: 22, found: 10, ranges: 10 },
  'ZOOKEEPER-1046': { runs: 206, cpuMs: 1876, found: 10, ranges: 10 },
  'ZOOKEEPER-1090': { runs: 23, cpuMs: 291, found: 10, ranges: 10 },
  'ZOOKEEPER-1144': { runs: 17, cpuMs: 187, found: 10, ranges: 10 },
  'ZOOKEEPER-1154': { runs: 52, cpuMs: 518, found: 10, ranges: 10 },
  'ZOOKEEPER-1156': { runs: 40, cpuMs: 525, found: 10, ranges: 10 },
  'ZOOKEEPER-1208': { runs: 7, cpuMs: 123, found: 10, ranges: 10 },
  'ZOOKEEPER-1264': { runs: 7, cpuMs: 85, found: 10, ranges: 10 },
  'ZOOKEEPER-1277': { runs: 32, cpuMs: 320, found: 10, ranges: 10 },
  'ZOOKEEPER-1282': { runs: 1, cpuMs: 1, found: 10, ranges: 10 },
  'ZOOKEEPER-1291': { runs: 160, cpuMs: 1900, found: 10, ranges: 10 },
  'ZOOKEEPER-1294': { runs: 35, cpuMs: 390, found: 10, ranges: 10 },
  'ZOOKEEPER-1324': { runs: 3, cpuMs: 19, found: 10, ranges: 10 },
  'ZOOKEEPER-1343': { runs: 44, cpuMs: 409, found: 10, ranges: 10 },
  'ZOOKEEPER-1367': { runs: 20, cpuMs: 153, found: 10, ranges: 10 },
  'ZOOKEEPER-1419': { runs: 4, cpuMs: 64, found: 10, ranges: 10 },
  'ZOOKEEPER-1549': { runs: 1011, cpuMs: 9931, found: 10, ranges: 10 },
  'ZOOKEEPER-1573': { runs: 930, cpuMs: 8816, found: 9, ranges: 10 },
  'ZOOKEEPER-1653': { runs: 31, cpuMs: 297, found: 10, ranges: 10 },
  'ZOOKEEPER-1697': { runs: 656, cpuMs: 6327, found: 9, ranges: 10 },
  'ZOOKEEPER-1732': { runs: 1365, cpuMs: 11450, found: 8, ranges: 10 },
  'ZOOKEEPER-2033': { runs: 270, cpuMs: 2266, found: 10, ranges: 10 },
  'ZOOKEEPER-2099': { runs: 450, cpuMs: 3721, found: 10, ranges: 10 },
  'ZOOKEEPER-2247': { runs: 31, cpuMs: 212, found: 10, ranges: 10 },
  'ZOOKEEPER-2355': { runs: 132, cpuMs: 853, found: 10, ranges: 10 },
  'ZOOKEEPER-2832': { runs: 450, cpuMs: 3986, found: 10, ranges: 10 },
  'ZOOKEEPER-2845': { runs: 8, cpuMs: 78, found: 10, ranges: 10 },
  'ZOOKEEPER-2926': { runs: 3, cpuMs: 23, found: 10, ranges: 10 },
  'ZOOKEEPER-2959': { runs: 211, cpuMs: 1754, found: 10, ranges: 10 },
  'ZOOKEEPER-3023': { runs: 4, cpuMs: 23, found: 10, ranges: 10 },
  'ZOOKEEPER-3104': { runs: 252, cpuMs: 3561, found: 10, ranges: 10 },
  'ZOOKEEPER-3125': { runs: 528, cpuMs: 4769, found: 9, ranges: 10 },
  'ZOOKEEPER-3306': { runs: 1320, cpuMs: 11888, found: 8, ranges: 10 },
  'ZOOKEEPER-3642': { runs: 48, cpuMs: 473, found: 10, ranges: 10 },
  'ZOOKEEPER-3911': { runs: 4, cpuMs: 19, found: 10, ranges: 10 },
  'ZOOKEEPER-4394': { runs: 196, cpuMs: 2042, found: 9, ranges: 10 },
  'ZOOKEEPER-4643': { runs: 629, cpuMs: 5875, found: 10, ranges: 10 },
  'ZOOKEEPER-4646': { runs: 9, cpuMs: 93, found: 10, ranges: 10 },
  'ZOOKEEPER-4685': { runs: 10, cpuMs: 73, found: 10, ranges: 10 },
  'ZOOKEEPER-4712': { runs: 27, cpuMs: 275, found: 10, ranges: 10 },
  'ZOOKEEPER-4882': { runs: 36, cpuMs: 435, found: 10, ranges: 10 },
  'ZOOKEEPER-5010': { runs: 23, cpuMs: 248, found: 10, ranges: 10 },
  'ZOOKEEPER-5094': { runs: 365, cpuMs: 3793, found: 9, ranges: 10 },
};
