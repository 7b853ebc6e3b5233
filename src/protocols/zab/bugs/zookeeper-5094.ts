import type { ZabBug } from './zab-bug.ts';

/**
 * The transactions after a TRUNC go into memory, and to the disk with NEWLEADER only. When the connection
 * breaks in between, memory is ahead of the log, and the next leader sends what is newer. Open.
 */
export const ZOOKEEPER_5094: ZabBug = {
  jira: 'ZOOKEEPER-5094',
  title: 'What followed an interrupted TRUNC stays in memory',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', undefined],
  ],
  breaks: 'log-contiguous',
  difficulty: 'D3',
  rules: { forgetsTruncated: false, countsUnapplied: false },
};
