import type { ZabBug } from './zab-bug.ts';

/**
 * Nobody looked at the counter: after its last value the next transaction is ⟨e+1, 0⟩, of an epoch that
 * no election gave out, and whose ack is taken for one of NEWLEADER.
 */
export const ZOOKEEPER_1277: ZabBug = {
  jira: 'ZOOKEEPER-1277',
  title: 'The counter of zxids runs over into the epoch',
  releases: [
    ['3.3.0', '3.3.4'],
    ['3.4.0', '3.4.3'],
  ],
  breaks: 'one-leader-per-epoch',
  difficulty: 'D1',
  rules: { isLastCounter: () => false },
};
