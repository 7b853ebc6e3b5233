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
  'ZOOKEEPER-480': { runs: 102, cpuMs: 2155, found: 10, ranges: 10 },
  'ZOOKEEPER-790': { runs: 315, cpuMs: 4754, found: 10, ranges: 10 },
  'ZOOKEEPER-962': { runs: 10, cpuMs: 260, found: 10, ranges: 10 },
  'ZOOKEEPER-975': { runs: 2, cpuMs: 40, found: 10, ranges: 10 },
  'ZOOKEEPER-1046': { runs: 104, cpuMs: 2032, found: 10, ranges: 10 },
  'ZOOKEEPER-1090': { runs: 18, cpuMs: 311, found: 10, ranges: 10 },
  'ZOOKEEPER-1144': { runs: 17, cpuMs: 305, found: 10, ranges: 10 },
  'ZOOKEEPER-1154': { runs: 37, cpuMs: 574, found: 10, ranges: 10 },
  'ZOOKEEPER-1156': { runs: 28, cpuMs: 563, found: 10, ranges: 10 },
  'ZOOKEEPER-1208': { runs: 10, cpuMs: 275, found: 10, ranges: 10 },
  'ZOOKEEPER-1264': { runs: 4, cpuMs: 86, found: 10, ranges: 10 },
  'ZOOKEEPER-1277': { runs: 32, cpuMs: 591, found: 10, ranges: 10 },
  'ZOOKEEPER-1282': { runs: 1, cpuMs: 3, found: 10, ranges: 10 },
  'ZOOKEEPER-1291': { runs: 160, cpuMs: 2558, found: 10, ranges: 10 },
  'ZOOKEEPER-1294': { runs: 21, cpuMs: 370, found: 10, ranges: 10 },
  'ZOOKEEPER-1324': { runs: 3, cpuMs: 21, found: 10, ranges: 10 },
  'ZOOKEEPER-1343': { runs: 44, cpuMs: 671, found: 10, ranges: 10 },
  'ZOOKEEPER-1367': { runs: 13, cpuMs: 266, found: 10, ranges: 10 },
  'ZOOKEEPER-1419': { runs: 3, cpuMs: 61, found: 10, ranges: 10 },
  'ZOOKEEPER-1549': { runs: 689, cpuMs: 10749, found: 10, ranges: 10 },
  'ZOOKEEPER-1573': { runs: 237, cpuMs: 3441, found: 10, ranges: 10 },
  'ZOOKEEPER-1653': { runs: 39, cpuMs: 759, found: 10, ranges: 10 },
  'ZOOKEEPER-1697': { runs: 126, cpuMs: 1517, found: 10, ranges: 10 },
  'ZOOKEEPER-1732': { runs: 50, cpuMs: 662, found: 10, ranges: 10 },
  'ZOOKEEPER-2033': { runs: 87, cpuMs: 1303, found: 10, ranges: 10 },
  'ZOOKEEPER-2099': { runs: 751, cpuMs: 9960, found: 10, ranges: 10 },
  'ZOOKEEPER-2247': { runs: 30, cpuMs: 313, found: 10, ranges: 10 },
  'ZOOKEEPER-2355': { runs: 200, cpuMs: 2369, found: 10, ranges: 10 },
  'ZOOKEEPER-2832': { runs: 751, cpuMs: 11250, found: 10, ranges: 10 },
  'ZOOKEEPER-2845': { runs: 4, cpuMs: 54, found: 10, ranges: 10 },
  'ZOOKEEPER-2926': { runs: 3, cpuMs: 29, found: 10, ranges: 10 },
  'ZOOKEEPER-2959': { runs: 292, cpuMs: 4645, found: 9, ranges: 10 },
  'ZOOKEEPER-3023': { runs: 4, cpuMs: 66, found: 10, ranges: 10 },
  'ZOOKEEPER-3104': { runs: 252, cpuMs: 3044, found: 10, ranges: 10 },
  'ZOOKEEPER-3125': { runs: 237, cpuMs: 4001, found: 10, ranges: 10 },
  'ZOOKEEPER-3306': { runs: 653, cpuMs: 8252, found: 8, ranges: 10 },
  'ZOOKEEPER-3642': { runs: 55, cpuMs: 867, found: 10, ranges: 10 },
  'ZOOKEEPER-3911': { runs: 4, cpuMs: 62, found: 10, ranges: 10 },
  'ZOOKEEPER-4394': { runs: 257, cpuMs: 2942, found: 10, ranges: 10 },
  'ZOOKEEPER-4643': { runs: 629, cpuMs: 8417, found: 9, ranges: 10 },
  'ZOOKEEPER-4646': { runs: 7, cpuMs: 97, found: 10, ranges: 10 },
  'ZOOKEEPER-4685': { runs: 7, cpuMs: 142, found: 10, ranges: 10 },
  'ZOOKEEPER-4712': { runs: 39, cpuMs: 415, found: 10, ranges: 10 },
  'ZOOKEEPER-4882': { runs: 36, cpuMs: 444, found: 10, ranges: 10 },
  'ZOOKEEPER-5010': { runs: 21, cpuMs: 266, found: 10, ranges: 10 },
  'ZOOKEEPER-5094': { runs: 365, cpuMs: 4486, found: 10, ranges: 10 },
};
