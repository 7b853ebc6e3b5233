import { headCount } from './head-count.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * The check of each tick counted every learner that was heard: with observers enough, a leader without a
 * single follower stays.
 */
export const ZOOKEEPER_1294: ZabBug = {
  jira: 'ZOOKEEPER-1294',
  title: 'Observers keep a leader in office',
  releases: [
    ['3.3.0', '3.3.5'],
    ['3.4.0', '3.4.3'],
  ],
  breaks: 'quorumless-leader-resigns',
  difficulty: 'D2',
  rules: { aliveTally: headCount },
};
