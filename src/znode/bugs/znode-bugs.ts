import type { ZnodeBug } from './znode-bug.ts';
import { ZOOKEEPER_1046 } from './zookeeper-1046.ts';
import { ZOOKEEPER_1208 } from './zookeeper-1208.ts';
import { ZOOKEEPER_2926 } from './zookeeper-2926.ts';
import { ZOOKEEPER_3125 } from './zookeeper-3125.ts';
import { ZOOKEEPER_3306 } from './zookeeper-3306.ts';

/** The bugs of the tree that can be switched on, by their numbers. */
export const ZNODE_BUGS: readonly ZnodeBug[] = [
  ZOOKEEPER_1046,
  ZOOKEEPER_1208,
  ZOOKEEPER_2926,
  ZOOKEEPER_3125,
  ZOOKEEPER_3306,
];
