import type { ZabBug } from './zab-bug.ts';

/**
 * `getEpochToPropose` raised its guess only above what it equals: of two reports of the same epoch, the
 * second does not raise it, when the first was of a lower one.
 */
export const ZOOKEEPER_1343: ZabBug = {
  jira: 'ZOOKEEPER-1343',
  title: 'A leader proposes an epoch that one of its supporters has accepted already',
  releases: [['3.4.0', '3.4.2']],
  breaks: 'one-leader-per-epoch',
  difficulty: 'D3',
  rules: { raiseEpoch: (proposed, accepted) => (accepted > proposed ? accepted + 1 : proposed) },
};
