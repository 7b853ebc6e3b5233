import type { ZnodeBug } from './znode-bug.ts';

/**
 * Between the preparation of closeSession, which lists what goes, and its commit, a create of the same
 * session passed: nobody removes that node any more.
 */
export const ZOOKEEPER_1208: ZnodeBug = {
  jira: 'ZOOKEEPER-1208',
  title: 'A closing session creates an ephemeral node',
  releases: [['3.3.0', '3.3.3']],
  breaks: 'ephemerals-owned',
  difficulty: 'D2',
  rules: { refusesClosing: false },
};
