import type { ZabBug } from './zab-bug.ts';

/**
 * NEWLEADER was acked with the epoch in memory only: a follower that crashes before UPTODATE claims an
 * older epoch than the one whose history it helped to establish.
 */
export const ZOOKEEPER_1282: ZabBug = {
  jira: 'ZOOKEEPER-1282',
  title: 'currentEpoch is written at UPTODATE',
  releases: [['3.3.0', undefined]],
  breaks: 'no-lost-commit',
  difficulty: 'D4',
  rules: {
    endSync: (end) => end.persist(() => end.ack()),
    beginServing: (end, serve) => end.adoptEpoch(serve),
  },
};
