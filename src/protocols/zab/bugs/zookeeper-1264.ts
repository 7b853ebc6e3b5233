import type { ZabBug } from './zab-bug.ts';

/**
 * Proposals and commits that came between the follower's snapshot and UPTODATE went into memory alone:
 * the log has a hole where they were.
 */
export const ZOOKEEPER_1264: ZabBug = {
  jira: 'ZOOKEEPER-1264',
  title: 'What commits before UPTODATE is applied and not logged',
  releases: [['3.3.0', undefined]],
  breaks: 'log-contiguous',
  difficulty: 'D2',
  rules: { logsEarlyCommits: false },
};
