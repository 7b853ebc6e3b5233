import type { ZabBug } from './zab-bug.ts';

/**
 * A crash between the two leaves a server whose epoch is later than its log: it wins elections against
 * those who have all of it.
 */
export const ZOOKEEPER_4643: ZabBug = {
  jira: 'ZOOKEEPER-4643',
  title: 'currentEpoch is written before the history',
  releases: [
    ['3.5.10', '3.5.10'],
    ['3.6.3', undefined],
    ['3.7.0', undefined],
    ['3.8.0', '3.8.4'],
    ['3.9.0', '3.9.1'],
  ],
  breaks: 'no-lost-commit',
  difficulty: 'D3',
  rules: { endSync: (end) => end.adoptEpoch(() => end.persist(() => end.ack())) },
};
