import { FIXED_RULES } from '../rules.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * A last zxid between the oldest and the newest of the leader's recent transactions was answered with a
 * DIFF, whether or not the leader has it.
 */
export const ZOOKEEPER_1154: ZabBug = {
  jira: 'ZOOKEEPER-1154',
  title: 'A follower gets a DIFF on top of a transaction that the leader never committed',
  releases: [['3.3.0', '3.3.3']],
  breaks: 'history-consistency',
  difficulty: 'D2',
  rules: {
    chooseSync: (peer, history) => {
      const plan = FIXED_RULES.chooseSync(peer, history);
      const min = history.committed[0]?.position ?? history.lastProcessed;
      const max = history.committed.at(-1)?.position ?? history.lastProcessed;
      if (history.forceSnapshot || peer < min || peer > max) return plan;
      const txns = history.committed.filter((record) => record.position > peer);
      return { mode: 'diff', zxid: max, txns, upTo: max };
    },
  },
};
