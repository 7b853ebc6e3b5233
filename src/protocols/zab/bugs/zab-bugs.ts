import type { ZabBug } from './zab-bug.ts';
import { ZOOKEEPER_480 } from './zookeeper-480.ts';
import { ZOOKEEPER_790 } from './zookeeper-790.ts';
import { ZOOKEEPER_962 } from './zookeeper-962.ts';
import { ZOOKEEPER_975 } from './zookeeper-975.ts';
import { ZOOKEEPER_1090 } from './zookeeper-1090.ts';
import { ZOOKEEPER_1144 } from './zookeeper-1144.ts';
import { ZOOKEEPER_1154 } from './zookeeper-1154.ts';
import { ZOOKEEPER_1156 } from './zookeeper-1156.ts';
import { ZOOKEEPER_1264 } from './zookeeper-1264.ts';
import { ZOOKEEPER_1277 } from './zookeeper-1277.ts';
import { ZOOKEEPER_1282 } from './zookeeper-1282.ts';
import { ZOOKEEPER_1291 } from './zookeeper-1291.ts';
import { ZOOKEEPER_1294 } from './zookeeper-1294.ts';
import { ZOOKEEPER_1324 } from './zookeeper-1324.ts';
import { ZOOKEEPER_1343 } from './zookeeper-1343.ts';
import { ZOOKEEPER_1367 } from './zookeeper-1367.ts';
import { ZOOKEEPER_1419 } from './zookeeper-1419.ts';
import { ZOOKEEPER_1549 } from './zookeeper-1549.ts';
import { ZOOKEEPER_1573 } from './zookeeper-1573.ts';
import { ZOOKEEPER_1653 } from './zookeeper-1653.ts';
import { ZOOKEEPER_1697 } from './zookeeper-1697.ts';
import { ZOOKEEPER_1732 } from './zookeeper-1732.ts';
import { ZOOKEEPER_2033 } from './zookeeper-2033.ts';
import { ZOOKEEPER_2099 } from './zookeeper-2099.ts';
import { ZOOKEEPER_2247 } from './zookeeper-2247.ts';
import { ZOOKEEPER_2355 } from './zookeeper-2355.ts';
import { ZOOKEEPER_2832 } from './zookeeper-2832.ts';
import { ZOOKEEPER_2845 } from './zookeeper-2845.ts';
import { ZOOKEEPER_2959 } from './zookeeper-2959.ts';
import { ZOOKEEPER_3023 } from './zookeeper-3023.ts';
import { ZOOKEEPER_3104 } from './zookeeper-3104.ts';
import { ZOOKEEPER_3642 } from './zookeeper-3642.ts';
import { ZOOKEEPER_3911 } from './zookeeper-3911.ts';
import { ZOOKEEPER_4394 } from './zookeeper-4394.ts';
import { ZOOKEEPER_4643 } from './zookeeper-4643.ts';
import { ZOOKEEPER_4646 } from './zookeeper-4646.ts';
import { ZOOKEEPER_4685 } from './zookeeper-4685.ts';
import { ZOOKEEPER_4712 } from './zookeeper-4712.ts';
import { ZOOKEEPER_4882 } from './zookeeper-4882.ts';
import { ZOOKEEPER_5010 } from './zookeeper-5010.ts';
import { ZOOKEEPER_5094 } from './zookeeper-5094.ts';

/** The bugs of the protocol that can be switched on, by their numbers. */
export const ZAB_BUGS: readonly ZabBug[] = [
  ZOOKEEPER_480,
  ZOOKEEPER_790,
  ZOOKEEPER_962,
  ZOOKEEPER_975,
  ZOOKEEPER_1090,
  ZOOKEEPER_1144,
  ZOOKEEPER_1154,
  ZOOKEEPER_1156,
  ZOOKEEPER_1264,
  ZOOKEEPER_1277,
  ZOOKEEPER_1282,
  ZOOKEEPER_1291,
  ZOOKEEPER_1294,
  ZOOKEEPER_1324,
  ZOOKEEPER_1343,
  ZOOKEEPER_1367,
  ZOOKEEPER_1419,
  ZOOKEEPER_1549,
  ZOOKEEPER_1573,
  ZOOKEEPER_1653,
  ZOOKEEPER_1697,
  ZOOKEEPER_1732,
  ZOOKEEPER_2033,
  ZOOKEEPER_2099,
  ZOOKEEPER_2247,
  ZOOKEEPER_2355,
  ZOOKEEPER_2832,
  ZOOKEEPER_2845,
  ZOOKEEPER_2959,
  ZOOKEEPER_3023,
  ZOOKEEPER_3104,
  ZOOKEEPER_3642,
  ZOOKEEPER_3911,
  ZOOKEEPER_4394,
  ZOOKEEPER_4643,
  ZOOKEEPER_4646,
  ZOOKEEPER_4685,
  ZOOKEEPER_4712,
  ZOOKEEPER_4882,
  ZOOKEEPER_5010,
  ZOOKEEPER_5094,
];
