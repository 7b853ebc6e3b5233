import type { ZabBug } from './zab-bug.ts';

/**
 * The learner acks NEWLEADER, and writes its snapshot, before it has got what was committed while that
 * snapshot was being sent: its file holds parts of it. Also ZOOKEEPER-3589.
 */
export const ZOOKEEPER_3104: ZabBug = {
  jira: 'ZOOKEEPER-3104',
  title: 'NEWLEADER stands in the queue before what commits during a snapshot',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', '3.5.4'],
  ],
  breaks: 'replay-equals-claim',
  difficulty: 'D3',
  rules: { newLeaderFirst: true },
};
