import type { ZabBug } from './zab-bug.ts';

/**
 * The first deadline of a learner was that of one that is synced: a leader whose quorum is still
 * receiving a snapshot gives up.
 */
export const ZOOKEEPER_1697: ZabBug = {
  jira: 'ZOOKEEPER-1697',
  title: 'A learner that is being synced has syncLimit ticks, not initLimit more',
  releases: [['3.4.0', '3.4.5']],
  breaks: 'quorumless-leader-resigns',
  difficulty: 'D2',
  rules: { firstDeadlineTicks: (_initLimit, syncLimit) => syncLimit },
};
