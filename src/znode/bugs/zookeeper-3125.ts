import type { ZnodeBug } from './znode-bug.ts';

/**
 * Replaying the deletion of a node that a fuzzy snapshot does not hold any more left the pzxid of its
 * parent as it was.
 */
export const ZOOKEEPER_3125: ZnodeBug = {
  jira: 'ZOOKEEPER-3125',
  title: 'The parent of a deleted node keeps an old pzxid after a start',
  releases: [
    ['3.4.0', undefined],
    ['3.5.0', '3.5.4'],
  ],
  breaks: 'replay-equals-claim',
  difficulty: 'D3',
  rules: { replayRaisesPzxid: false },
};
