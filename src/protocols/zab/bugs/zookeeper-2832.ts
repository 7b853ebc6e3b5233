import type { ZabBug } from './zab-bug.ts';

/**
 * What the log held and the leader never committed stays in it, and comes back at the next start. Open.
 */
export const ZOOKEEPER_2832: ZabBug = {
  jira: 'ZOOKEEPER-2832',
  title: 'A snapshot from the leader leaves the log as it was',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', undefined],
  ],
  breaks: 'no-resurrection',
  difficulty: 'D4',
  rules: { snapshotReplacesLog: false },
};
