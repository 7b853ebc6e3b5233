import type { ZabBug } from './zab-bug.ts';

/**
 * Followers were told the epoch that the leader had not promised itself on its disk: after a crash it may
 * promise the same one to another leader.
 */
export const ZOOKEEPER_1291: ZabBug = {
  jira: 'ZOOKEEPER-1291',
  title: 'LEADERINFO leaves before acceptedEpoch is durable',
  releases: [['3.3.0', undefined]],
  breaks: 'leader-info-durable',
  difficulty: 'D3',
  rules: {
    promiseEpoch: (persist, offer) => {
      persist(() => {});
      offer();
    },
  },
};
