import type { ZabBug } from './zab-bug.ts';

/**
 * A session whose creation a synchronization brought was in no table of the learner: nobody expires it once
 * that server leads.
 */
export const ZOOKEEPER_1367: ZabBug = {
  jira: 'ZOOKEEPER-1367',
  title: 'Sessions that a synchronization brings are not tracked',
  releases: [['3.4.0', '3.4.2']],
  breaks: 'digests-agree',
  difficulty: 'D2',
  rules: { syncApplies: ({ kind }) => kind !== 'createSession' },
};
