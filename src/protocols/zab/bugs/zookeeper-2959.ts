import { headCount } from './head-count.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * FOLLOWERINFO and ACKEPOCH of every learner counted towards the quorum: with observers enough, a leader
 * takes an epoch without having heard which one the voters are in.
 */
export const ZOOKEEPER_2959: ZabBug = {
  jira: 'ZOOKEEPER-2959',
  title: 'Observers are counted in discovery',
  releases: [
    ['3.4.0', '3.4.12'],
    ['3.5.0', '3.5.3'],
  ],
  breaks: 'one-leader-per-epoch',
  difficulty: 'D3',
  rules: { epochTally: headCount },
};
