import type { ZabBug } from './zab-bug.ts';

/**
 * What a role had queued is still logged after the server has said in its vote, and to its next leader,
 * what its log holds. Also ZOOKEEPER-4541.
 */
export const ZOOKEEPER_4712: ZabBug = {
  jira: 'ZOOKEEPER-4712',
  title: "The log's thread outlives its role",
  releases: [
    ['3.5.0', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', '3.9.2'],
  ],
  breaks: 'log-contiguous',
  difficulty: 'D3',
  rules: { awaitsLog: false },
};
