import type { ZnodeBug } from './znode-bug.ts';

/**
 * A creation counted one for its parent when it was applied: none when a replay found the node in a fuzzy
 * snapshot, which may have been written after that of the parent. The next sequential names are those of
 * nodes that there are.
 */
export const ZOOKEEPER_1046: ZnodeBug = {
  jira: 'ZOOKEEPER-1046',
  title: 'Sequence numbers repeat after a start from a fuzzy snapshot',
  releases: [['3.3.0', '3.3.3']],
  breaks: 'digests-agree',
  difficulty: 'D3',
  rules: { createNamesCversion: false },
};
