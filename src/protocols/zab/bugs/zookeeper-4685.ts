import type { ZabBug } from './zab-bug.ts';

/**
 * Proposals that were forwarded during the synchronization went to the log's thread before NEWLEADER was
 * acked. The leader expects another ack first, and closes the connection.
 */
export const ZOOKEEPER_4685: ZabBug = {
  jira: 'ZOOKEEPER-4685',
  title: 'The ack of a proposal overtakes that of NEWLEADER',
  releases: [
    ['3.5.10', '3.5.10'],
    ['3.6.3', undefined],
    ['3.7.0', undefined],
    ['3.8.0', '3.8.4'],
    ['3.9.0', '3.9.1'],
  ],
  breaks: 'no-bad-ack',
  difficulty: 'D2',
  rules: {
    endSync: (end) => {
      end.persist(() => end.adoptEpoch(() => end.ack()));
      end.logAll();
    },
  },
};
