import type { ZabBug } from './zab-bug.ts';

/**
 * A transaction that the others committed is applied where the disk refused it, and the server goes on
 * with a log that lacks it. Open.
 */
export const ZOOKEEPER_4882: ZabBug = {
  jira: 'ZOOKEEPER-4882',
  title: 'What the disk refused stays in memory',
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
  rules: { forgetsRefused: false },
};
