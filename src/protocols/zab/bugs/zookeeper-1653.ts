import { RecoveryError } from '../recovery-error.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * A crash between the history of an epoch and the file that names it leaves a server that cannot start.
 * Also ZOOKEEPER-2354; mended in 3.4.6 alone.
 */
export const ZOOKEEPER_1653: ZabBug = {
  jira: 'ZOOKEEPER-1653',
  title: 'A start refuses a log that is newer than currentEpoch',
  releases: [
    ['3.4.0', '3.4.5'],
    ['3.5.0', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', undefined],
  ],
  breaks: 'restartable',
  difficulty: 'D3',
  rules: {
    epochAtStart: (stored, logged) => {
      if (stored !== undefined && stored < logged)
        throw new RecoveryError(`the current epoch, ${stored}, is older than the last zxid's, ${logged}`);
      return stored ?? logged;
    },
  },
};
