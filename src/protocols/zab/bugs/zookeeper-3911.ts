import { FIXED_RULES } from '../rules.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * NEWLEADER was acked, and currentEpoch written, with the history in memory only: a crash leaves the
 * epoch without it.
 */
export const ZOOKEEPER_3911: ZabBug = {
  jira: 'ZOOKEEPER-3911',
  title: 'What a DIFF brought is logged after UPTODATE',
  releases: [
    ['3.4.10', undefined],
    ['3.5.3', '3.5.9'],
    ['3.6.0', '3.6.2'],
  ],
  breaks: 'no-lost-commit',
  difficulty: 'D3',
  rules: { endSync: (end) => (end.inMemory ? end.adoptEpoch(() => end.ack()) : FIXED_RULES.endSync(end)) },
};
