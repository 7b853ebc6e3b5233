import type { ZabBug } from './zab-bug.ts';

/**
 * A connection that breaks in the middle of a snapshot leaves what came of it, under the zxid of the
 * whole: the next leader sends what is newer.
 */
export const ZOOKEEPER_3642: ZabBug = {
  jira: 'ZOOKEEPER-3642',
  title: 'Half a snapshot stays in memory',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', '3.5.9'],
    ['3.6.0', '3.6.2'],
  ],
  breaks: 'log-contiguous',
  difficulty: 'D3',
  rules: { forgetsSnapshot: false },
};
