import type { ZnodeBug } from './znode-bug.ts';

/**
 * The leader put a session into the replicated table when it prepared its creation: one that never
 * commits stays with it, and in its snapshots.
 */
export const ZOOKEEPER_2926: ZnodeBug = {
  jira: 'ZOOKEEPER-2926',
  title: 'A session is in the tree before it is committed',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', undefined],
  ],
  breaks: 'digests-agree',
  difficulty: 'D2',
  rules: { sessionsAwaitCommit: false },
};
