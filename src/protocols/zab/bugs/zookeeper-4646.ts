import { FIXED_RULES } from '../rules.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * The DIFF was handed to the log's thread, and the ack did not wait for it. A power cut takes what the
 * leader has counted as held by a quorum. Also ZOOKEEPER-4785.
 */
export const ZOOKEEPER_4646: ZabBug = {
  jira: 'ZOOKEEPER-4646',
  title: 'NEWLEADER is acked while the history waits for the disk',
  releases: [
    ['3.5.10', '3.5.10'],
    ['3.6.3', undefined],
    ['3.7.0', undefined],
    ['3.8.0', '3.8.4'],
    ['3.9.0', '3.9.1'],
  ],
  breaks: 'no-lost-commit',
  difficulty: 'D3',
  rules: {
    endSync: (end) => {
      if (!end.inMemory) {
        FIXED_RULES.endSync(end);
        return;
      }
      end.adoptEpoch(() => end.ack());
      end.persist(() => {});
    },
  },
};
