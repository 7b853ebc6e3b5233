import { FIXED_RULES } from '../rules.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * Once the votes of all members were in, a server took its own proposal for the result at once: three
 * votes for three candidates make it a leader.
 */
export const ZOOKEEPER_975: ZabBug = {
  jira: 'ZOOKEEPER-975',
  title: 'A round ends when all have voted, agreed or not',
  releases: [['3.3.0', undefined]],
  breaks: 'decision-backed',
  difficulty: 'D2',
  rules: {
    endsRound: (votes, mine, voters) =>
      votes.size === voters ? 'now' : FIXED_RULES.endsRound(votes, mine, voters),
  },
};
