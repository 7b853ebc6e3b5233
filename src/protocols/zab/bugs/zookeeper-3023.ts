import type { ZabBug } from './zab-bug.ts';

/**
 * The commits of a DIFF go through the queue of the commits, and the ack of NEWLEADER does not wait for
 * them.
 */
export const ZOOKEEPER_3023: ZabBug = {
  jira: 'ZOOKEEPER-3023',
  title: 'What a DIFF brought is applied only after the learner serves',
  releases: [
    ['3.5.10', '3.5.10'],
    ['3.6.3', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', '3.9.2'],
  ],
  breaks: 'commit-consistency',
  difficulty: 'D2',
  rules: { appliesHistory: false },
};
