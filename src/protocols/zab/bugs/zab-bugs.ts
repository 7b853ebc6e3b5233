import type { ZabBug } from './zab-bug.ts';
import { ZOOKEEPER_1343 } from './zookeeper-1343.ts';
import { ZOOKEEPER_1419 } from './zookeeper-1419.ts';

/** The bugs of the protocol that can be switched on, by their numbers. */
export const ZAB_BUGS: readonly ZabBug[] = [ZOOKEEPER_1343, ZOOKEEPER_1419];
