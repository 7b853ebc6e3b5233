import type { ZabBug } from './zab-bug.ts';

/**
 * NEWLEADER lay among the outstanding proposals until a quorum had acked it: a learner that joins before
 * gets it twice, acks it twice, and has one of the acks taken for something else.
 */
export const ZOOKEEPER_1324: ZabBug = {
  jira: 'ZOOKEEPER-1324',
  title: 'NEWLEADER is one of the proposals under vote',
  releases: [['3.4.0', '3.4.5']],
  breaks: 'no-bad-state',
  difficulty: 'D1',
  rules: { newLeaderIsProposal: true },
};
