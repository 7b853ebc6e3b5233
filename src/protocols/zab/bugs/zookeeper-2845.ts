import type { ZabBug } from './zab-bug.ts';

/**
 * What a server has logged and acked, and not yet applied, is missing from its vote and from its
 * FOLLOWERINFO.
 */
export const ZOOKEEPER_2845: ZabBug = {
  jira: 'ZOOKEEPER-2845',
  title: 'Memory is kept across elections, and lags behind the log',
  releases: [
    ['3.4.0', '3.4.11'],
    ['3.5.0', '3.5.3'],
  ],
  breaks: 'no-lost-commit',
  difficulty: 'D3',
  rules: { fastForward: () => {} },
};
