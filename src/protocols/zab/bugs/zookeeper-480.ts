import type { ZabBug } from './zab-bug.ts';

/**
 * `checkLeader` demanded of every leader that others follow a notification in which it says that it
 * leads: of this server itself, too, which will never send itself one. And the votes of followers did not
 * count in their round.
 */
export const ZOOKEEPER_480: ZabBug = {
  jira: 'ZOOKEEPER-480',
  title: 'A server waits for its own notification that it leads, before it believes the others',
  releases: [['3.2.0', '3.2.0']],
  breaks: 'chosen-leader-leads',
  difficulty: 'D2',
  rules: {
    leaderAgrees: (decision, votes) => votes.get(decision.leader)?.state === 'leading',
    countsDecided: (state) => state === 'leading',
  },
};
