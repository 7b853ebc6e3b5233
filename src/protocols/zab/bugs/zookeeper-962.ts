import type { ZabBug } from './zab-bug.ts';

/**
 * The range of committed proposals was computed, then the learner was registered for forwarding, without
 * a lock around both: what commits in between reaches it in neither way.
 */
export const ZOOKEEPER_962: ZabBug = {
  jira: 'ZOOKEEPER-962',
  title: 'What is committed between the choice of a DIFF and the forwarding is not sent',
  releases: [['3.3.0', '3.3.2']],
  breaks: 'log-contiguous',
  difficulty: 'D3',
  rules: { forwardsAtOnce: false },
};
