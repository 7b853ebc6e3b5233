import type { ZabBug } from './zab-bug.ts';

/**
 * The tick at which a learner was last heard is 0 until it is heard in the broadcast, whenever it came: a
 * leader that has led for longer than syncLimit and loses a follower does not count those that are just being
 * synced, and gives up. While it sends them large snapshots, that is often.
 */
export const ZOOKEEPER_1697: ZabBug = {
  jira: 'ZOOKEEPER-1697',
  title: 'A learner that is being synced counts for syncLimit ticks from the leader’s first, or not at all',
  releases: [['3.4.0', '3.4.5']],
  breaks: 'supported-leader-stays',
  difficulty: 'D2',
  rules: { firstDeadline: (_tick, _initLimit, syncLimit) => syncLimit },
};
