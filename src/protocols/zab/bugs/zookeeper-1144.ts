import type { ZabBug } from './zab-bug.ts';

/**
 * Only the ack of a follower was followed by the question whether a quorum has acked: when the last ack
 * is the leader's own, it waits for ever.
 */
export const ZOOKEEPER_1144: ZabBug = {
  jira: 'ZOOKEEPER-1144',
  title: 'The leader counts its own ack of NEWLEADER without looking whether it makes the quorum',
  releases: [['3.3.0', undefined]],
  breaks: 'acked-leader-serves',
  difficulty: 'D2',
  rules: { ownAckOpens: false },
};
