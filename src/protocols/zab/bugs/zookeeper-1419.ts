import type { ZabBug } from './zab-bug.ts';

/**
 * The last branch of the comparison looked at the ids without looking at the epochs: of two votes with equal
 * zxids, where the epochs are ordered one way and the ids the other, each beats the other.
 */
export const ZOOKEEPER_1419: ZabBug = {
  jira: 'ZOOKEEPER-1419',
  title: 'Of two votes with equal zxids, the later epoch beats the higher id and the other way round',
  releases: [['3.4.0', '3.4.3']],
  breaks: 'vote-only-improves',
  difficulty: 'D3',
  rules: {
    isBetterVote: (a, b, weight) =>
      weight !== 0 &&
      (a.peerEpoch > b.peerEpoch ||
        (a.peerEpoch === b.peerEpoch && a.zxid > b.zxid) ||
        (a.zxid === b.zxid && a.leader > b.leader)),
  },
};
