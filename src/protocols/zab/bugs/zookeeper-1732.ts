import type { ZabBug } from './zab-bug.ts';

/**
 * Members of an established ensemble answer with the vote with which they joined it, each in its round.
 * To a server that looks for the leader they then never are a quorum.
 */
export const ZOOKEEPER_1732: ZabBug = {
  jira: 'ZOOKEEPER-1732',
  title: 'A joiner needs votes that agree in everything, and members keep those of their own round',
  releases: [['3.4.0', '3.4.5']],
  breaks: 'all-join',
  difficulty: 'D3',
  rules: {
    sameVote: (a, b) =>
      a.leader === b.leader &&
      a.zxid === b.zxid &&
      a.electionEpoch === b.electionEpoch &&
      a.peerEpoch === b.peerEpoch,
    settledVote: (vote) => vote,
  },
};
