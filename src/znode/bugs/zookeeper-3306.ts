import type { ZnodeBug } from './znode-bug.ts';

/**
 * A node in a fuzzy snapshot may use a list that came up after the table of lists was written: nobody
 * brings it, and the replay of its creation, which finds it there, does not either. Also ZOOKEEPER-4689,
 * -4846.
 */
export const ZOOKEEPER_3306: ZnodeBug = {
  jira: 'ZOOKEEPER-3306',
  title: 'An access list is missing after a snapshot',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', undefined],
  ],
  breaks: 'digests-agree',
  difficulty: 'D3',
  rules: { snapshotBringsLateAcls: false, existingTakesAcl: false },
};
