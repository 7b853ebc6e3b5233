import type { ZabBug } from './zab-bug.ts';

/**
 * The learner set its last zxid from the DIFF packet. When the connection breaks then, its vote, and its
 * next FOLLOWERINFO, claim transactions that it does not have.
 */
export const ZOOKEEPER_2355: ZabBug = {
  jira: 'ZOOKEEPER-2355',
  title: 'A DIFF counts as received when it is announced',
  releases: [
    ['3.4.0', '3.4.10'],
    ['3.5.0', '3.5.3'],
  ],
  breaks: 'commit-consistency',
  difficulty: 'D3',
  rules: {
    beginSync: (order, memory) => {
      if (order.kind === 'diff') memory.moveTo(order.zxid);
    },
  },
};
