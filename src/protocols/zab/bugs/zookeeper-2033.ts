import { FIXED_RULES } from '../rules.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * ⟨e, 0⟩ is greater than the last transaction of e−1: the leader, at ⟨e, 0⟩ itself, orders a TRUNC. The
 * follower finds nothing to cut, takes that for a failure, and exits, at every start.
 */
export const ZOOKEEPER_2033: ZabBug = {
  jira: 'ZOOKEEPER-2033',
  title: 'A follower at the start of an epoch is told to cut what it does not have, and exits',
  releases: [['3.4.0', '3.4.6']],
  breaks: 'restarts-serve',
  difficulty: 'D2',
  rules: {
    chooseSync: (peer, history) => {
      const max = history.committed.at(-1)?.position ?? history.lastProcessed;
      if (!history.forceSnapshot && peer > max) return { mode: 'trunc', zxid: max, txns: [], upTo: max };
      return FIXED_RULES.chooseSync(peer, history);
    },
    exitsWithoutTail: true,
  },
};
