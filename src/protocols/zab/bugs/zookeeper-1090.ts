import type { ZabBug } from './zab-bug.ts';

/**
 * `processTxn` set lastProcessedZxid first. A snapshot that begins in between is named after a
 * transaction that it lacks, and a start replays only what comes after.
 */
export const ZOOKEEPER_1090: ZabBug = {
  jira: 'ZOOKEEPER-1090',
  title: 'The last zxid is raised before the transaction is in memory',
  releases: [['3.3.0', undefined]],
  breaks: 'replay-equals-claim',
  difficulty: 'D3',
  rules: { raisesZxidFirst: true },
};
