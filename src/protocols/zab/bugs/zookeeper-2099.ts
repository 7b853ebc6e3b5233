import type { ZabBug } from './zab-bug.ts';

/**
 * The log keeps its old records beside the snapshot, then goes on after it. A leader whose memory does
 * not reach back far enough sends learners what its log holds. Open across epochs.
 */
export const ZOOKEEPER_2099: ZabBug = {
  jira: 'ZOOKEEPER-2099',
  title: 'A snapshot from the leader leaves a hole in the log, and the log is served across it',
  releases: [
    ['3.5.0', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', undefined],
  ],
  breaks: 'total-order',
  difficulty: 'D4',
  rules: { snapshotReplacesLog: false },
};
